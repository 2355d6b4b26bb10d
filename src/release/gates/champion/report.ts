import { percent, plural, quantity } from '../../../data/contracts/words/say.ts'
import { html, type Markup } from '../../../data/profile/report/markup.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { ErrorNode } from '../../../statistics/slices/tree.ts'
import { intervalRows } from '../../report/charts/interval-rows.ts'
import { axisOf, dot, guide, legend, line, plot, unit, type Who } from '../../report/charts/plot.ts'
import { bars, confusionTable } from '../../report/charts/tables.ts'
import { figure, measuresTable, notesList } from '../../report/measures.ts'
import type { Measure } from '../gate.ts'
import type { ModelCurves } from './curves.ts'
import type { ChampionDetails, ShownSlice } from './evaluate.ts'
import type { WeakSlices } from './weak-slices.ts'

/** The evidence of an evaluation for people: the measures, how both models answer, and where the candidate does worse. */
export function championReport(given: Json, measures: readonly Measure[], notes: readonly string[]): string {
  const details = given as unknown as ChampionDetails
  const { candidate, champion, data, task, curves, slices, weak, classes } = details
  return html`<div class="evidence">
    <p class="quiet">
      ${candidate}${champion !== undefined && ` against ${champion}`} on ${plural(details.rows, 'row')} of
      ${data}
    </p>
    ${measuresTable(measures.filter(({ slice }) => slice === undefined))}
    ${legend({ candidate, ...(champion === undefined ? {} : { champion }) })}
    <div class="charts">
      ${task === 'regression' ? regressionCharts(curves) : classCharts(curves, classes)}
    </div>
    ${slices.length > 0 && slicesSection(slices, details)} ${weak !== undefined && weakSection(weak)}
    ${notesList(notes)}
  </div>`.markup
}

const halves = { ...unit('least cost of a row'), to: 0.5, ticks: [0, 0.1, 0.2, 0.3, 0.4, 0.5] }

const both = (curves: ChampionDetails['curves']): readonly (readonly [Who, ModelCurves])[] => [
  ...(curves.champion === undefined ? [] : [['champion', curves.champion] as const]),
  ['candidate', curves.candidate],
]

function classCharts(curves: ChampionDetails['curves'], classes: readonly string[]): readonly Markup[] {
  const models = both(curves)
  const hasCurves = curves.candidate.roc !== undefined
  return [
    ...(hasCurves
      ? [
          html`<figure>
            <figcaption>ROC <small>the dot is where the model decides</small></figcaption>
            ${plot('ROC curves', unit('false positive rate'), unit('true positive rate'), (at) => [
              guide([0, 0], [1, 1], at),
              ...models.flatMap(([who, { roc = [], working }]) => [
                line(who, roc, at),
                ...(working === undefined ? [] : [dot(who, working.roc, `${who} decides here`, at)]),
              ]),
            ])}
          </figure>`,
          html`<figure>
            <figcaption>Precision and recall</figcaption>
            ${plot('precision and recall', unit('recall'), unit('precision'), (at) =>
              models.flatMap(([who, { precisionRecall = [], working }]) => [
                line(who, precisionRecall, at),
                ...(working === undefined
                  ? []
                  : [dot(who, working.precisionRecall, `${who} decides here`, at)]),
              ]),
            )}
          </figure>`,
          html`<figure>
            <figcaption>
              Cost at every price <small>lower is better; left false alarms are dear, right misses</small>
            </figcaption>
            ${plot('cost curves', unit('share of the cost that lies with positives'), halves, (at) => [
              guide([0, 0], [0.5, 0.5], at),
              guide([0.5, 0.5], [1, 0], at),
              ...models.map(([who, { cost = [] }]) => line(who, cost, at)),
            ])}
          </figure>`,
        ]
      : []),
    ...models.toReversed().flatMap(([who, { confusion }]) =>
      confusion === undefined
        ? []
        : [
            html`<figure>
              <figcaption>
                Confusion <small>of the ${who}: true classes down, predicted across</small>
              </figcaption>
              <div class="wide">${confusionTable(classes, confusion)}</div>
            </figure>`,
          ],
    ),
  ]
}

function regressionCharts(curves: ChampionDetails['curves']): readonly Markup[] {
  const models = both(curves)
  const points = models.flatMap(([, { tenths = [] }]) => tenths)
  const xs = axisOf(
    'mean prediction',
    points.map(([x]) => x),
    figure,
  )
  const ys = axisOf(
    'mean truth',
    points.flatMap(([x, y]) => [x, y]),
    figure,
  )
  return [
    html`<figure>
      <figcaption>
        Truth by prediction <small>in tenths of the rows; on the line it is right</small>
      </figcaption>
      ${plot('truth by prediction', { ...xs, from: ys.from, to: ys.to, ticks: ys.ticks }, ys, (at) => [
        guide([ys.from, ys.from], [ys.to, ys.to], at),
        ...models.flatMap(([who, { tenths = [] }]) => [
          line(who, tenths, at),
          ...tenths.map(([x, y]) => dot(who, [x, y], `said ${figure(x)}, was ${figure(y)}`, at)),
        ]),
      ])}
    </figure>`,
    ...models.toReversed().flatMap(([who, { residuals }]) =>
      residuals === undefined
        ? []
        : [
            html`<figure>
              <figcaption>Residuals <small>of the ${who}: prediction less truth</small></figcaption>
              ${bars('residuals', residuals.counts, [figure(residuals.edges[0]), figure(residuals.edges.at(-1))], 180)}
            </figure>`,
          ],
    ),
  ]
}

