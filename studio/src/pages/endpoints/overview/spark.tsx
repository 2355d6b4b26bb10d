import { useQuery } from '@tanstack/react-query'
import { metricQuery } from '../../../api/metrics.ts'
import { count } from '../../../words/numbers.ts'
import { red } from './red.ts'
import style from '../endpoints.module.css'

const width = 120
const height = 24

/** Requests of a day in a line, drawn without a library: it stands in every row. */
export function Spark({ id }: { readonly id: string }) {
  const { data } = useQuery(
    metricQuery(id, {
      name: 'http_server_request_duration_seconds',
      aggregations: ['count', 'p95'],
      range: '24h',
      by: ['status'],
    }),
  )
  if (data === undefined) return null
  const { requests, errors, rates } = red(data)
  if (requests === 0) return <span className="muted">none</span>
  const most = Math.max(...rates.map(({ value }) => value), 1e-9)
  const x = (at: number) => ((at - data.from) / (data.to - data.from)) * width
  const bars = rates.map(
    ({ at, value }) =>
      `M${x(at).toFixed(1)} ${height}V${(height - (value / most) * (height - 2)).toFixed(1)}`,
  )
  return (
    <span className={style.spark}>
      <svg width={width} height={height} aria-hidden>
        <path d={bars.join('')} stroke="var(--series-1)" strokeWidth="1.5" />
        <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--line)" />
      </svg>
      <span className="tabular">
        {count(requests)}
        {errors === 0 ? null : <span style={{ color: 'var(--bad)' }}>, {count(errors)} failed</span>}
      </span>
    </span>
  )
}
