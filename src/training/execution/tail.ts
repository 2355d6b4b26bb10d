import { open } from 'node:fs/promises'

/** At most so much of a log's end is quoted in an error. */
const mostBytes = 4096
const mostLines = 20

/** The last lines of a text file, '' if there is none; lines that are too long begin with `…`. */
export async function tail(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined)
  if (file === undefined) return ''
  try {
    const { size } = await file.stat()
    const start = Math.max(0, size - mostBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, start)
    return lastLines(buffer.toString('utf8', 0, bytesRead), start > 0)
  } finally {
    await file.close()
  }
}

/** The last lines of a text that may be cut at its beginning. Progress bars (`\r`) count by what they ended with. */
export function lastLines(text: string, isCut: boolean): string {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd().replace(/^[^]*\r/, ''))
  const whole = isCut && lines.length > 1 ? lines.slice(1) : lines
  const shown = whole.slice(-mostLines)
  return `${isCut && lines.length === 1 ? '…' : ''}${shown.join('\n')}`
}
