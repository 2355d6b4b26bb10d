import { readFile, readdir, readlink } from 'node:fs/promises'

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
 * Kills what is left of a session whose leader is dead. If its leader lives, the number was given to another session,
 * and nothing is killed. Knows only machines with `/proc`.
 */
export async function killOrphanedSession(session: number): Promise<void> {
  const processes = await listProcesses()
  if (processes.some((p) => p.pid === session)) return
  for (const { pid } of processes.filter((p) => p.session === session)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself.
    }
  }
}

async function listProcesses(): Promise<readonly { readonly pid: number; readonly session: number }[]> {
  const names = await readdir('/proc').catch(() => [])
  const stats = names
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readFile(`/proc/${name}/stat`, 'utf8').catch(() => undefined))
  return (await Promise.all(stats)).flatMap((text) => {
    if (text === undefined) return []
    const fields = statFields(text)
    // A zombie is dead already, and only waits for its parent.
    return fields[2] === 'Z' ? [] : [{ pid: Number(fields[0]), session: Number(fields[5]) }]
  })
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
