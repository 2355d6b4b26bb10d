import type { ReactNode } from 'react'
import type { DrawnRun } from '../../../parts/history/history-chart.tsx'
import style from './compare.module.css'
import { Swatch } from './swatch.tsx'

/** Rows of what runs have beside each other: a column for each run, the baseline first. */
export function SideBySide({
  label,
  runs,
  base,
  rows,
}: {
  readonly label: string
  readonly runs: readonly DrawnRun[]
  readonly base: string
  readonly rows: readonly {
    readonly name: string
    readonly isSame: boolean
    /** Stands beside the name. */
    readonly sign?: ReactNode
    readonly cells: readonly ReactNode[]
  }[]
}) {
  return (
    <div className={style.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={style.table}>
        <thead>
          <tr>
            <th scope="col">{label}</th>
            {runs.map((run) => (
              <th key={run.id} scope="col" title={run.name}>
                <Swatch look={run.look} /> {run.name}
                {run.id === base ? <span className={style.base}>baseline</span> : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, isSame, sign, cells }) => (
            <tr key={name} data-same={isSame}>
              <th scope="row" title={name}>
                {name} {sign}
              </th>
              {cells.map((cell, i) => (
                <td key={runs[i]?.id}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
