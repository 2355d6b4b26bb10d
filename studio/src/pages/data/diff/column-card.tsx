import { useMemo } from 'react'
import type { DataDiff, DiffColumn } from '../../../api/data-diffs.ts'
import { OverlayChart } from '../../../parts/chart/overlay-chart.tsx'
import { exact, metric, percent } from '../../../words/numbers.ts'
import { chanceOf } from './chance.ts'
import { Shares } from './shares.tsx'
import style from './diff.module.css'

/** One column on both sides: how far apart, a picture, the figures. */
export function ColumnCard({
  column,
  diff,
  names,
}: {
  readonly column: DiffColumn
  readonly diff: DataDiff
  readonly names: { readonly from: string; readonly to: string }
}) {
  const { name, renamedTo, kind, distance, same, histogram } = column
  const overlay = useMemo(
    () =>
      histogram === undefined
        ? undefined
        : {
            edges: histogram.edges,
            reference: {
              counts: histogram.counts.from,
              below: histogram.below.from,
              above: histogram.above.from,
            },
            current: { counts: histogram.counts.to, below: histogram.below.to, above: histogram.above.to },
          },
    [histogram],
  )
  const chance = chanceOf(column, diff)
  const measure = kind === 'categorical' ? 'total variation' : 'Kolmogorov–Smirnov'
  const says = same
    ? 'the same values, each as often'
    : distance > chance
      ? `${measure} ${metric(distance)}; by chance up to ${metric(chance)}`
      : `${measure} ${metric(distance)}, which chance gives, too (up to ${metric(chance)})`
  return (
    <section className={style.card} id={`column-${name}`} aria-label={`Column ${name}`}>
      <header className={style.cardHead}>
        <h3 className="mono">
          {name}
          {renamedTo === undefined ? '' : ` → ${renamedTo}`}
        </h3>
        <span className={style.kind}>{kind}</span>
        <span
          className={style.distance}
          title={`${measure}; a column that has not changed: up to ${metric(chance)}`}
        >
          {same ? <span className="muted">the same</span> : metric(distance)}
        </span>
      </header>
      <p className="muted" style={{ fontSize: 12 }}>
        {says}
      </p>
      {overlay !== undefined ? (
        <OverlayChart
          title={kind === 'datetime' ? 'Share of rows by time (UTC), %' : 'Share of rows, %'}
          names={{ reference: names.from, current: names.to }}
          overlay={overlay}
          isTime={kind === 'datetime'}
          conclusion={says}
        />
      ) : kind === 'categorical' ? (
        <Shares column={column} diff={diff} names={names} />
      ) : null}
      <Summary column={column} names={names} />
    </section>
  )
}

function Summary({
  column: { numeric, datetime, missing, distinct },
  names,
}: {
  readonly column: DiffColumn
  readonly names: { readonly from: string; readonly to: string }
}) {
  const sides = ['from', 'to'] as const
  const day = (text: string | null | undefined) => text?.slice(0, 16).replace('T', ' ') ?? '–'
  return (
    <table className={style.figures}>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Version</span>
          </th>
          {numeric === undefined
            ? null
            : ['mean', 'sd', 'median'].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
          {datetime === undefined ? null : <th scope="col">first</th>}
          {datetime === undefined ? null : <th scope="col">last</th>}
          {datetime === undefined && distinct !== undefined ? <th scope="col">distinct</th> : null}
          <th scope="col">missing</th>
        </tr>
      </thead>
      <tbody>
        {sides.map((side) => (
          <tr key={side}>
            <th scope="row" title={names[side]}>
              {names[side]}
            </th>
            {numeric === undefined ? null : (
              <>
                <td>{metric(numeric[side].mean)}</td>
                <td>{metric(numeric[side].std)}</td>
                <td>{metric(numeric[side].p50)}</td>
              </>
            )}
            {datetime === undefined ? null : <td>{day(datetime[side].min)}</td>}
            {datetime === undefined ? null : <td>{day(datetime[side].max)}</td>}
            {datetime === undefined && distinct !== undefined ? <td>≈ {exact(distinct[side])}</td> : null}
            <td>{percent(missing[side], 2)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
