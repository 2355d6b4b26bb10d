import { readFile, readdir, readlink } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'

/**
 * Names this boot of this machine and this view of its processes (a container has its own), so that a process id
 * written down is never looked up where it means another process.
 */
export async function machineName(): Promise<string> {
  const parts = [
    readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    readlink('/proc/self/ns/pid'),
    readFile('/proc/1/stat', 'utf8').then((text) => statFields(text)[21]),
  ]
  const known = await Promise.all(parts.map((part) => part.catch(() => 'unknown')))
  return known.map((part) => part?.trim()).join(' ')
}

/**
 * Kills a session whose leader is dead or dying, and returns when nobody is left of it. The leader is known by its
 * process id and the time it started: if another process has its id by now, nothing is killed. Knows only machines
 * with `/proc`.
 */
export async function killSession(leader: {
  readonly pid: number
  readonly ticks: number | null
}): Promise<void> {
  for (let round = 0; round < patienceRounds; round++) {
    const processes = await listProcesses()
    if (processes.some(({ pid, ticks }) => pid === leader.pid && ticks !== leader.ticks)) return
    const members = processes.filter(({ session }) => session === leader.pid)
    if (members.length === 0) return
    for (const { pid } of members) kill(pid)
    // They are nobody's children that we could wait for, and may have forked meanwhile: only another look can tell.
    await setTimeout(roundMs)
  }
}

const patienceRounds = 200
const roundMs = 10

function kill(pid: number) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

/** When a process began, in milliseconds since 1970, to the clocks' precision; undefined where the system does not tell. */
export async function beganAt(pid: number): Promise<number | undefined> {
  const read = (file: string) => readFile(file, 'utf8').catch(() => '')
  const [own, all] = await Promise.all([read(`/proc/${pid}/stat`), read('/proc/stat')])
  const boot = /^btime (\d+)$/m.exec(all)?.[1]
  const ticks = own === '' ? undefined : Number(statFields(own)[21])
  return boot === undefined || ticks === undefined ? undefined : Number(boot) * 1000 + ticks * msPerTick
}

/** Linux counts in hundredths of a second here on every architecture. */
export const msPerTick = 10

interface Process {
  readonly pid: number
  readonly session: number
  readonly ticks: number
}

async function listProcesses(): Promise<readonly Process[]> {
  return (await allStatFields())
    .filter((fields) => fields[2] !== 'Z') // A zombie is dead already, and only waits for its parent.
    .map((fields) => ({ pid: Number(fields[0]), session: Number(fields[5]), ticks: Number(fields[21]) }))
}

/** `statFields` of every process that there is; what ends meanwhile is left out. */
export async function allStatFields(): Promise<readonly (readonly string[])[]> {
  const names = await readdir('/proc').catch(() => [])
  const stats = names
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readFile(`/proc/${name}/stat`, 'utf8').catch(() => undefined))
  return (await Promise.all(stats)).filter((text) => text !== undefined).map(statFields)
}

/** Fields of `/proc/[pid]/stat`, from 0 (see proc(5)). The second, the program's name, may hold blanks and brackets. */
function statFields(text: string): readonly string[] {
  const end = text.lastIndexOf(')')
  const start = text.indexOf('(')
  return [
    text.slice(0, start).trim(),
    text.slice(start + 1, end),
    ...text
      .slice(end + 2)
      .trim()
      .split(' '),
  ]
}
