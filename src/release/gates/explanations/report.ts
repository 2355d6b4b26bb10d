import { percent, plural, quantity } from '../../../data/contracts/words/say.ts'
import { html, type Markup } from '../../../data/profile/report/markup.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { beeswarm } from '../../report/charts/beeswarm.ts'
import { importanceBars, type Bar } from '../../report/charts/importance-bars.ts'
import { axisOf, dot, legend, line, plot, type Axis, type Who } from '../../report/charts/plot.ts'
import { figure, measuresTable, notesList } from '../../report/measures.ts'
import type { Measure } from '../gate.ts'
import type { ExplanationsDetails, ShownExplanation } from './judge.ts'

const [drawnColumns, drawnCurves] = [12, 8]
const small = { width: 300, height: 190 }

/** The evidence of the gate for people: what matters, what the models say of values, and what columns add to answers. */
export function explanationsReport(
  given: Json,
  measures: readonly Measure[],
  notes: readonly string[],
): string {
  const details = given as unknown as ExplanationsDetails
  const { candidate, champion, labels, data } = details
  const { rows, repeats, loss } = candidate.permutation
  const judged = measures.filter(({ verdict }) => verdict !== undefined)
  return html`<div class="evidence">
    <p class="quiet">
      ${labels.candidate}${champion !== undefined && ` beside ${labels.champion ?? 'the champion'}`} on
      ${plural(rows, 'row')} of ${data}
    </p>
    ${judged.length > 0 && measuresTable(judged)}
    ${legend({
      ...(labels.candidate === undefined ? {} : { candidate: labels.candidate }),
      ...(champion === undefined ? {} : { champion: labels.champion ?? 'champion' }),
    })}
    <h4>
      What matters
      <small
        >how much the ${loss} grows when a column is shuffled, ${plural(repeats, 'time')}; lines are intervals
        over rows</small
      >
    </h4>
    ${importance(candidate, champion)} ${candidate.dependence.length > 0 && dependenceSection(details)}
    ${swarms(details)} ${notesList(notes)}
  </div>`.markup
}

function importance(candidate: ShownExplanation, champion: ShownExplanation | undefined): Markup {
  const { columns, loss } = candidate.permutation
  const theirs = new Map((champion?.permutation.columns ?? []).map((one) => [one.column, one]))
  const ours = new Set(columns.map(({ column }) => column))
  const barOf = ({ mean, lower, upper }: Bar): Bar => ({
    mean,
    ...(lower === undefined ? {} : { lower }),
    ...(upper === undefined ? {} : { upper }),
  })
  const onlyTheirs = [...theirs.values()].filter(({ column, mean }) => !ours.has(column) && mean > 0)
  const rows = [
    ...columns.map((one) => {
      const other = theirs.get(one.column)
      return {
        label: one.column,
        aside: one.share > 0 ? percent(one.share) : '–',
        bars: { candidate: barOf(one), ...(other === undefined ? {} : { champion: barOf(other) }) },
      }
    }),
    ...onlyTheirs.map((one) => ({ label: one.column, aside: 'not used', bars: { champion: barOf(one) } })),
  ]
  const left = rows.length - drawnColumns
  return html`${importanceBars(`growth of the ${loss}`, rows.slice(0, drawnColumns), figure)}
    ${left > 0 && html`<p class="quiet">${plural(left, 'more column')} matter less.</p>`}
    <details>
      <summary>As numbers</summary>
      <div class="wide">${numbers(candidate)}</div>
    </details>`
}

