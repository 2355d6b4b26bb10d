import type { Problem } from '../../../../../src/cli/yaml/problem.ts'

/** A document that was not saved: what is wrong with it, each where it stands, or else why. */
export class NotSaved extends Error {
  readonly problems: readonly Problem[]
  /** It was changed by somebody else since it was read, or is there already. */
  readonly isConflict: boolean

  constructor(message: string, problems: readonly Problem[] = [], isConflict = false) {
    super(message)
    this.name = 'NotSaved'
    this.problems = problems
    this.isConflict = isConflict
  }
}
