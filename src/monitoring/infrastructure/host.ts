import { cpus, freemem, hostname, loadavg, totalmem } from 'node:os'
import { readFile, statfs } from 'node:fs/promises'
import { growthOf, type Sample } from '../../kernel/telemetry/series.ts'

/** What was read of the machine the time before: counters mean something only as differences. */
export interface HostReading {
  /** Milliseconds of all processors, since the machine started. */
  readonly busy: number
  readonly total: number
  /** Bytes by interface, since the machine started. */
  readonly network: ReadonlyMap<string, Traffic>
}

interface Traffic {
  readonly received: number
  readonly transmitted: number
}

/**
 * Measures this machine: processors, memory, the disk that the home is on, and the network, with OpenTelemetry's names in
 * Prometheus' spelling. Without an earlier reading there is nothing yet to tell of processors and network.
 */
export async function readHost(
  home: string,
  before: HostReading | undefined,
): Promise<{ readonly reading: HostReading; readonly samples: readonly Sample[] }> {
  const reading: HostReading = { ...processorTimes(), network: await readNetwork() }
  const memory = await readMemory()
  const disk = await statfs(home)
  const diskTotal = disk.blocks * disk.bsize
  // As `df` counts: what only root may still write is neither free nor used.
  const diskUsed = (disk.blocks - disk.bfree) * disk.bsize
  const diskFree = disk.bavail * disk.bsize
  const host = hostname()
  const gauge = (name: string, value: number, labels: Sample['labels'] = {}): Sample => ({
    kind: 'gauge',
    name,
    value,
    labels: { host, ...labels },
  })
  const spent = before === undefined ? 0 : reading.total - before.total
  const samples: Sample[] = [
    ...(before === undefined || spent <= 0
      ? []
      : [gauge('system_cpu_utilization_ratio', (reading.busy - before.busy) / spent)]),
    gauge('system_load_average_1m', loadavg()[0] ?? 0),
    gauge('system_memory_usage_bytes', memory.total - memory.available, { state: 'used' }),
    gauge('system_memory_usage_bytes', memory.available, { state: 'available' }),
    gauge('system_memory_utilization_ratio', 1 - memory.available / memory.total),
    gauge('system_filesystem_usage_bytes', diskUsed, { state: 'used' }),
    gauge('system_filesystem_usage_bytes', diskFree, { state: 'free' }),
    ...(diskTotal > 0
      ? [gauge('system_filesystem_utilization_ratio', diskUsed / (diskUsed + diskFree))]
      : []),
  ]
  if (before !== undefined)
    for (const [device, now] of reading.network) {
      const then = before.network.get(device)
      for (const [direction, bytes, earlier] of [
        ['receive', now.received, then?.received],
        ['transmit', now.transmitted, then?.transmitted],
      ] as const)
        samples.push({
          kind: 'counter',
          name: 'system_network_io_bytes_total',
          labels: { host, device, direction },
          growth: growthOf(earlier, bytes),
        })
    }
  return { reading, samples }
}

function processorTimes(): { busy: number; total: number } {
  let [busy, total] = [0, 0]
  for (const { times } of cpus()) {
    const all = Object.values(times).reduce((sum, time) => sum + time, 0)
    total += all
    busy += all - times.idle
  }
  return { busy, total }
}

/** What could be used without swapping, where the kernel tells (Linux); elsewhere what is free. */
async function readMemory(): Promise<{ total: number; available: number }> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '')
  return { total: totalmem(), available: availableIn(text) ?? freemem() }
}

/** Bytes of `MemAvailable` in the text of /proc/meminfo. */
export function availableIn(meminfo: string): number | undefined {
  const [, kibibytes] = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo) ?? []
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
}

async function readNetwork(): Promise<ReadonlyMap<string, Traffic>> {
  return trafficIn(await readFile('/proc/net/dev', 'utf8').catch(() => ''))
}

/** Bytes by interface in the text of /proc/net/dev, without the loopback. */
export function trafficIn(text: string): ReadonlyMap<string, Traffic> {
  const found = new Map<string, Traffic>()
  for (const line of text.split('\n')) {
    const [, device = '', fields = ''] = /^\s*([^:\s]+):\s*(.+)$/.exec(line) ?? []
    const numbers = fields.trim().split(/\s+/).map(Number)
    const [received = Number.NaN, transmitted = Number.NaN] = [numbers[0], numbers[8]]
    if (device !== '' && device !== 'lo' && Number.isFinite(received + transmitted))
      found.set(device, { received, transmitted })
  }
  return found
}
