import { Button } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import style from './chart.module.css'
import type { Colours } from './time-option.ts'

const Drawing = lazy(async () => ({ default: (await import('./drawing.tsx')).Drawing }))

/** Rows of what a chart shows, for those who read it as a table. */
export interface ChartTable {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/**
 * A chart with its title (measure and unit), whom and what it is of, a sentence that says what is to be seen, and the same
 * as a table. ECharts is loaded when the first is shown.
 */
export function Chart({
  title,
  subtitle,
  conclusion,
  option,
  table,
  height = 200,
  isEmpty = false,
  emptyReason = 'Nothing was measured in this time.',
  onClick,
}: {
  readonly title: string
  readonly subtitle?: string
  readonly conclusion: string
  /** Keep it stable between renders: the chart is drawn anew for a new one. */
  readonly option: (colours: Colours) => object
  readonly table: () => ChartTable
  readonly height?: number
  readonly isEmpty?: boolean
  readonly emptyReason?: string
  readonly onClick?: (name: string, index: number) => void
}) {
  const [asTable, setAsTable] = useState(false)
  return (
    <figure className={style.chart}>
      <figcaption className={style.caption}>
        <span className={style.title}>{title}</span>
        {subtitle === undefined ? null : <span className={style.subtitle}>{subtitle}</span>}
        {isEmpty ? null : (
          <Button
            variant="subtle"
            size="compact-xs"
            className={style.toggle}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? 'View as chart' : 'View as table'}
          </Button>
        )}
      </figcaption>
      {isEmpty ? (
        <div className={style.empty} style={{ height }}>
          {emptyReason}
        </div>
      ) : asTable ? (
        <Values {...table()} height={height} />
      ) : (
        <Suspense fallback={<div style={{ height }} />}>
          <Drawing option={option} height={height} label={`${title}: ${conclusion}`} onClick={onClick} />
        </Suspense>
      )}
    </figure>
  )
}

function Values({ header, rows, height }: ChartTable & { readonly height: number }) {
  return (
    <div className={style.values} style={{ height }} tabIndex={0} role="region" aria-label="Values">
      <table>
        <thead>
          <tr>
            {header.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row[0]}>
              {row.map((value, i) => (
                <td key={header[i]}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
