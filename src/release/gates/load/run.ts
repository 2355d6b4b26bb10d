import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, extname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Order, Report } from './generator/messages.ts'

const own = fileURLToPath(import.meta.url)
const program = join(dirname(own), 'generator', `main${extname(own)}`)

/**
 * Sends a load from a process of its own and resolves with what became of every request. The process ends with this one,
 * or when the signal aborts; then it rejects with the signal's reason.
 */
export async function sendLoad(order: Order, signal: AbortSignal): Promise<Report> {
  signal.throwIfAborted()
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH },
  })
  const stop = () => child.kill('SIGKILL')
  signal.addEventListener('abort', stop)
  try {
    // The line alone: the end of the stream would be the end of the process.
    child.stdin.on('error', () => undefined).write(`${JSON.stringify(order)}\n`)
    const [said, complaints, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number | null]>,
    ])
    signal.throwIfAborted()
    if (code !== 0 || said === '')
      throw new Error(
        `The process that sends the load ended with ${code ?? 'a signal'}: ${complaints.slice(-2000)}`,
      )
    return JSON.parse(said) as Report
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
