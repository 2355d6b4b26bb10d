import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'

/** A process and all below it, as /proc tells (Linux). */
export function family(pid: number): readonly number[] {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    parents.set(Number(entry), Number(statFields(Number(entry))[1]))
  const below = (root: number): number[] => [
    root,
    ...[...parents].filter(([, parent]) => parent === root).flatMap(([child]) => below(child)),
  ]
  return below(pid)
}

/** Sum of the processes' proportional set sizes, in MiB: what they share is counted once. */
export function memoryMiB(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => {
    const rollup = readOrNothing(`/proc/${pid}/smaps_rollup`)
    return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0)
  })
  return kilobytes.reduce((a, b) => a + b, 0) / 1024
}

/** Processor time that the processes have used so far, in milliseconds; Linux counts it in hundredths of a second. */
export const cpuMs = (pids: readonly number[]): number =>
  pids
    .map((pid) => statFields(pid))
    .reduce((sum, f) => sum + 10 * (Number(f[11] ?? 0) + Number(f[12] ?? 0)), 0)

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Fields of /proc/[pid]/stat from the third on (see proc(5)); none if the process has gone. */
function statFields(pid: number): readonly string[] {
  const stat = readOrNothing(`/proc/${pid}/stat`)
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** A process may end while we look. */
function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
