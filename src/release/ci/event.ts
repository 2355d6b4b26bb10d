/** Something that happened in a repository, in the words of no particular host. */
export interface RepositoryEvent {
  readonly kind: EventKind
  /** The commit that there is now: of a pull request, its newest. */
  readonly commit: string
  /** What was pushed to; of a pull request, what it is to be merged into. */
  readonly branch?: string
  readonly tag?: string
  readonly pullRequest?: { readonly number: number; readonly from: string; readonly isFork: boolean }
  /** Files that the push changed; undefined where the host does not say, or not all. */
  readonly paths?: readonly string[]
}

export const eventKinds = ['push', 'tag', 'pull_request'] as const
export type EventKind = (typeof eventKinds)[number]

/** What an event is, for people: `push of 1a2b3c4d5e6f to main`. */
export function tellEvent({ kind, commit, branch, tag, pullRequest }: RepositoryEvent): string {
  const short = commit.slice(0, 12)
  if (kind === 'tag') return `tag ${tag} at ${short}`
  if (kind === 'pull_request') return `pull request ${pullRequest?.number} into ${branch} at ${short}`
  return `push of ${short} to ${branch}`
}
