import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { link, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProcessSpec, ProcessTotals } from './compute.ts'

/**
 * What is on disk of one process: the folder `{jobs}/{id}`. It appears whole (a rename), and from then on:
 *
 * - `spec`         what to run, without its environment
 * - `listener`     where the supervisor hands on the process's listening socket, if it has one
 * - `environment`  the process's environment; deleted by the supervisor once read, as it may hold secrets
 * - `lock`         locked by the supervisor while it lives
 * - `alive`        a pipe that the supervisor holds: who reads it is told when the supervisor ends
 * - `control`      a pipe that the supervisor reads: it can be opened for writing only while the supervisor lives, which
 *                  tells the living from the dead without trusting a process id; a byte says "look at `cancel`"
 * - `supervisor`   `{ pid, ticks, machine }` (ticks: the kernel's time of its start), written after the pipes are held and before the process starts
 * - `running`      `{ pid, startedAt }`
 * - `cancel`       `{ graceMs }`, the latest request
 * - `exit`         how it ended; final
 */
export interface Files {
  readonly spec: Omit<ProcessSpec, 'env'>
  readonly supervisor: { readonly pid: number; readonly ticks: number | null; readonly machine: string }
  readonly running: { readonly pid: number; readonly startedAt: number }
  readonly cancel: { readonly graceMs: number }
  readonly exit: ExitRecord
}

/** Times are milliseconds since 1970. */
export interface ExitRecord {
  readonly code: number | null
  readonly signal: string | null
  readonly reason?: 'timeout' | 'cancelled' | 'not-executable' | 'lost' | null
  readonly message?: string | null
  readonly startedAt?: number | null
  readonly endedAt: number
  readonly took?: ProcessTotals | null
}

/** Begins every name in the jobs' folder that is not a process's: no id has this character. */
const unfinished = '~'

/** True if `id` is a name that a process may have, and so one that stays inside its folder. */
export const isProcessId = (id: string) => /^[A-Za-z0-9._-]{1,255}$/.test(id) && id !== '.' && id !== '..'

/** Makes the record of a new process. False, and nothing changed, if the id is taken. */
export async function claim(jobs: string, spec: ProcessSpec): Promise<boolean> {
  const staged = join(jobs, `${unfinished}${randomUUID()}`)
  await mkdir(staged, { recursive: true, mode: 0o700 })
  const { env, ...rest } = spec
  await writeFile(join(staged, 'spec'), JSON.stringify(rest), { mode: 0o600 })
  await writeFile(join(staged, 'environment'), JSON.stringify(env), { mode: 0o600 })
  try {
    await rename(staged, join(jobs, spec.id))
    return true
  } catch (error) {
    await rm(staged, { recursive: true, force: true })
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return false
    throw error
  }
}

/** Deletes the record at once for every reader, and its bytes after that. */
export async function discard(jobs: string, id: string): Promise<void> {
  const gone = join(jobs, `${unfinished}${randomUUID()}`)
  try {
    await rename(join(jobs, id), gone)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return
    throw error
  }
  await rm(gone, { recursive: true, force: true })
}

/** Deletes what a claim or a discard that was killed half-way left behind, if it is older than `ageMs`. */
export async function sweepUnfinished(jobs: string, now: Date, ageMs: number): Promise<void> {
  const names = await readdir(jobs).catch(() => [])
  for (const name of names.filter((n) => n.startsWith(unfinished))) {
    const info = await stat(join(jobs, name)).catch(() => undefined)
    if (info && now.getTime() - info.mtimeMs > ageMs)
      await rm(join(jobs, name), { recursive: true, force: true })
  }
}

/** One file of a record, or undefined where it is not there (or a power cut left it empty). */
export async function readRecord<N extends keyof Files>(
  folder: string,
  name: N,
): Promise<Files[N] | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, name), 'utf8')) as Files[N]
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  }
}

/** Writes the whole file or nothing, in place of an earlier one. */
export async function replaceRecord<N extends keyof Files>(
  folder: string,
  name: N,
  value: Files[N],
): Promise<void> {
  const temporary = join(folder, `${name}.${randomUUID()}.tmp`)
  await writeFile(temporary, JSON.stringify(value), { mode: 0o600 })
  await rename(temporary, join(folder, name))
}

/** Writes the whole file unless there is one; returns the one that stands. */
export async function addRecord<N extends keyof Files>(
  folder: string,
  name: N,
  value: Files[N],
): Promise<Files[N]> {
  const temporary = join(folder, `${name}.${randomUUID()}.tmp`)
  await writeFile(temporary, JSON.stringify(value), { mode: 0o600, flush: true })
  try {
    await link(temporary, join(folder, name))
    return value
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    return (await readRecord(folder, name)) ?? value
  } finally {
    await rm(temporary, { force: true })
  }
}

/** True if a supervisor holds this record now. With `poke`, also makes it look at `cancel`. */
export async function isSupervised(
  folder: string,
  options: { readonly poke?: boolean } = {},
): Promise<boolean> {
  try {
    await using pipe = await open(join(folder, 'control'), constants.O_WRONLY | constants.O_NONBLOCK)
    if (options.poke) await pipe.write('!')
    return true
  } catch (error) {
    if (hasCode(error, 'ENXIO', 'ENOENT', 'EPIPE')) return false
    // A full pipe has been poked often enough.
    if (hasCode(error, 'EAGAIN')) return true
    throw error
  }
}

export const hasCode = (error: unknown, ...codes: readonly string[]) =>
  error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '')
