import type { Remote } from '../reports/host.ts'

/** A change of one file that people are asked to take, in the words of no particular host. */
export interface FileChange {
  /** Of the branch that it is made on; unique, so that it is asked for once. */
  readonly branch: string
  /** In the repository, no slash at the beginning. */
  readonly path: string
  readonly title: string
  /** Markdown. */
  readonly body: string
  /** The file as it is to be, of what it is now; undefined leaves it. Throws for a file that cannot be changed so. */
  readonly edit: (text: string) => string | undefined
}

export interface Asked {
  /** Where people see and decide it. */
  readonly url: string
}

/** How one kind of host is asked to take a change: on a branch of its own, by a pull or merge request. */
export interface ChangeHost {
  /**
   * Asks, or finds what was asked for the same branch, open or not; undefined where the file is as it is to be already.
   * May be killed anywhere and called again. Throws Refused.
   */
  ask(remote: Remote, change: FileChange): Promise<Asked | undefined>
}
