import { newcombe } from '../../../../../src/statistics/intervals/proportions.ts'
import type { DataDiff, DiffColumn } from '../../../api/data-diffs.ts'
import { IntervalPlot } from '../../../parts/chart/interval-plot.tsx'
import { shortened } from '../../../words/names.ts'
import { exact } from '../../../words/numbers.ts'
import style from './diff.module.css'

const z95 = 1.96
/** Values that are drawn: those whose shares differ most. */
const most = 6

/** Differences of the shares of a category's values, in percentage points, and the values that are new or have gone. */
export function Shares({
  column,
  diff,
  names,
}: {
  readonly column: DiffColumn
  readonly diff: DataDiff
  readonly names: { readonly from: string; readonly to: string }
}) {
  const { shares = [], newValues, goneValues, missing } = column
  const [n, m] = [diff.from.rows * (1 - missing.from), diff.to.rows * (1 - missing.to)]
  const rows = shares
    .toSorted((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from))
    .slice(0, most)
    .map(({ value, from, to }) => {
      const interval =
        n > 0 && m > 0
          ? newcombe({ events: to * m, trials: m }, { events: from * n, trials: n }, z95)
          : undefined
      return {
        key: value,
        label: (
          <span title={value}>
            {value === '' ? <em>empty</em> : shortened(value, 18)}
            {from === 0 ? <span className={style.unseen}>new</span> : null}
            {to === 0 ? <span className={style.unseen}>gone</span> : null}
          </span>
        ),
        estimate: to - from,
        lower: interval?.lower,
        upper: interval?.upper,
        colour: 2,
      }
    })
  const unseen = [
    { word: 'new', values: newValues },
    { word: 'gone', values: goneValues },
  ].filter(({ values }) => (values?.count ?? 0) > 0)
  return (
    <>
      <IntervalPlot
        title="Change of shares, pp"
        subtitle={`${names.to} less ${names.from}, 95 %; n ${exact(n)} and ${exact(m)}`}
        rows={rows}
        limits={[{ value: 0, name: '' }]}
        format={(share) => `${share > 0 ? '+' : share < 0 ? '−' : ''}${Math.abs(share * 100).toFixed(1)}`}
      />
      {unseen.map(({ word, values }) => (
        <p key={word} className={style.values}>
          <span className={style.unseen}>
            {exact(values?.count)} {word}
          </span>
          {values?.top.slice(0, 4).map(({ value, rows: own }) => (
            <span key={value} title={value}>
              {shortened(value, 20)} <span className="muted">{exact(own)}</span>
            </span>
          ))}
          {(values?.count ?? 0) > 4 ? <span className="muted">…</span> : null}
        </p>
      ))}
    </>
  )
}
