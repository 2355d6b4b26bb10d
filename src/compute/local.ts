import { mkdir, open, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Compute, ProcessSpec, ProcessState } from './compute.ts'
import { killSession, machineName } from './machine.ts'
import type { ExitRecord } from './record.ts'
import {
  addRecord,
  claim,
  discard,
  hasCode,
  isProcessId,
  isSupervised,
  readRecord,
  replaceRecord,
  sweepUnfinished,
} from './record.ts'
import { usageBelow } from './usage.ts'
import { findInterpreter, launchSupervisor, supervisorGone } from './supervisor.ts'

const defaultGraceMs = 5000
const defaultOutputChunk = 1024 * 1024
const hour = 3_600_000

/**
 * Processes of this machine, each under a detached supervisor (`python/supervisor.py`) that outlives the server. All
 * state is in `folder`, so any number of servers may share it, and one that was killed finds everything again.
 *
 * `python` runs the supervisors (3.8 or newer, standard library only); by default the `python3` on PATH.
 */
export function createLocalCompute(options: {
  readonly folder: string
  readonly python?: string
  readonly clock?: () => Date
}): Compute {
  const jobs = resolve(options.folder)
  const clock = options.clock ?? (() => new Date())
  const at = (id: string) => join(jobs, id)
  const launching = new Map<string, Promise<void>>()
  let python: Promise<string> | undefined
  let prepared: Promise<void> | undefined

  const prepare = async () => {
    await mkdir(jobs, { recursive: true, mode: 0o700 })
    await sweepUnfinished(jobs, clock(), hour)
  }

  /** Puts a supervisor in charge of a claimed record, if it never had one. Safe to call at any time. */
  const supervise = (id: string): Promise<void> => {
    const underWay = launching.get(id)
    if (underWay) return underWay
    python ??= findInterpreter(options.python ?? 'python3')
    const launch = python
      .then((command) => launchSupervisor(command, at(id)))
      .finally(() => launching.delete(id))
    launching.set(id, launch)
    return launch
  }

  const inspect = async (id: string): Promise<ProcessState> => {
    if (!isProcessId(id)) return { phase: 'unknown' }
    const folder = at(id)
    const exit = await readRecord(folder, 'exit')
    if (exit) return exited(exit)
    const supervisor = await readRecord(folder, 'supervisor')
    if (!supervisor) return (await readRecord(folder, 'spec')) ? { phase: 'starting' } : { phase: 'unknown' }
    if (await isSupervised(folder)) {
      const running = await readRecord(folder, 'running')
      return running
        ? { phase: 'running', pid: running.pid, startedAt: new Date(running.startedAt) }
        : { phase: 'starting' }
    }
    const last = await readRecord(folder, 'exit')
    if (last) return exited(last)
    const sameMachine = supervisor.machine === (await machineName())
    if (sameMachine) await killSession(supervisor)
    const startedAt = (await readRecord(folder, 'running'))?.startedAt
    const message = sameMachine ? 'its supervisor was killed' : 'the machine was restarted'
    const lost = { code: null, signal: null, reason: 'lost', message, endedAt: clock().getTime() } as const
    return exited(await addRecord(folder, 'exit', startedAt === undefined ? lost : { ...lost, startedAt }))
  }

  return {
    async start(spec) {
      check(spec)
      await requireFolder(spec.cwd)
      await (prepared ??= prepare())
      await claim(jobs, { ...spec, cwd: resolve(spec.cwd), outputFile: resolve(spec.outputFile) })
      if (!(await readRecord(at(spec.id), 'supervisor'))) await supervise(spec.id)
    },

    inspect,

    async wait(id, signal) {
      for (;;) {
        signal?.throwIfAborted()
        const state = await inspect(id)
        if (state.phase === 'exited') return state
        if (state.phase === 'unknown') throw new Error(`There is no process ${JSON.stringify(id)}.`)
        if (!(await readRecord(at(id), 'supervisor'))) await supervise(id)
        else await supervisorGone(at(id), signal)
      }
    },

    async cancel(id, { graceMs = defaultGraceMs } = {}) {
      const state = await inspect(id)
      if (state.phase === 'unknown' || state.phase === 'exited') return
      await replaceRecord(at(id), 'cancel', { graceMs })
      // Without a supervisor yet, one must come to find the request and to say that it ended.
      if (!(await isSupervised(at(id), { poke: true })) && !(await readRecord(at(id), 'exit')))
        await supervise(id)
    },

    async usage(id) {
      const folder = at(id)
      if (!isProcessId(id) || (await readRecord(folder, 'exit')) !== undefined) return undefined
      const supervisor = await readRecord(folder, 'supervisor')
      if (supervisor === undefined || supervisor.machine !== (await machineName())) return undefined
      return usageBelow(supervisor)
    },

    async output(id, offset, limit = defaultOutputChunk) {
      const spec = isProcessId(id) ? await readRecord(at(id), 'spec') : undefined
      if (!spec) return { bytes: new Uint8Array(), next: offset }
      return readChunk(spec.outputFile, offset, limit)
    },

    async remove(id) {
      const state = await inspect(id)
      if (state.phase === 'running' || state.phase === 'starting')
        throw new Error(`Process ${id} is ${state.phase}.`)
      if (state.phase === 'exited') await discard(jobs, id)
    },
  }
}

function check(spec: ProcessSpec) {
  if (!isProcessId(spec.id))
    throw new Error(`${JSON.stringify(spec.id)} is not a process id: 1 to 255 of A-Z a-z 0-9 . _ - are.`)
  const texts = [...spec.argv, spec.cwd, spec.outputFile, ...Object.entries(spec.env).flat()]
  if (texts.some((text) => text.includes('\0')))
    throw new Error(`Process ${spec.id} has a NUL character in its arguments, folders or environment.`)
  const unnamed = Object.keys(spec.env).find((name) => name === '' || name.includes('='))
  if (unnamed !== undefined)
    throw new Error(
      `Process ${spec.id} has ${JSON.stringify(unnamed)} for the name of an environment variable.`,
    )
}

async function requireFolder(path: string) {
  const info = await stat(path).catch(() => undefined)
  if (!info?.isDirectory()) throw new Error(`There is no folder ${path}.`)
}

function exited(record: ExitRecord): ProcessState {
  return {
    phase: 'exited',
    code: record.code,
    signal: record.signal,
    ...(record.reason ? { reason: record.reason } : {}),
    ...(record.message ? { message: record.message } : {}),
    ...(record.startedAt ? { startedAt: new Date(record.startedAt) } : {}),
    endedAt: new Date(record.endedAt),
    ...(record.took ? { took: record.took } : {}),
  }
}

async function readChunk(path: string, offset: number, limit: number) {
  try {
    await using file = await open(path, 'r')
    const { bytesRead, buffer } = await file.read(new Uint8Array(limit), 0, limit, offset)
    return { bytes: buffer.subarray(0, bytesRead), next: offset + bytesRead }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { bytes: new Uint8Array(), next: offset }
    throw error
  }
}
