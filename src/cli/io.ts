/** What a command may touch of the world outside: passed in, so that tests run commands in their own process. */
export interface Io {
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  readonly env: NodeJS.ProcessEnv
  /** Folder that relative paths on the command line are relative to. */
  readonly cwd: string
  /** Whether standard error is a terminal that shows colours. */
  readonly colour: boolean
  /** Whether standard output is one. */
  readonly outputColour: boolean
  /** Characters of a line of standard output; without a terminal there is no end to it. */
  readonly width: number
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
    outputColour: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
    width: Number(process.env['COLUMNS']) || (process.stdout.isTTY ? process.stdout.columns : Infinity),
    signal,
  }
}

const codes = { bold: '1', dim: '2', red: '31', green: '32', yellow: '33', cyan: '36' }
export type Style = keyof typeof codes

/** Marks text for standard error; plain if that shows no colours. */
export const paint = (io: Io, style: Style, text: string): string => (io.colour ? marked(style, text) : text)

/** Marks text for standard output; plain if that shows no colours, or without a style. */
export const markOutput = (io: Io, style: Style | undefined, text: string): string =>
  io.outputColour && style !== undefined ? marked(style, text) : text

const marked = (style: Style, text: string) => `\u001B[${codes[style]}m${text}\u001B[0m`
