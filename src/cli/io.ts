/** What a command may touch of the world outside: passed in, so that tests run commands in their own process. */
export interface Io {
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  readonly env: NodeJS.ProcessEnv
  /** Folder that relative paths on the command line are relative to. */
  readonly cwd: string
  /** Whether standard error is a terminal that shows colours. */
  readonly colour: boolean
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal
}

/** The real one: this process. */
export function processIo(signal: AbortSignal): Io {
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    colour: process.stderr.isTTY && process.env['NO_COLOR'] === undefined,
    signal,
  }
}

/** Marks text for a terminal; plain if it shows no colours. */
export function paint(io: Io, style: 'bold' | 'red' | 'yellow' | 'green' | 'dim', text: string): string {
  const codes = { bold: '1', red: '31', yellow: '33', green: '32', dim: '2' }
  return io.colour ? `\u001B[${codes[style]}m${text}\u001B[0m` : text
}
