import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { metricQuery, ranges, type Range } from '../../../api/metrics.ts'
import { TimeChart } from '../../../parts/chart/time-chart.tsx'
import { Columns } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { bytes, percent } from '../../../words/numbers.ts'
import { useSubscription } from '../subscription.ts'
import { forecast, inWords } from './forecast.ts'
import { latest, linesOf } from './measured.ts'

const share = (value: number) => percent(value, 0)

/** CPU, memory and disk of the machine, with when the disk is full. */
export function Machine({ range }: { readonly range: Range }) {
  const subscription = useSubscription()
  const asked = { aggregations: ['average'], range } as const
  const cpu = useQuery(metricQuery(subscription, { name: 'system_cpu_utilization_ratio', ...asked }))
  const memory = useQuery(metricQuery(subscription, { name: 'system_memory_utilization_ratio', ...asked }))
  const disk = useQuery(
    metricQuery(subscription, { name: 'system_filesystem_usage_bytes', by: ['state'], ...asked }),
  )
  const window = `last ${ranges[range].label}`
  const cpuLines = useMemo(() => linesOf(cpu.data, 'CPU'), [cpu.data])
  const memoryLines = useMemo(() => linesOf(memory.data, 'memory'), [memory.data])
  const used = useMemo(
    () => linesOf(disk.data, 'used', 'state').filter(({ name }) => name === 'used'),
    [disk.data],
  )
  const free = latest(disk.data, 'state').get('free') ?? 0
  const capacity = free + (latest(disk.data, 'state').get('used') ?? 0)
  const told = useMemo(() => {
    const points = (used[0]?.points ?? []).flatMap(({ at, value }) => (value === null ? [] : [{ at, value }]))
    return inWords(forecast(points, free), window)
  }, [used, free, window])
  const levels = useMemo(() => [{ name: 'full', value: capacity }], [capacity])
  const common = { from: cpu.data?.from ?? 0, to: cpu.data?.to ?? 0, stepMs: ranges[range].grainMs }
  const say = (what: string, value: number | undefined) =>
    value === undefined ? 'nothing was measured' : `${what} ${share(value)} now`
  return (
    <Columns>
      <Panel>
        <TimeChart
          title="CPU in use"
          subtitle={`share of all cores, mean, ${window}`}
          conclusion={say('CPU is at', latest(cpu.data).get(''))}
          lines={cpuLines}
          format={share}
          atLeast={1}
          {...common}
        />
      </Panel>
      <Panel>
        <TimeChart
          title="Memory in use"
          subtitle={`share of the machine's, mean, ${window}`}
          conclusion={say('memory is at', latest(memory.data).get(''))}
          lines={memoryLines}
          format={share}
          atLeast={1}
          {...common}
        />
      </Panel>
      <Panel>
        <TimeChart
          title="Disk in use"
          subtitle={`bytes on the disk of the home, ${window}`}
          conclusion={told}
          lines={used}
          format={bytes}
          atLeast={capacity}
          levels={levels}
          {...common}
        />
        <p className="muted" style={{ marginTop: 8 }}>
          {told}
        </p>
      </Panel>
    </Columns>
  )
}
