import { html, type Markup } from '../../../data/profile/report/markup.ts'
import type { GateVerdict } from '../../gates/gate.ts'
import { fixed, roundTicks } from './plot.ts'

/** One thing with its estimate and interval, and what it is compared with. */
export interface IntervalRow {
  readonly label: string
  /** At the right: how many rows, what was found. */
  readonly aside: string
  readonly estimate: number | null
  readonly lower?: number | null
  readonly upper?: number | null
  /** A second, hollow mark: the champion's. */
  readonly other?: number | null
  /** Its colour. */
  readonly verdict?: GateVerdict | undefined
}

/** A line through all rows. */
export interface Mark {
  readonly at: number
  readonly name: string
  /** `limit` is what a row is held to. */
  readonly kind: 'zero' | 'limit' | 'overall'
}

const [width, right, rowHeight, top, bottom] = [720, 170, 24, 6, 34]
const longestLabel = 28

/** Rows of estimates with their intervals on one scale: slices, or groups. */
export function intervalRows(
  label: string,
  rows: readonly IntervalRow[],
  marks: readonly Mark[],
  format: (value: number) => string,
): Markup {
  const values = [
    ...rows.flatMap(({ estimate, lower, upper, other }) => [estimate, lower, upper, other]),
    ...marks.map(({ at }) => at),
  ].filter((value): value is number => typeof value === 'number' && Number.isFinite(value))
  if (values.length === 0) return html``
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = high > low ? (high - low) * 0.06 : Math.abs(high) * 0.1 || 1
  const [from, to] = [low - room, high + room]
  const longest = Math.max(...rows.map((row) => Math.min(longestLabel, row.label.length)))
  const left = 30 + 6.6 * longest
  const height = top + rows.length * rowHeight + bottom
  const x = (value: number) => fixed(left + ((value - from) / (to - from)) * (width - left - right))
  const end = height - bottom
  return html`<svg class="intervals" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    ${roundTicks(from, to).map(
      (tick) =>
        html`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${top}" y2="${end}" /><text
            x="${x(tick)}"
            y="${end + 15}"
            text-anchor="middle"
            >${format(tick)}</text
          >`,
    )}
    ${marks.map(
      ({ at, name, kind }) =>
        html`<line class="mark ${kind}" x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${end}"
          ><title>${name}: ${format(at)}</title></line
        >`,
    )}
    ${rows.map((row, i) => rowOf(row, top + i * rowHeight + rowHeight / 2, left, x, format))}
    <text class="axis" x="${(left + width - right) / 2}" y="${height - 4}" text-anchor="middle">
      ${label}
    </text>
  </svg>`
}

function rowOf(
  { label, aside, estimate, lower, upper, other, verdict }: IntervalRow,
  y: number,
  left: number,
  x: (value: number) => number,
  format: (value: number) => string,
): Markup {
  const short = label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label
  const isKnown = (value: number | null | undefined): value is number =>
    typeof value === 'number' && Number.isFinite(value)
  return html`<g class="row ${verdict ?? 'told'}">
    <title>
      ${label}:
      ${isKnown(estimate) ? format(estimate) : 'not told'}${isKnown(lower) && isKnown(upper) ? ` (${format(lower)} … ${format(upper)})` : ''}
    </title>
    <text class="name" x="${left - 12}" y="${y + 4}" text-anchor="end">${short}</text>
    ${isKnown(lower) && isKnown(upper) && html`<line class="span" x1="${x(lower)}" x2="${x(upper)}" y1="${y}" y2="${y}" />`}
    ${isKnown(other) && html`<circle class="other" cx="${x(other)}" cy="${y}" r="4.5" />`}
    ${isKnown(estimate) && html`<circle class="point" cx="${x(estimate)}" cy="${y}" r="4.5" />`}
    <text class="aside" x="${width - right + 12}" y="${y + 4}">${aside}</text>
  </g>`
}
