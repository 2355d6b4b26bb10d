import type { Screen } from '../show/screen.ts'
import type { Month } from '../show/year.ts'
import type { Ops } from '../server/ops.ts'
import type { Twinloop } from '../server/twinloop.ts'

/** What the chapters of the story stand on. */
export interface Stage {
  readonly twinloop: Twinloop
  readonly screen: Screen
  /** The example's folder, with its YAML, data and request. */
  readonly folder: string
  /** The server's home; what the story itself has to keep lies beside. */
  readonly home: string
  readonly signal: AbortSignal
  /** What is done where something waits for somebody's decision. */
  readonly approvals: 'given' | 'asked for' | 'waited for'
  /** Who is told of alerts. */
  readonly ops: Ops
  /** The year so far, a line a month. */
  readonly months: Month[]
  /** Commands that end what was begun here and would go on by itself; to be run last one first. */
  readonly endings: (readonly string[])[]
}

export type Chapter = (stage: Stage) => Promise<void>

/** Something waits for a decision, and nobody is there to be asked: the story ends here, and can be gone on with. */
export class Waits extends Error {
  readonly command: string

  constructor(what: string, command: string) {
    super(what)
    this.command = command
  }
}
