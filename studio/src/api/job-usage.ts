import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { hasEnded, type Job } from './jobs.ts'
import { measure, type Measured } from './metrics.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** So long the server keeps every ten seconds of a job; after that only hours. */
const fineMs = 14 * 24 * hourMs

/** Grains of the charts of a job, by the longest time that each is for. */
const grains = [
  { upTo: hourMs, interval: 'PT10S', grainMs: 10_000 },
  { upTo: 6 * hourMs, interval: 'PT1M', grainMs: minuteMs },
  { upTo: 30 * hourMs, interval: 'PT5M', grainMs: 5 * minuteMs },
  { upTo: Infinity, interval: 'PT1H', grainMs: hourMs },
] as const

/** How finely the time of a job can be told, that long and so long ago. */
export function grainOf(
  lengthMs: number,
  agoMs: number,
): { readonly interval: string; readonly grainMs: number } {
  const [, , , hours] = grains
  return agoMs > fineMs ? hours : (grains.find(({ upTo }) => lengthMs <= upTo) ?? hours)
}

/** What a job took of the machine over its time. */
export interface JobUsage {
  readonly from: number
  readonly to: number
  readonly grainMs: number
  readonly cores: Measured
  readonly memory: Measured
  readonly disk: Measured
  /** What there was of it, where that was told. */
  readonly coreLimit: number | undefined
  readonly memoryLimit: number | undefined
}

/** How often a job that runs is asked about: the server looks every five seconds. */
const everyMs = 5000

/** What was measured of a job from its start to its end, or to now. */
export const jobUsageQuery = (job: Job) => {
  const { startTime, endTime, status } = job.properties
  const isActive = !hasEnded(status)
  return queryOptions({
    queryKey: ['metrics', job.id, 'usage', startTime, endTime],
    queryFn: async ({ signal }): Promise<JobUsage> => {
      const now = Date.now()
      const began = startTime === undefined ? now : Date.parse(startTime)
      const ended = endTime === undefined ? now : Date.parse(endTime)
      const { interval, grainMs } = grainOf(ended - began, now - began)
      const from = Math.floor(began / grainMs) * grainMs
      const to = Math.max(ended, from + grainMs)
      const ask = (name: string, by: readonly string[] = []) =>
        measure(job.id, {
          name: `twinloop_job_${name}`,
          aggregations: ['average', 'maximum', 'total'],
          from,
          to,
          interval,
          grainMs,
          by,
          signal,
        })
      const [cores, memory, disk, coreLimit, memoryLimit] = await Promise.all([
        ask('cpu_usage_cores'),
        ask('memory_usage_bytes'),
        ask('disk_io_bytes_total', ['direction']),
        ask('cpu_limit_cores'),
        ask('memory_limit_bytes'),
      ])
      const last = ({ series }: Measured) => series[0]?.points.at(-1)?.maximum
      return {
        from,
        to,
        grainMs,
        cores,
        memory,
        disk,
        coreLimit: last(coreLimit),
        memoryLimit: last(memoryLimit),
      }
    },
    enabled: startTime !== undefined,
    refetchInterval: isActive ? everyMs : false,
    staleTime: isActive ? 0 : minuteMs,
    placeholderData: keepPreviousData,
  })
}
