import { availableParallelism, totalmem } from 'node:os'
import type { ProcessUsage } from '../../compute/usage.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Sample } from '../../kernel/telemetry/series.ts'
import { processId } from '../../training/execution/folder.ts'
import { asJob } from '../../training/jobs/job.ts'
import type { Job } from '../../training/jobs/job.ts'

/** A job that has run for longer than this is looked at only once a minute: its course is known by then. */
const longMs = 3_600_000
const minuteMs = 60_000

interface Reading {
  readonly at: number
  readonly usage: ProcessUsage
}

/**
 * What each job that runs on this machine takes of it, with all that it started: processors in use since the reading
 * before, memory, and bytes from and to disks; and how much of processors and memory there is. Kept as the job's own. After a
 * restart of the server it goes on with the second reading.
 */
export function watchRunningJobs(platform: Platform): { read(): Promise<readonly Sample[]> } {
  let before = new Map<string, Reading>()
  return {
    async read() {
      const now = platform.clock().getTime()
      const found = await platform.resources.list({
        type: 'workspaces/jobs',
        view: 'all',
        where: { 'status.status': 'Running' },
        top: 10_000,
      })
      const readings = new Map<string, Reading>()
      const samples: Sample[] = []
      for (const job of found.map(asJob)) {
        const last = before.get(job.key)
        if (last !== undefined && isEarly(job, last, now)) {
          readings.set(job.key, last)
          continue
        }
        const usage = await platform.compute.usage(processId(job))
        if (usage === undefined) continue
        const reading = { at: now, usage }
        readings.set(job.key, reading)
        samples.push(...samplesOf(job, last ?? beginningOf(job, reading), reading))
      }
      before = readings
      return samples
    },
  }
}

const isEarly = ({ status }: Job, last: Reading, now: number): boolean =>
  now - Date.parse(status.startTime ?? '') > longMs && now - last.at < minuteMs

/** A job that has just begun had taken nothing before; of one that was running already nobody knows since when it takes what. */
function beginningOf({ status }: Job, { at }: Reading): Reading | undefined {
  const began = Date.parse(status.startTime ?? '')
  const nothing = { cpuSeconds: 0, memoryBytes: 0, readBytes: 0, writtenBytes: 0, processes: 0 }
  return at > began && at - began < minuteMs ? { at: began, usage: nothing } : undefined
}

/** What there is of memory: what a container may have, where that is less than the machine. */
function memoryLimit(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}

function samplesOf(job: Job, before: Reading | undefined, { at, usage }: Reading): readonly Sample[] {
  const scope = job.key
  const gauge = (name: string, value: number): Sample => ({ kind: 'gauge', name, scope, value })
  const samples = [
    gauge('twinloop_job_memory_usage_bytes', usage.memoryBytes),
    gauge('twinloop_job_memory_limit_bytes', memoryLimit()),
    gauge('twinloop_job_cpu_limit_cores', availableParallelism()),
  ]
  if (before === undefined || at <= before.at) return samples
  const seconds = (at - before.at) / 1000
  const spent = Math.max(0, usage.cpuSeconds - before.usage.cpuSeconds)
  samples.push(gauge('twinloop_job_cpu_usage_cores', spent / seconds))
  for (const [direction, bytes, earlier] of [
    ['read', usage.readBytes, before.usage.readBytes],
    ['write', usage.writtenBytes, before.usage.writtenBytes],
  ] as const)
    if (bytes !== undefined && earlier !== undefined)
      samples.push({
        kind: 'counter',
        name: 'twinloop_job_disk_io_bytes_total',
        scope,
        labels: { direction },
        growth: Math.max(0, bytes - earlier),
      })
  return samples
}
