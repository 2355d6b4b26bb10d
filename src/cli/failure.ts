/** A failure that is the user's to mend: printed as it stands, without a stack. Anything else thrown is a bug. */
export class Failure extends Error {
  readonly exitCode: number
  /** What to do about it, on a line of its own. */
  readonly hint: string | undefined

  constructor(message: string, options: { hint?: string; exitCode?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'Failure'
    this.exitCode = options.exitCode ?? 1
    this.hint = options.hint
  }
}

/** The command line itself is wrong: exit code 2, and the way to its help. */
export function usage(message: string, hint?: string): Failure {
  return new Failure(message, { exitCode: 2, ...(hint === undefined ? {} : { hint }) })
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
