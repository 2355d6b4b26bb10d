import { percent, quantity } from '../../data/contracts/words/say.ts'
import { html, type Markup } from '../../data/profile/report/markup.ts'
import type { GateVerdict, Measure } from '../gates/gate.ts'

const words: Readonly<Record<GateVerdict, string>> = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'inconclusive',
  not_applicable: 'not applicable',
}

/** A verdict as a mark with its word. */
export const badge = (verdict: GateVerdict): Markup =>
  html`<span class="badge ${verdict}">${words[verdict]}</span>`

/** A number with as many digits as tell something. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–'
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return quantity(Math.round(value))
  return Number(value.toPrecision(4)).toString().replace('-', '−')
}

/** A name that may be broken after its underscores. */
export const breakable = (name: string): Markup =>
  html`${name.split('_').map((word, i, all) => html`${word}${i < all.length - 1 && html`_<wbr />`}`)}`

/** An estimate with its interval below. */
export const withInterval = ({ estimate, interval, method, n }: Measure): Markup =>
  html`<td
    class="number"
    title="${[method, n === undefined ? undefined : `${quantity(n)} rows`].filter(Boolean).join(', ')}"
  >
    ${figure(estimate)}
    ${interval !== undefined && html`<small>${figure(interval.lower)} … ${figure(interval.upper)}</small>`}
  </td>`

/**
 * Measures as a table, one line for each name: the candidate's, the champion's and what is between them, what it had to be,
 * and whether it is. Those without a champion take no columns for one; `own`
 * is what the first column of numbers is called.
 */
export function measuresTable(measures: readonly Measure[], own = 'Candidate'): Markup {
  const lines = [...Map.groupBy(measures, ({ name, slice }) => `${name}\0${sliceName(slice)}`).values()]
  const isCompared = measures.some(({ of }) => of === 'champion' || of === 'difference' || of === 'ratio')
  return html`<div class="wide">
    <table class="measures">
      <thead>
        <tr>
          <th>Measure</th>
          <th class="number">${own}</th>
          ${
            isCompared &&
            html`<th class="number">Champion</th>
              <th class="number">Difference</th>`
          }
          <th>Has to be</th>
          <th>Verdict</th>
        </tr>
      </thead>
      <tbody>
        ${lines.map((line) => measureLine(line, isCompared))}
      </tbody>
    </table>
  </div>`
}

function measureLine(line: readonly Measure[], isCompared: boolean): Markup {
  const of = (who: Measure['of']) => line.find((measure) => (measure.of ?? 'candidate') === who)
  const between = of('difference') ?? of('ratio')
  const [first] = line
  const judged = line.filter(({ verdict }) => verdict !== undefined)
  const cell = (measure: Measure | undefined) =>
    measure === undefined ? html`<td></td>` : withInterval(measure)
  const where = sliceName(first?.slice)
  return html`<tr>
    <th>${breakable(first?.name ?? '')}${where !== '' && html` <small>${where}</small>`}</th>
    ${cell(of('candidate'))}
    ${isCompared && [cell(of('champion')), between?.of === 'ratio' ? ratioCell(between) : cell(between)]}
    <td>
      ${judged.map(({ limit }) => html`<div>${limit ?? ''}</div>`)}
      ${[...new Set(line.flatMap(({ note }) => (note === undefined ? [] : [note])))].map((note) => html`<small>${note}</small>`)}
    </td>
    <td>${judged.map(({ verdict }) => (verdict === undefined ? '' : html`<div>${badge(verdict)}</div>`))}</td>
  </tr>`
}

const ratioCell = (measure: Measure): Markup =>
  html`<td class="number" title="${measure.method ?? ''}">
    ${percentChange(measure.estimate)}
    ${measure.interval !== undefined && html`<small>${percentChange(measure.interval.lower)} … ${percentChange(measure.interval.upper)}</small>`}
  </td>`

const percentChange = (ratio: number | null) =>
  ratio === null ? '–' : `${ratio >= 1 ? '+' : '−'}${percent(Math.abs(ratio - 1))}`

const sliceName = (slice: Measure['slice']) =>
  Object.entries(slice ?? {})
    .map(([column, value]) => `${column} = ${value}`)
    .join(' and ')

/** What a reader should know beside the numbers. */
export const notesList = (notes: readonly string[]): Markup =>
  notes.length === 0
    ? html``
    : html`<ul class="notes">
        ${notes.map((note) => html`<li>${note}</li>`)}
      </ul>`
