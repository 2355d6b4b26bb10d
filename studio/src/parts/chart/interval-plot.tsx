import { VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { exact } from '../../words/numbers.ts'
import style from './interval-plot.module.css'
import { scaleOf } from './interval-scale.ts'

/** One estimate with its interval; what has none is a dot alone. */
export interface IntervalRow {
  readonly key: string
  readonly label: ReactNode
  readonly estimate: number | null
  readonly lower?: number | null | undefined
  readonly upper?: number | null | undefined
  readonly n?: number | undefined
  /** Number of its colour, 1 to 6. */
  readonly colour?: number
  /** Too few rows to say much: drawn hollow and grey. */
  readonly isFaint?: boolean
  readonly note?: ReactNode
}

/** A value that means something, and on which side of it one must not be. */
export interface IntervalLimit {
  readonly value: number
  readonly name: string
  readonly bad?: 'above' | 'below'
}

/**
 * Estimates with their intervals below each other, over one axis: a table whose middle column is drawn, so that it is
 * read by everybody in the same way. Limits are lines, with what is beyond them shaded.
 */
export function IntervalPlot({
  title,
  subtitle,
  rows,
  limits = [],
  format,
  tick = format,
  logarithmic = false,
  head = 'What',
}: {
  readonly title: string
  readonly subtitle?: string
  readonly rows: readonly IntervalRow[]
  readonly limits?: readonly IntervalLimit[]
  readonly format: (value: number) => string
  /** How values stand at the axis; default as in the table. */
  readonly tick?: (value: number) => string
  readonly logarithmic?: boolean
  /** What the rows are, above their names. */
  readonly head?: string
}) {
  const { place, ticks } = scaleOf({
    values: [
      ...rows.flatMap(({ estimate, lower, upper }) => [estimate, lower, upper]),
      ...limits.map(({ value }) => value),
    ].filter((value): value is number => typeof value === 'number'),
    logarithmic,
  })
  const at = (value: number) => `${(place(value) * 100).toFixed(2)}%`
  const hasNumbers = rows.some(({ n }) => n !== undefined)
  const hasNotes = rows.some(({ note }) => note !== undefined)
  return (
    <figure className={style.plot}>
      <figcaption>
        <strong>{title}</strong>
        {subtitle === undefined ? null : <span className="muted"> {subtitle}</span>}
      </figcaption>
      <div className={style.scroll} tabIndex={0} role="region" aria-label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{head}</th>
              <th scope="col" className={style.drawn}>
                <span className={style.limits}>
                  {limits.map(({ value, name }) => (
                    <span key={name} style={{ left: at(value) }} data-end={place(value) > 0.6 || undefined}>
                      {name}
                    </span>
                  ))}
                </span>
              </th>
              <th scope="col" className="number">
                Estimate
              </th>
              <th scope="col" className="number">
                Interval
              </th>
              {hasNumbers ? (
                <th scope="col" className="number">
                  n
                </th>
              ) : null}
              {hasNotes ? <th scope="col">Verdict</th> : null}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, label, estimate, lower, upper, n, colour = 2, isFaint = false, note }) => (
              <tr key={key} data-faint={isFaint || undefined}>
                <th scope="row">{label}</th>
                <td className={style.drawn}>
                  <span className={style.lane} aria-hidden>
                    {limits.map(({ value, name, bad }) => (
                      <span key={name}>
                        {bad === undefined ? null : (
                          <span
                            className={style.beyond}
                            style={
                              bad === 'above' ? { left: at(value), right: 0 } : { left: 0, width: at(value) }
                            }
                          />
                        )}
                        <span className={style.limit} style={{ left: at(value) }} />
                      </span>
                    ))}
                    {isNumber(lower) || isNumber(upper) ? (
                      <span
                        className={style.interval}
                        style={{
                          left: isNumber(lower) ? at(lower) : 0,
                          right: isNumber(upper) ? `calc(100% - ${at(upper)})` : 0,
                          background: isFaint ? 'var(--control)' : `var(--series-${colour})`,
                        }}
                      />
                    ) : null}
                    {isNumber(estimate) ? (
                      <span
                        className={style.dot}
                        style={{
                          left: at(estimate),
                          borderColor: isFaint ? 'var(--control)' : `var(--series-${colour})`,
                          background: isFaint ? 'var(--page)' : `var(--series-${colour})`,
                        }}
                      />
                    ) : null}
                  </span>
                </td>
                <td className="number">{isNumber(estimate) ? format(estimate) : '–'}</td>
                <td className="number">
                  {isNumber(lower) || isNumber(upper)
                    ? `${isNumber(lower) ? format(lower) : '…'} to ${isNumber(upper) ? format(upper) : '…'}`
                    : ''}
                </td>
                {hasNumbers ? <td className="number">{n === undefined ? '' : exact(n)}</td> : null}
                {hasNotes ? <td>{note}</td> : null}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">
                <VisuallyHidden>Axis</VisuallyHidden>
              </th>
              <td className={style.drawn}>
                <span className={style.ticks}>
                  {ticks.map((one) => (
                    <span key={one} style={{ left: at(one) }}>
                      {tick(one)}
                    </span>
                  ))}
                </span>
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </figure>
  )
}

const isNumber = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value)
