import { createInterface } from 'node:readline/promises'

/** Where the demo writes: lines that stay, and on a terminal one block at the end that is redrawn while things happen. */
export interface Screen {
  readonly interactive: boolean
  line(text?: string): void
  /** ` ✓ title   detail   seconds` */
  done(title: string, detail: string, seconds?: number): void
  /** Begins a part of the story. */
  heading(text: string): void
  /** Asks whoever sits at the terminal; true for a yes. Only where it is interactive. */
  confirm(question: string, signal: AbortSignal): Promise<boolean>
  /** Shows the block below everything until the returned function replaces it with lines that stay. Off a terminal: nothing. */
  live(block: () => readonly string[]): (final: readonly string[]) => void
}

/** How often a live block is redrawn, so that its durations and its wheel move. */
const redrawMs = 120
const wheel = ['◐', '◓', '◑', '◒']

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** A sign for what is still going on; on a terminal it turns. */
export const turning = (): string => wheel[Math.floor(Date.now() / redrawMs) % wheel.length] ?? '●'

export function createScreen(out: NodeJS.WriteStream): Screen {
  const interactive = out.isTTY
  const line = (text = '') => void out.write(`${text}\n`)
  return {
    interactive,
    line,
    done: (title, detail, ms) =>
      line(` ✓ ${title.padEnd(13)} ${ms === undefined ? detail : `${detail.padEnd(52)} ${seconds(ms)}`}`),
    heading: (text) => line(`\n── ${text} ${'─'.repeat(Math.max(3, 74 - text.length))}\n`),
    async confirm(question, signal) {
      const terminal = createInterface({ input: process.stdin, output: out })
      try {
        return /^\s*y(es)?\s*$/i.test(await terminal.question(`${question} [y/N] `, { signal }))
      } finally {
        terminal.close()
      }
    },
    live(block) {
      if (!interactive) return (final) => final.forEach(line)
      let drawn = 0
      const redraw = (rows: readonly string[]) => {
        const up = drawn === 0 ? '' : `\u001B[${drawn}A`
        out.write(`${up}\r${rows.map((row) => `\u001B[2K${row}`).join('\n')}\n\u001B[0J`)
        drawn = rows.length
      }
      // A row that wraps would be two, and the block would creep down the screen.
      const width = () => Math.max(20, (out.columns || 80) - 1)
      const now = () => redraw(block().map((row) => row.slice(0, width())))
      now()
      const timer = setInterval(now, redrawMs)
      return (final) => {
        clearInterval(timer)
        redraw(final)
      }
    },
  }
}
