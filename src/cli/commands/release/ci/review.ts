/** What a reviewer of a CI system's environment has decided about a run. */
export interface Review {
  /** `github:octocat`, `azure-devops:olga@example.org` */
  readonly person: string
  readonly verdict: 'approve' | 'refuse'
  readonly comment: string | undefined
  /** Address of the run, for people. */
  readonly run: string
}

/** A CI system, as the variables that it gives to its jobs tell. */
export interface CiSystem {
  readonly name: string
  isHere(env: NodeJS.ProcessEnv): boolean
  /**
   * The newest review of an environment (a stage, where the system asks there) in this run. Throws a Failure that says
   * what is missing: a token, a permission, an environment that has reviewers.
   */
  review(env: NodeJS.ProcessEnv, environment: string | undefined, signal: AbortSignal): Promise<Review>
}
