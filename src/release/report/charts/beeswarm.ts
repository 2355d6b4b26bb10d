import { html, type Markup } from '../../../data/profile/report/markup.ts'
import { fixed, valueGrid } from './plot.ts'

/** What a column adds to the answers of some rows, and where its values stand among the others. */
export interface Swarm {
  readonly column: string
  readonly values: readonly number[]
  /** 0 for the lowest value to 1 for the highest; null for what has no order. */
  readonly ranks: readonly (number | null)[]
}

const [width, right, top, bottom, rowHeight] = [520, 14, 4, 34, 34]
const [longestLabel, radius, bins] = [20, 2.6, 60]

/** A row of dots for each column, piled up where many are; the colour tells high values of the column from low ones. */
export function beeswarm(label: string, swarms: readonly Swarm[], format: (value: number) => string): Markup {
  const all = swarms.flatMap(({ values }) => values)
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)]
  if (high === low) return html``
  const left = 24 + 6.6 * Math.max(...swarms.map(({ column }) => Math.min(longestLabel, column.length)))
  const height = top + swarms.length * rowHeight + bottom
  const end = height - bottom
  const x = (value: number) => fixed(left + ((value - low) / (high - low)) * (width - left - right))
  return html`<svg class="swarm" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    ${valueGrid([low, high], x, { top, end }, format)}
    <line class="mark zero" x1="${x(0)}" x2="${x(0)}" y1="${top}" y2="${end}" />
    ${swarms.map(({ column, values, ranks }, i) => {
      const centre = top + i * rowHeight + rowHeight / 2
      const short = column.length > longestLabel ? `${column.slice(0, longestLabel - 1)}…` : column
      const heights = piled(values.map((value) => Math.floor(((value - low) / (high - low)) * bins)))
      return html`<text class="name" x="${left - 10}" y="${centre + 4}" text-anchor="end">${short}</text>
        ${values.map((value, j) => {
          const rank = ranks[j] ?? null
          return html`<circle
            class="${rank === null ? 'bare' : 'ranked'}"
            cx="${x(value)}"
            cy="${fixed(centre + (heights[j] ?? 0))}"
            r="${radius}"
            ${rank !== null && html`style="--rank:${Math.round(rank * 20) * 5}%"`}
          />`
        })}`
    })}
    <text class="axis" x="${(left + width - right) / 2}" y="${height - 4}" text-anchor="middle">
      ${label}
    </text>
  </svg>`
}

/** How far from the middle each dot is put: those of a bin are piled up to both sides, closer where they are many. */
function piled(places: readonly number[]): readonly number[] {
  const counts = new Map<number, number>()
  for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1)
  const room = rowHeight / 2 - radius - 1
  const met = new Map<number, number>()
  return places.map((place) => {
    const before = met.get(place) ?? 0
    met.set(place, before + 1)
    const half = Math.max(1, ((counts.get(place) ?? 1) - 1) / 2)
    const step = Math.min(2 * radius, room / half)
    return (before % 2 === 0 ? 1 : -1) * Math.ceil(before / 2) * step
  })
}
