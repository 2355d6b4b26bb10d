import { readFile } from 'node:fs/promises'
import { msPerTick, allStatFields } from './machine.ts'

/** What a process and all below it take of the machine. */
export interface ProcessUsage {
  /** Time of processors since it began, that of children which have ended included. */
  readonly cpuSeconds: number
  /** Memory now; what several of them share counts once. */
  readonly memoryBytes: number
  /** Bytes that came from and went to disks since it began; undefined where the system does not tell. */
  readonly readBytes: number | undefined
  readonly writtenBytes: number | undefined
  /** How many processes there are now. */
  readonly processes: number
}

/**
 * What runs below a supervisor, which itself is not counted but for the children that it has seen end: all that ever
 * was below it becomes its child in the end. Undefined if another process has its id by now, or there is no `/proc`.
 */
export async function usageBelow(supervisor: {
  readonly pid: number
  readonly ticks: number | null
}): Promise<ProcessUsage | undefined> {
  const all = await readAll()
  const own = all.find(({ pid }) => pid === supervisor.pid)
  if (own === undefined || own.ticks !== supervisor.ticks) return undefined
  const below = descendants(all, supervisor.pid)
  const living = below.filter(({ state }) => state !== 'Z')
  const memory = await Promise.all(living.map(({ pid }) => memoryOf(pid)))
  const moved = await Promise.all([own, ...below].map(({ pid }) => movedBy(pid)))
  const ticks = sum(below.map((one) => one.spent + one.spentByChildren)) + own.spentByChildren
  const told = moved.filter((one) => one !== undefined)
  return {
    cpuSeconds: (ticks * msPerTick) / 1000,
    memoryBytes: sum(memory),
    readBytes: told.length === 0 ? undefined : sum(told.map(({ read }) => read)),
    writtenBytes: told.length === 0 ? undefined : sum(told.map(({ written }) => written)),
    processes: living.length,
  }
}

interface Measured {
  readonly pid: number
  readonly parent: number
  readonly state: string
  readonly ticks: number
  /** Ticks of processors. */
  readonly spent: number
  /** Of children that ended and were waited for. */
  readonly spentByChildren: number
}

async function readAll(): Promise<readonly Measured[]> {
  return (await allStatFields()).map((fields) => {
    const number = (at: number) => Number(fields[at])
    return {
      pid: number(0),
      parent: number(3),
      state: fields[2] ?? '',
      ticks: number(21),
      spent: number(13) + number(14),
      spentByChildren: number(15) + number(16),
    }
  })
}

function descendants(all: readonly Measured[], root: number): readonly Measured[] {
  const children = Map.groupBy(all, ({ parent }) => parent)
  const found: Measured[] = []
  const waiting = [...(children.get(root) ?? [])]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    found.push(next)
    waiting.push(...(children.get(next.pid) ?? []))
  }
  return found
}

/** Its proportional set size, or what is resident where the system keeps that to itself; 0 of one that has gone. */
async function memoryOf(pid: number): Promise<number> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
  const shared = kibibytes(await read('smaps_rollup'), 'Pss')
  return (shared ?? kibibytes(await read('status'), 'VmRSS') ?? 0) * 1024
}

const kibibytes = (text: string, name: string): number | undefined => {
  const [, value] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text) ?? []
  return value === undefined ? undefined : Number(value)
}

async function movedBy(pid: number): Promise<{ read: number; written: number } | undefined> {
  const text = await readFile(`/proc/${pid}/io`, 'utf8').catch(() => '')
  const value = (name: string) => new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1]
  const [read, written] = [value('read_bytes'), value('write_bytes')]
  return read === undefined || written === undefined
    ? undefined
    : { read: Number(read), written: Number(written) }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
