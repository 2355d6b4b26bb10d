import type { ProfiledColumn } from '../../../api/data.ts'
import { exact, metric, percent } from '../../../words/numbers.ts'
import style from '../data.module.css'

const width = 160
const height = 26
/** Bars that can still be told apart. */
const mostBars = 32

/** How a column's values lie: bars of a histogram from zero, or its most frequent values. */
export function MiniHistogram({ column }: { readonly column: ProfiledColumn }) {
  const { histogram, top = [] } = column
  if (histogram !== undefined && histogram.counts.length > 0) {
    const counts = coarser(histogram.counts, mostBars)
    const most = Math.max(...counts, 1)
    const bar = width / counts.length
    const [first, last] = [histogram.edges[0], histogram.edges.at(-1)]
    const label =
      column.semanticType === 'datetime' ? 'over its time' : `from ${metric(first)} to ${metric(last)}`
    return (
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`Histogram ${label}`}
        className={style.histogram}
      >
        {counts.map((count, i) => {
          const size = (count / most) * height
          // Bars have no names; their places are what they are.
          // oxlint-disable-next-line react/no-array-index-key
          return <rect key={i} x={i * bar} y={height - size} width={Math.max(1, bar - 0.5)} height={size} />
        })}
      </svg>
    )
  }
  if (top.length === 0) return null
  const shown = top.slice(0, 3)
  return (
    <span
      className={style.top}
      title={top.map(({ value, count }) => `${String(value)}: ${exact(count)}`).join('\n')}
    >
      {shown.map(({ value, fraction }) => `${String(value)} ${percent(fraction, 0)}`).join(' · ')}
      {top.length > shown.length ? ' …' : ''}
    </span>
  )
}

/** Neighbours put together until there are at most so many. */
export function coarser(counts: readonly number[], most: number): readonly number[] {
  const size = Math.ceil(counts.length / most)
  return Array.from({ length: Math.ceil(counts.length / size) }, (_, i) =>
    counts.slice(i * size, (i + 1) * size).reduce((sum, count) => sum + count, 0),
  )
}