const numbers = ({ permutation: { columns, loss } }: ShownExplanation): Markup =>
  html`<table>
    <thead>
      <tr>
        <th>Column</th>
        <th class="number">Growth of the ${loss}</th>
        <th class="number">Deviation between repeats</th>
        <th class="number">Of the whole</th>
        <th class="number">Answers move by</th>
      </tr>
    </thead>
    <tbody>
      ${columns.map(
        ({ column, mean, deviation, lower, upper, share, moved }) =>
          html`<tr>
            <th>${column}</th>
            <td class="number">${figure(mean)} <small>${figure(lower)} … ${figure(upper)}</small></td>
            <td class="number">${figure(deviation)}</td>
            <td class="number">${percent(share)}</td>
            <td class="number">${figure(moved)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`

function dependenceSection({ candidate, champion }: ExplanationsDetails): Markup {
  const says = answerOf(candidate)
  const others = new Map((champion?.dependence ?? []).map((one) => [one.column, one]))
  const drawn = candidate.dependence
    .slice(0, drawnCurves)
    .map((one) => ({ one, other: others.get(one.column) }))
  // One scale for all: a column of little effect is to look like it.
  const means = drawn.flatMap(({ one, other }) =>
    [...one.points, ...(other?.points ?? [])].map(([, mean]) => mean),
  )
  const y = axisOf('', means, figure)
  return html`<h4>
      What it says of their values <small>${says}, on average, if every row had the value</small>
    </h4>
    <div class="charts many">
      ${drawn.map(
        ({ one, other }) =>
          html`<figure>
            <figcaption>${one.column}</figcaption>
            ${one.number ? curves(one, other, y) : categories(one, other, y)}
          </figure>`,
      )}
    </div>`
}

type Dependence = ShownExplanation['dependence'][number]
type Point = readonly [number, number]

const numbersOf = ({ points }: Dependence): readonly Point[] =>
  points.map(([at, mean]) => [Number(at), mean] as const)

function curves(one: Dependence, other: Dependence | undefined, y: Axis): Markup {
  const x = axisOf(
    '',
    [...numbersOf(one), ...(other === undefined ? [] : numbersOf(other))].map(([at]) => at),
    figure,
  )
  return plot(
    `dependence on ${one.column}`,
    x,
    y,
    (at) => [
      ...(other === undefined ? [] : [line('champion', numbersOf(other), at)]),
      line('candidate', numbersOf(one), at),
    ],
    small,
  )
}

function categories(one: Dependence, other: Dependence | undefined, y: Axis): Markup {
  const names = one.points.map(([at]) => String(at))
  const ticks =
    names.length > 6
      ? names.flatMap((_, i) => (i % Math.ceil(names.length / 6) === 0 ? [i] : []))
      : [...names.keys()]
  const most = Math.max(4, Math.floor(40 / ticks.length))
  const format = (at: number) => {
    const name = names[at] ?? ''
    return name.length > most ? `${name.slice(0, most - 1)}…` : name
  }
  const x: Axis = { name: '', from: -0.5, to: names.length - 0.5, ticks, format }
  const dots = (who: Who, { points }: Dependence, at: Parameters<Parameters<typeof plot>[3]>[0]) =>
    points.flatMap(([value, mean]) => {
      const place = names.indexOf(String(value))
      return place < 0 ? [] : [dot(who, [place, mean], `${String(value)}: ${figure(mean)}`, at)]
    })
  return plot(
    `dependence on ${one.column}`,
    x,
    y,
    (at) => [...(other === undefined ? [] : dots('champion', other, at)), ...dots('candidate', one, at)],
    small,
  )
}

const answerOf = ({ positive, permutation: { loss } }: ShownExplanation): string =>
  loss === 'log loss' && positive !== null ? `the probability of '${positive}'` : 'the prediction'

function swarms({ candidate, champion, labels }: ExplanationsDetails): Markup {
  const models = (
    [
      ['candidate', candidate.shap],
      ['champion', champion?.shap],
    ] as const
  ).flatMap(([who, shap]) => (shap === null || shap === undefined ? [] : [{ who, shap }]))
  if (models.length === 0) return html``
  return html`<h4>
      What columns add to answers
      <small
        >SHAP values; a dot is a row, from <i class="low"></i> low to <i class="high"></i> high values</small
      >
    </h4>
    <div class="charts swarms">
      ${models.map(
        ({ who, shap }) =>
          html`<figure>
            <figcaption>
              ${labels[who] ?? who}
              <small>${shap.method}, ${quantity(shap.sample[0]?.shap.length ?? 0)} rows drawn</small>
            </figcaption>
            ${beeswarm(
              'SHAP value, in the unit of the model’s own score',
              shap.sample.map(({ column, shap: values, value }) => ({ column, values, ranks: value })),
              figure,
            )}
          </figure>`,
      )}
    </div>`
}
