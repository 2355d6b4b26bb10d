import { html, type Markup } from '../../../data/profile/report/markup.ts'
import { fixed, valueGrid, type Who } from './plot.ts'

/** How much something matters to a model, with its interval and its standard deviation between repeats. */
export interface Bar {
  readonly mean: number
  readonly lower?: number
  readonly upper?: number
}

/** A column with the bars of both models. */
export interface BarRow {
  readonly label: string
  /** At the right. */
  readonly aside: string
  readonly bars: Readonly<Partial<Record<Who, Bar>>>
}

const [width, right, top, bottom, barHeight, gap] = [720, 90, 4, 34, 11, 9]
const longestLabel = 26

/** Horizontal bars from 0 with intervals as whiskers, the candidate's above the champion's. */
export function importanceBars(
  label: string,
  rows: readonly BarRow[],
  format: (value: number) => string,
): Markup {
  const values = rows.flatMap(({ bars }) =>
    Object.values(bars).flatMap(({ mean, lower = mean, upper = mean }) => [mean, lower, upper]),
  )
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)]
  if (high === low) return html``
  const models = rows.some(({ bars }) => bars.champion !== undefined) ? 2 : 1
  const rowHeight = models * barHeight + gap
  const left = 24 + 6.6 * Math.max(...rows.map((row) => Math.min(longestLabel, row.label.length)))
  const height = top + rows.length * rowHeight + bottom
  const end = height - bottom
  const x = (value: number) => fixed(left + ((value - low) / (high - low)) * (width - left - right))
  return html`<svg class="importance" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    ${valueGrid([low, high], x, { top, end }, format)}
    ${rows.map((row, i) => rowOf(row, top + i * rowHeight + gap / 2, models, left, x, format))}
    <line class="mark zero" x1="${x(0)}" x2="${x(0)}" y1="${top}" y2="${end}" />
    <text class="axis" x="${(left + width - right) / 2}" y="${height - 4}" text-anchor="middle">
      ${label}
    </text>
  </svg>`
}

function rowOf(
  { label, aside, bars }: BarRow,
  y: number,
  models: number,
  left: number,
  x: (value: number) => number,
  format: (value: number) => string,
): Markup {
  const short = label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label
  const middle = y + (models * barHeight) / 2 + 4
  const bar = (who: Who, place: number) => {
    const found = bars[who]
    if (found === undefined) return html``
    const { mean, lower, upper } = found
    const [from, to] = [x(Math.min(0, mean)), x(Math.max(0, mean))]
    const at = y + place * barHeight
    const centre = at + barHeight / 2 - 1
    return html`<g>
      <title>
        ${label}, ${who}:
        ${format(mean)}${lower !== undefined && upper !== undefined && ` (${format(lower)} … ${format(upper)})`}
      </title>
      <rect
        class="bar ${who}"
        x="${from}"
        y="${at}"
        width="${fixed(Math.max(1, to - from))}"
        height="${barHeight - 2}"
      />
      ${lower !== undefined && upper !== undefined && html`<line class="whisker" x1="${x(lower)}" x2="${x(upper)}" y1="${centre}" y2="${centre}" />`}
    </g>`
  }
  return html`<g>
    <text class="name" x="${left - 10}" y="${middle}" text-anchor="end">${short}</text>
    ${bar('candidate', 0)}${bar('champion', 1)}
    <text x="${width - right + 12}" y="${middle}">${aside}</text>
  </g>`
}
