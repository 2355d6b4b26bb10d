import { html, type Markup } from '../../../data/profile/report/markup.ts'

/** One direction of a plot, in the unit of what is plotted. */
export interface Axis {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly ticks: readonly number[]
  readonly format: (value: number) => string
}

/** Where a value lies on the paper. */
export interface Scale {
  readonly x: (value: number) => number
  readonly y: (value: number) => number
}

export interface Size {
  readonly width: number
  readonly height: number
}

const edges = { left: 46, right: 12, top: 10, bottom: 40 } as const
const usual: Size = { width: 340, height: 280 }

/** One digit after the point: places on paper need no more. */
export const fixed = (value: number): number => Math.round(value * 10) / 10

/** A frame with axes and a light grid, in which `marks` draws. `label` is what a reader without eyes is told. */
export function plot(
  label: string,
  x: Axis,
  y: Axis,
  marks: (at: Scale) => readonly Markup[],
  size: Size = usual,
): Markup {
  const { width, height } = size
  const [right, bottom] = [width - edges.right, height - edges.bottom]
  const at: Scale = {
    x: (value) => fixed(edges.left + ((value - x.from) / (x.to - x.from)) * (right - edges.left)),
    y: (value) => fixed(bottom - ((value - y.from) / (y.to - y.from)) * (bottom - edges.top)),
  }
  return html`<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    ${x.ticks.map(
      (tick) =>
        html`<line class="grid" x1="${at.x(tick)}" x2="${at.x(tick)}" y1="${edges.top}" y2="${bottom}" /><text
            x="${at.x(tick)}"
            y="${bottom + 15}"
            text-anchor="middle"
            >${x.format(tick)}</text
          >`,
    )}
    ${y.ticks.map(
      (tick) =>
        html`<line class="grid" x1="${edges.left}" x2="${right}" y1="${at.y(tick)}" y2="${at.y(tick)}" /><text
            x="${edges.left - 6}"
            y="${at.y(tick) + 4}"
            text-anchor="end"
            >${y.format(tick)}</text
          >`,
    )}
    <text class="axis" x="${(edges.left + right) / 2}" y="${height - 6}" text-anchor="middle">${x.name}</text>
    <text class="axis" transform="translate(11 ${(edges.top + bottom) / 2}) rotate(-90)" text-anchor="middle">
      ${y.name}
    </text>
    ${marks(at)}
  </svg>`
}

/** An axis from 0 to 1. */
export const unit = (name: string): Axis => ({
  name,
  from: 0,
  to: 1,
  ticks: [0, 0.25, 0.5, 0.75, 1],
  format: (value) => String(value),
})

/** An axis that takes in all the values, with round ticks. */
export function axisOf(name: string, values: readonly number[], format: (value: number) => string): Axis {
  const known = values.filter(Number.isFinite)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const room = high > low ? (high - low) * 0.05 : Math.abs(high) * 0.1 || 1
  const [from, to] = [low - room, high + room]
  return { name, from, to, ticks: roundTicks(from, to), format }
}

/** About so many round numbers within a range. */
export function roundTicks(from: number, to: number, about = 4): number[] {
  const rough = (to - from) / about
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const first = Math.ceil(from / step)
  const last = Math.floor(to / step)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  )
}

export type Who = 'candidate' | 'champion'

/** A line through points. */
export const line = (who: Who, points: readonly (readonly [number, number])[], at: Scale): Markup =>
  html`<path class="curve ${who}" d="M${points.map(([x, y]) => `${at.x(x)} ${at.y(y)}`).join('L')}" />`

/** A line from corner to corner, or any other that is only to be compared with. */
export const guide = (from: readonly [number, number], to: readonly [number, number], at: Scale): Markup =>
  html`<line
    class="guide"
    x1="${at.x(from[0])}"
    y1="${at.y(from[1])}"
    x2="${at.x(to[0])}"
    y2="${at.y(to[1])}"
  />`

/** A dot with what it says. */
export const dot = (who: Who, [x, y]: readonly [number, number], title: string, at: Scale): Markup =>
  html`<circle class="dot ${who}" cx="${at.x(x)}" cy="${at.y(y)}" r="4"><title>${title}</title></circle>`

/** Which colour is whose. */
export const legend = (names: Readonly<Partial<Record<Who, string>>>): Markup =>
  html`<p class="legend">
    ${(['candidate', 'champion'] as const).map((who) =>
      names[who] === undefined ? '' : html`<span><i class="${who}"></i>${names[who]} <em>${who}</em></span>`,
    )}
  </p>`

/** Light lines across a chart of rows at round values from `low` to `high`, each with its value below `end`. */
export const valueGrid = (
  [low, high]: readonly [number, number],
  x: (value: number) => number,
  { top, end }: { readonly top: number; readonly end: number },
  format: (value: number) => string,
): readonly Markup[] =>
  roundTicks(low, high).map(
    (tick) =>
      html`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${top}" y2="${end}" /><text
          x="${x(tick)}"
          y="${end + 15}"
          text-anchor="middle"
          >${format(tick)}</text
        >`,
  )
