import { availableParallelism } from 'node:os'
import type { Platform } from '../../kernel/platform.ts'
import type { Sample } from '../../kernel/telemetry/series.ts'
import { countDue } from '../../store/work-rows.ts'
import { measureExpiry } from './expiry.ts'
import { watchGateway } from './gateway.ts'
import { readHost, type HostReading } from './host.ts'
import { measureJobs } from './jobs.ts'
import { watchRunningJobs } from './running-jobs.ts'
import { watchProcess } from './server-process.ts'
import { measureContainers, measureStorage } from './storage.ts'

/** How often, in ms, what takes long to read or changes slowly is measured. */
const seldomMs = 5 * 60_000
/** How often jobs that run are looked at, of which some are over soon. */
const oftenMs = 5000

/** One source of measurements: what it measures now. */
interface Source {
  readonly name: string
  /** In ms; default as configured. */
  readonly everyMs?: number
  read(signal: AbortSignal): Promise<readonly Sample[]> | readonly Sample[]
}

/**
 * Measures machine, server, gateway, endpoints and queues every few seconds, as configured, what each running job takes
 * every 5 seconds, and storage and expiry every 5 minutes, and keeps what it finds as series. A source that fails is logged and asked again at its next turn; the others go on. `take` measures
 * now whatever is due.
 */
export function startSampling(platform: Platform): { take(): Promise<void>; stop(): Promise<void> } {
  const usualMs = platform.config.measureEverySeconds * 1000
  const turnMs = Math.min(usualMs, oftenMs)
  const stopping = new AbortController()
  const own = watchProcess()
  const due = new Map<string, number>()
  const sources = sourcesOf(platform, () => own.read())
  let taking = Promise.resolve()

  const measure = async () => {
    const at = platform.clock()
    for (const source of sources) {
      if (stopping.signal.aborted) return
      if ((due.get(source.name) ?? 0) > at.getTime()) continue
      // Half a turn early, so that a timer which is a little early does not skip a turn.
      due.set(source.name, at.getTime() + (source.everyMs ?? usualMs) - turnMs / 2)
      try {
        await platform.series.record(at, await source.read(stopping.signal))
      } catch (error) {
        if (!stopping.signal.aborted) platform.log.warn('could not measure', { source: source.name, error })
      }
    }
  }
  const take = () => (taking = taking.then(measure))
  const timer = setInterval(() => void take(), turnMs)
  timer.unref()
  return {
    take,
    async stop() {
      clearInterval(timer)
      stopping.abort()
      own.stop()
      await taking
    },
  }
}

function sourcesOf(platform: Platform, readProcess: () => readonly Sample[]): readonly Source[] {
  const { home } = platform.config
  const gateway = watchGateway(platform)
  const jobs = watchRunningJobs(platform)
  let before: HostReading | undefined
  return [
    {
      name: 'host',
      async read() {
        const { reading, samples } = await readHost(home, before)
        before = reading
        return samples
      },
    },
    { name: 'server', read: readProcess },
    {
      name: 'work',
      async read() {
        const value = await countDue(platform.store.db, platform.clock().getTime())
        platform.metrics.workDue.set(value)
        return [{ kind: 'gauge', name: 'twinloop_work_due', value }]
      },
    },
    { name: 'gateway', read: () => gateway.read() },
    { name: 'jobs', read: () => measureJobs(platform, availableParallelism()) },
    { name: 'running jobs', everyMs: oftenMs, read: () => jobs.read() },
    { name: 'storage', everyMs: seldomMs, read: (signal) => measureStorage(home, signal) },
    { name: 'containers', everyMs: seldomMs, read: () => measureContainers(platform) },
    { name: 'expiry', everyMs: seldomMs, read: () => measureExpiry(platform) },
  ]
}
