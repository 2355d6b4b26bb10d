/** How a commit stands, in the words of no particular host. */
export interface CommitStatus {
  readonly commit: string
  readonly state: 'pending' | 'success' | 'failure' | 'error' | 'cancelled'
  /** What it is about: under the same words the status before is replaced. */
  readonly context: string
  readonly description: string
  readonly targetUrl?: string | undefined
}

/** What stands beside a pull request, under a mark by which it is found again. */
export interface PullRequestComment {
  readonly pullRequest: number
  readonly mark: string
  /** Markdown that begins with the mark. */
  readonly body: string
}

/** Where a repository's host is, and as whom it is told. */
export interface Remote {
  /** Address of the host's API, no slash at the end. */
  readonly api: string
  readonly token: string
  /** Of the repository on its host, as `addressOf` has it. */
  readonly path: string
  readonly signal: AbortSignal
}

/** How one kind of host is told. Both may be called again with the same, and then change nothing. */
export interface ReportHost {
  /** The address of the API, of what a connection names: the host itself, or the API. */
  apiOf(target: URL): string
  status(remote: Remote, status: CommitStatus): Promise<void>
  /** Writes the comment, or changes the one of the same mark (`known`: its id, from last time). Answers its id. */
  comment(remote: Remote, comment: PullRequestComment, known: string | undefined): Promise<string>
}
