import { differenceInterval } from '../../../../../src/statistics/intervals/difference.ts'
import type { ArmLatency, Look } from '../../../api/releases.ts'
import { IntervalPlot, type IntervalRow } from '../../../parts/chart/interval-plot.tsx'
import { duration } from '../../../words/time.ts'

type Quantile = ArmLatency['p50']

const milliseconds = (value: number) => (value < 10 ? `${value.toFixed(2)} ms` : duration(value))
const signed = (value: number) => `${value > 0 ? '+' : value < 0 ? '−' : '±'}${Math.abs(value).toFixed(2)} ms`

/** Quantiles of both arms in this step, and how far apart they are; of quantiles, never of means. */
export function LatencyTable({ look }: { readonly look: Look }) {
  const { latency, requests } = look
  if (latency === undefined) return <p className="muted">Latencies of this look were not kept.</p>
  const arms = (['p50', 'p99'] as const).flatMap((quantile): readonly IntervalRow[] => [
    row(`champion ${quantile}`, latency.champion[quantile], 1, requests.champion),
    row(`candidate ${quantile}`, latency.canary[quantile], 2, requests.canary),
  ])
  const differences = (['p50', 'p99'] as const).flatMap((quantile) => {
    const interval = between(latency.canary[quantile], latency.champion[quantile])
    return interval === undefined ? [] : [{ key: quantile, label: quantile, ...interval }]
  })
  return (
    <>
      <IntervalPlot
        title="Latency by quantile"
        subtitle="this step; failed requests count as infinitely slow; 95 % intervals of order statistics"
        rows={arms}
        format={milliseconds}
        logarithmic
      />
      {differences.length === 0 ? (
        <p className="muted">A difference needs both ends of both intervals, and so more requests.</p>
      ) : (
        <IntervalPlot
          title="Candidate − champion"
          subtitle="difference of the quantiles, square and add"
          rows={differences}
          limits={[{ value: 0, name: 'equal' }]}
          format={signed}
        />
      )}
    </>
  )
}

const row = (label: string, { estimate, interval }: Quantile, colour: number, n: number): IntervalRow => ({
  key: label,
  label,
  estimate,
  lower: interval?.lower,
  upper: interval?.upper,
  colour,
  n,
})

function between(a: Quantile, b: Quantile) {
  const bounded = ({ estimate, interval }: Quantile) => {
    const { lower = null, upper = null } = interval ?? {}
    return estimate === null || lower === null || upper === null ? undefined : { estimate, lower, upper }
  }
  const [own, other] = [bounded(a), bounded(b)]
  if (own === undefined || other === undefined) return undefined
  return { estimate: own.estimate - other.estimate, ...differenceInterval(own, other) }
}
