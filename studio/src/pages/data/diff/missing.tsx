import { wilson } from '../../../../../src/statistics/intervals/proportions.ts'
import type { DataDiff } from '../../../api/data-diffs.ts'
import { IntervalPlot } from '../../../parts/chart/interval-plot.tsx'
import { Empty } from '../../../parts/states.tsx'
import { exact } from '../../../words/numbers.ts'

const z95 = 1.96
/** Columns that are drawn: those whose missing values changed most. */
const most = 25

/** How much is missing in either version, with Wilson's intervals; columns first where that changed most. */
export function Missing({
  diff,
  names,
}: {
  readonly diff: DataDiff
  readonly names: { readonly from: string; readonly to: string }
}) {
  const columns = diff.columns
    .filter(({ missing }) => missing.from + missing.to > 0)
    .toSorted((a, b) => Math.abs(b.missing.to - b.missing.from) - Math.abs(a.missing.to - a.missing.from))
  if (columns.length === 0) return <Empty title="Nothing is missing in either" />
  const sides = [
    { side: 'from', colour: 1 },
    { side: 'to', colour: 2 },
  ] as const
  return (
    <IntervalPlot
      title="Missing values, % of rows"
      subtitle={`95 % intervals after Wilson; ${names.from} (blue) ${exact(diff.from.rows)} rows, ${names.to} (orange) ${exact(diff.to.rows)} rows${columns.length > most ? `; ${most} of ${columns.length} columns` : ''}`}
      head="Column"
      rows={columns.slice(0, most).flatMap(({ name, missing }) =>
        sides.map(({ side, colour }) => {
          const trials = diff[side].rows
          const { lower, upper } = wilson({ events: missing[side] * trials, trials }, z95)
          return {
            key: `${name} ${side}`,
            label: (
              <span>
                <span className="mono">{name}</span> <span className="muted">{names[side]}</span>
              </span>
            ),
            estimate: missing[side],
            lower,
            upper,
            colour,
          }
        }),
      )}
      format={(share) => `${Number((share * 100).toPrecision(3))}`}
    />
  )
}
