import type { Remote } from '../reports/host.ts'

/** A task for people, in the words of no particular host. */
export interface Task {
  readonly title: string
  /** Markdown. */
  readonly body: string
  /** Unique: by it the task is found again, so that it is opened once. Letters, digits and `-`. */
  readonly mark: string
  readonly labels: readonly string[]
  /** Names of people as the host has them. */
  readonly assignees: readonly string[]
  /** Of hosts that have several kinds: `Issue`, `Bug`, `Product Backlog Item`. */
  readonly kind: string
}

export interface Opened {
  readonly number: string
  /** Where people see it. */
  readonly url: string
}

/** How one kind of host is told of tasks. All may be called again with the same, and then change nothing. */
export interface TaskHost {
  /** Opens a task, or finds the one with its mark, open or closed. Throws Refused. */
  open(remote: Remote, task: Task): Promise<Opened>
  /** Adds a comment, unless one with this mark is there; closes the task where `closes`. */
  comment(
    remote: Remote,
    number: string,
    comment: { readonly body: string; readonly mark: string; readonly closes: boolean },
  ): Promise<void>
}

/** Put where no reader sees it. */
export const hidden = (mark: string): string => `<!-- ${mark} -->`
