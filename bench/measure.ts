import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpuMs, family, memoryMiB } from './processes.ts'

/** What a command took, with all processes below it. */
export interface Measured {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakMiB: number
  /** Undefined if it had to be stopped. */
  readonly code: number | null | undefined
  /** Of what it would have taken more than it may. */
  readonly ranOutOf?: 'time' | 'memory'
  readonly said: string
}

/** Runs a command and watches it, all below it, and (instead, if it is given) the tree of a server that does its work. */
export async function measure(
  argv: readonly string[],
  options: {
    readonly env?: NodeJS.ProcessEnv
    readonly of?: number
    readonly timeoutMs?: number
    readonly mostMiB?: number
  } = {},
): Promise<Measured> {
  const started = performance.now()
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...options.env },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-2000)))
  const watched = () => [
    ...new Set([...family(child.pid ?? 0), ...(options.of === undefined ? [] : family(options.of))]),
  ]
  const before = options.of === undefined ? 0 : cpuMs(family(options.of))
  let [peakMiB, cpu] = [0, before]
  const watch = setInterval(() => {
    const pids = watched()
    peakMiB = Math.max(peakMiB, memoryMiB(pids))
    cpu = Math.max(cpu, cpuMs(pids))
    if (peakMiB > (options.mostMiB ?? Infinity)) stop('memory')
  }, 200)
  let ranOutOf: Measured['ranOutOf']
  const stop = (of: 'time' | 'memory') => {
    ranOutOf ??= of
    child.kill('SIGKILL')
  }
  const timer = setTimeout(() => stop('time'), options.timeoutMs ?? 2 ** 31 - 1)
  const [code] = (await once(child, 'exit')) as [number | null]
  clearTimeout(timer)
  clearInterval(watch)
  const seconds = (performance.now() - started) / 1000
  const measured = { seconds, cpuSeconds: (cpu - before) / 1000, peakMiB, said }
  return ranOutOf === undefined ? { ...measured, code } : { ...measured, code: undefined, ranOutOf }
}