const nameOf = ({ slice }: ShownSlice) =>
  Object.entries(slice)
    .map(([column, value]) => `${column} = ${value}`)
    .join(', ')

function slicesSection(slices: readonly ShownSlice[], { primary, champion }: ChampionDetails): Markup {
  if (champion === undefined)
    return html`<h4>${primary} by declared slice</h4>
      ${intervalRows(
        primary,
        slices.map((slice) => ({
          label: nameOf(slice),
          aside: `${quantity(slice.rows)} rows`,
          estimate: slice.candidate,
        })),
        [],
        figure,
      )}`
  const judged = slices.filter(({ difference }) => difference !== undefined)
  const others = slices.filter(({ difference }) => difference === undefined)
  const margin = judged.map(({ margin: own }) => own ?? 0)
  const isOne = new Set(margin).size === 1
  return html`<h4>
      ${primary} by declared slice
      <small>to the right of the line the candidate is better than the champion</small>
    </h4>
    ${
      judged.length > 0 &&
      intervalRows(
        `how much better the candidate's ${primary} is`,
        judged
          .toSorted((a, b) => (a.difference?.estimate ?? 0) - (b.difference?.estimate ?? 0))
          .map((slice) => ({
            label: nameOf(slice),
            aside: `${figure(slice.candidate)}, was ${figure(slice.champion)} · ${quantity(slice.rows)}`,
            estimate: slice.difference?.estimate ?? null,
            lower: slice.difference?.lower ?? null,
            upper: slice.difference?.upper ?? null,
            verdict: slice.verdict,
          })),
        [
          { at: 0, name: 'as good as the champion', kind: 'zero' },
          ...(isOne ? [{ at: -(margin[0] ?? 0), name: 'the margin', kind: 'limit' as const }] : []),
        ],
        figure,
      )
    }
    ${
      others.length > 0 &&
      html`<p class="quiet">
        Told and not judged:
        ${others.map((slice, i) => `${i === 0 ? '' : '; '}${nameOf(slice)} (${quantity(slice.rows)} rows, ${figure(slice.candidate)}, was ${figure(slice.champion)})`)}
      </p>`
    }`
}

function weakSection({ of, loss, tested, slices, tree }: WeakSlices): Markup {
  const isShare = of.startsWith('share')
  const show = (value: number) => (isShare ? percent(value) : figure(value))
  return html`<h4>
      Where the candidate does worse <small>found, not declared: it informs and decides nothing</small>
    </h4>
    ${
      slices.length === 0
        ? html`<p class="quiet">
            None of ${quantity(tested)} slices of one or two columns stands out from the rest (${of}
            ${show(loss)}).
          </p>`
        : html`<p class="quiet">
              ${of} is ${show(loss)} of all rows; of ${quantity(tested)} slices these stand out.
            </p>
            <div class="wide">
              <table>
                <thead>
                  <tr>
                    <th>Slice</th>
                    <th class="number">Rows</th>
                    <th class="number">${of}</th>
                    <th></th>
                    ${slices.some(({ championLoss }) => championLoss !== undefined) && html`<th class="number">Champion</th>`}
                    <th>Confirmed</th>
                  </tr>
                </thead>
                <tbody>
                  ${slices.map(
                    (slice) =>
                      html`<tr>
                        <th>${short(slice.id)}</th>
                        <td class="number">${quantity(slice.rows)}<small>${percent(slice.share)}</small></td>
                        <td class="number">
                          ${show(slice.loss)}<small>${show(slice.lower)} … ${show(slice.upper)}</small>
                        </td>
                        <td class="meter-cell" title="${figure(slice.relativeLoss)} times that of all rows">
                          <span
                            class="meter"
                            style="width:${Math.min(100, Math.round((slice.loss / Math.max(...slices.map((one) => one.loss))) * 100))}%"
                          ></span>
                        </td>
                        ${slice.championLoss !== undefined && html`<td class="number">${show(slice.championLoss)}</td>`}
                        <td>${slice.confirmed ? 'in the other half too' : 'not in the other half'}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
    }
    ${
      tree.children.length > 0 &&
      html`<h4>Tree of errors <small>grown on one half of the rows, measured on the other</small></h4>
        <ul class="tree">
          ${nodeOf(tree, Math.max(1e-9, highest(tree)), show)}
        </ul>`
    }`
}

/** Numbers in a condition with as many digits as can be read. */
const short = (condition: string) =>
  condition.replaceAll(/\d+\.\d{4,}/g, (number) => Number(Number(number).toPrecision(5)).toString())

const highest = ({ rate, children }: ErrorNode): number => Math.max(rate, ...children.map(highest))

function nodeOf(
  { condition, rows, rate, coverage, children }: ErrorNode,
  most: number,
  show: (value: number) => string,
): Markup {
  return html`<li>
    <div>
      <span
        >${short(condition ?? 'all rows')}
        <small>${quantity(rows)} rows, ${percent(coverage)} of the loss</small></span
      >
      <span>${show(rate)}</span>
      <i style="width:${Math.round((rate / most) * 100)}%"></i>
    </div>
    ${
      children.length > 0 &&
      html`<ul>
        ${children.map((child) => nodeOf(child, most, show))}
      </ul>`
    }
  </li>`
}
