import type { MonitorWindow } from '../../../api/monitors.ts'
import style from '../monitoring.module.css'

const width = 140
const height = 26
const inset = 3

/** A value over its windows in a row of a table, with its threshold: drawn without a library. */
export function Sparkline({ windows }: { readonly windows: readonly MonitorWindow[] }) {
  const points = windows.toReversed().map((window) => ({ ...window, time: Date.parse(window.at) }))
  const there = points.filter(({ value }) => value !== null)
  if (there.length === 0) return <span className="muted">no data</span>
  const limits = points.flatMap(({ threshold }) =>
    [threshold?.lower, threshold?.upper].filter((limit) => limit !== undefined),
  )
  const values = [...there.map(({ value }) => value ?? 0), ...limits]
  const [low, high] = [Math.min(0, ...values), Math.max(...values, 1e-12)]
  const [first, last] = [points[0]?.time ?? 0, points.at(-1)?.time ?? 1]
  const x = (time: number) =>
    first === last ? width / 2 : inset + ((time - first) / (last - first)) * (width - 2 * inset)
  const y = (value: number) => height - inset - ((value - low) / (high - low)) * (height - 2 * inset)
  const path = points
    .map(({ time, value }, i) => {
      if (value === null) return ''
      const before = points[i - 1]?.value
      return `${before === null || before === undefined ? 'M' : 'L'}${x(time).toFixed(1)} ${y(value).toFixed(1)}`
    })
    .join('')
  return (
    <svg width={width} height={height} aria-hidden className={style.sparkline}>
      {[...new Set(limits)].slice(-2).map((limit) => (
        <path key={limit} d={`M0 ${y(limit).toFixed(1)}H${width}`} className={style.limit} />
      ))}
      <path d={path} className={style.line} />
      {there.map(({ at, time, value, breached }) =>
        breached === true || there.length === 1 ? (
          <circle
            key={at}
            cx={x(time)}
            cy={y(value ?? 0)}
            r={2.5}
            className={breached === true ? style.beyond : style.point}
          />
        ) : null,
      )}
    </svg>
  )
}
