import type { Association, ColumnProfile, HistogramProfile, TopValue } from '../profile.ts'
import { barsOf, coarser } from '../bars.ts'
import { html, type Markup } from './markup.ts'
import { figure, share } from '../words.ts'

const fixed = (value: number) => Math.round(value * 100) / 100

export function sparkline(column: ColumnProfile): Markup {
  const bars = barsOf(column, 24)
  const highest = Math.max(...bars, 1)
  const width = 120 / Math.max(bars.length, 8)
  return html`<svg class="spark" viewBox="0 0 120 26" preserveAspectRatio="none" aria-hidden="true">
    ${bars.map((count, i) => {
      const height = count === 0 ? 0 : Math.max(1, (count / highest) * 26)
      return html`<rect
        x="${fixed(i * width)}"
        y="${fixed(26 - height)}"
        width="${fixed(width * 0.86)}"
        height="${fixed(height)}"
      />`
    })}
  </svg>`
}

/** A histogram with its ends and quartiles below it. */
export function histogramChart(
  { edges, counts }: HistogramProfile,
  labels: { readonly first: string; readonly last: string },
  marks: readonly { readonly at: number | null; readonly name: string }[] = [],
): Markup {
  const bars = coarser(counts, 64)
  const highest = Math.max(...bars, 1)
  const width = 460 / bars.length
  const [first = 0, last = 1] = [edges[0], edges.at(-1)]
  const placed = marks.flatMap(({ at, name }) =>
    at === null || last === first ? [] : [{ x: fixed(((at - first) / (last - first)) * 460), name, at }],
  )
  return html`<svg
    class="histogram"
    viewBox="0 0 460 132"
    role="img"
    aria-label="histogram from ${labels.first} to ${labels.last}"
  >
    <g class="bars">
      ${bars.map((count, i) => {
        const height = count === 0 ? 0 : Math.max(1, (count / highest) * 100)
        return html`<rect
          x="${fixed(i * width)}"
          y="${fixed(104 - height)}"
          width="${fixed(Math.max(0.5, width - 1))}"
          height="${fixed(height)}"
          ><title>${figure(count)} rows</title></rect
        >`
      })}
    </g>
    <line class="axis" x1="0" x2="460" y1="104.5" y2="104.5" />
    ${placed.map(({ x, name, at }) => html`<line class="mark" x1="${x}" x2="${x}" y1="2" y2="109"><title>${name} ${figure(at)}</title></line>`)}
    <text x="0" y="124">${labels.first}</text>
    <text x="460" y="124" text-anchor="end">${labels.last}</text>
  </svg>`
}

/** The most frequent values as bars with their shares. */
export function valueBars(top: readonly TopValue[], most = 8): Markup {
  const highest = Math.max(...top.map(({ fraction }) => fraction), 1e-9)
  return html`<table class="values">
    ${top.slice(0, most).map(
      ({ value, count, fraction }) =>
        html`<tr title="${figure(count)} rows">
          <td class="value">${value === '' ? html`<i>empty text</i>` : value}</td>
          <td class="bar"><span style="width:${fixed((fraction / highest) * 100)}%"></span></td>
          <td class="number">${share(fraction)}</td>
        </tr>`,
    )}
  </table>`
}

/** Two versions side by side in the same bins or categories; shares, the baseline as an outline. */
export function driftChart(from: readonly number[], to: readonly number[]): Markup {
  const highest = Math.max(...from, ...to, 1e-9)
  const width = 200 / Math.max(from.length, 6)
  const bar = (kind: string) => (value: number, i: number) => {
    const height = fixed((value / highest) * 40)
    return html`<rect
      class="${kind}"
      x="${fixed(i * width + 0.5)}"
      y="${fixed(42 - height)}"
      width="${fixed(width - 1.5)}"
      height="${height}"
    />`
  }
  return html`<svg class="drift" viewBox="0 0 200 44" aria-hidden="true">
    ${to.map(bar('to'))}${from.map(bar('from'))}
  </svg>`
}

const measures: Readonly<Record<Association['measure'], string>> = {
  pearson: 'Pearson',
  spearman: 'Spearman',
  cramers_v: "Cramér's V",
  correlation_ratio: 'correlation ratio',
}

/** A square for each two columns, the stronger the more opaque. */
export function heatMap(names: readonly string[], pairs: readonly Association[]): Markup {
  const cell = names.length > 24 ? 16 : 22
  const label = 130
  const size = names.length * cell
  const short = (name: string) => (name.length > 18 ? `${name.slice(0, 17)}…` : name)
  const at = new Map(names.map((name, i) => [name, i]))
  const squares = pairs.flatMap(({ a, b, measure, value }) => {
    const [i, j] = [at.get(a), at.get(b)]
    if (measure === 'spearman' || i === undefined || j === undefined) return []
    return [
      [i, j],
      [j, i],
    ].map(
      ([x = 0, y = 0]) =>
        html`<rect
          class="${value < 0 ? 'minus' : 'plus'}"
          x="${label + x * cell}"
          y="${label + y * cell}"
          width="${cell - 1}"
          height="${cell - 1}"
          fill-opacity="${fixed(Math.abs(value))}"
          ><title>${a} and ${b}: ${measures[measure]} ${value.toFixed(3)}</title></rect
        >`,
    )
  })
  return html`<svg
    class="heat"
    viewBox="0 0 ${label + size + 60} ${label + size}"
    style="max-width:${label + size + 60}px"
    role="img"
    aria-label="associations between columns"
  >
    <rect class="ground" x="${label}" y="${label}" width="${size}" height="${size}" />
    ${squares}
    ${names.map(
      (name, i) =>
        html`<text x="${label - 6}" y="${label + i * cell + cell * 0.68}" text-anchor="end"
            >${short(name)}</text
          >
          <text transform="translate(${label + i * cell + cell * 0.68} ${label - 6}) rotate(-60)"
            >${short(name)}</text
          >
          <rect
            class="own"
            x="${label + i * cell}"
            y="${label + i * cell}"
            width="${cell - 1}"
            height="${cell - 1}"
          />`,
    )}
  </svg>`
}

export const measureName = (measure: Association['measure']): string => measures[measure]
