import { rate } from '../../words/numbers.ts'
import type { Day } from './day.ts'

const width = 132
const height = 28

/** A day by the hour, over what is usual at each hour; drawn without a library, for it stands in every row. */
export function BandedSpark({ day: { hours } }: { readonly day: Day }) {
  const most = Math.max(...hours.flatMap((hour) => [hour.rate, hour.usual?.high ?? 0]), 1e-9)
  const x = (i: number) => ((i + 0.5) / 24) * width
  const y = (value: number) => height - 1 - (value / most) * (height - 3)
  if (hours.every((hour) => hour.rate === 0)) return <span className="muted">none</span>
  const offset = 24 - hours.length
  const line = hours.map(
    (hour, i) => `${i === 0 ? 'M' : 'L'}${x(i + offset).toFixed(1)} ${y(hour.rate).toFixed(1)}`,
  )
  const known = hours.flatMap((hour, i) =>
    hour.usual === undefined ? [] : [{ i: i + offset, ...hour.usual }],
  )
  const band = [
    ...known.map(({ i, high }, k) => `${k === 0 ? 'M' : 'L'}${x(i).toFixed(1)} ${y(high).toFixed(1)}`),
    ...known.toReversed().map(({ i, low }) => `L${x(i).toFixed(1)} ${y(low).toFixed(1)}`),
  ]
  const label = `requests by the hour, up to ${rate(Math.max(...hours.map((hour) => hour.rate)))}${known.length === 0 ? '' : ', over the 5th to 95th percentile of the same hours of four weeks'}`
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      <title>{label}</title>
      {band.length === 0 ? null : <path d={`${band.join('')}Z`} fill="var(--line)" />}
      <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--line)" />
      <path d={line.join('')} fill="none" stroke="var(--series-1)" strokeWidth="1.5" />
    </svg>
  )
}
