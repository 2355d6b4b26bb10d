import { percent, plural, quantity } from '../../../data/contracts/words/say.ts'
import { html, type Markup } from '../../../data/profile/report/markup.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { intervalRows } from '../../report/charts/interval-rows.ts'
import { badge, figure, measuresTable, notesList } from '../../report/measures.ts'
import type { GateVerdict, Measure } from '../gate.ts'
import type { FairnessDetails, FeatureDetails, ShownRate } from './details.ts'

/** The evidence of a fairness gate for people: disparities with their verdicts, and the groups' rates with intervals. */
export function fairnessReport(given: Json, measures: readonly Measure[], notes: readonly string[]): string {
  const { candidate, champion, data, rows, positive, features } = given as unknown as FairnessDetails
  return html`<div class="evidence">
    <p class="quiet">
      ${candidate}${champion !== undefined && ` against ${champion}`} on ${plural(rows, 'row')} of ${data};
      the favourable prediction is '${positive}'
    </p>
    ${measuresTable(measures.filter(({ slice }) => slice === undefined))}
    <p class="quiet">
      Filled marks are the candidate's rates with their
      intervals${champion !== undefined && ", hollow ones the champion's rates"}; the dotted line is the rate
      of all rows.
    </p>
    ${features.map((feature) => featureSection(feature))} ${notesList(notes)}
  </div>`.markup
}

const words: Readonly<Record<string, GateVerdict>> = {
  pass: 'pass',
  fail: 'fail',
  inconclusive: 'inconclusive',
}

function featureSection({ name, judgedShare, disparities, frame, rates }: FeatureDetails): Markup {
  return html`<h4>
      By ${name}
      <small
        >${judgedShare < 1 && `${percent(judgedShare)} of the rows are in groups that are large enough to be judged`}</small
      >
    </h4>
    ${disparities.map(
      ({ metric, value, limit, champion, verdict, why }) =>
        html`<p>
          <b>${metric}</b>
          ${figure(value)}${champion !== undefined && champion !== null && ` (the champion's ${figure(champion)})`},
          ${limit} ${badge(verdict)} <span class="quiet">${why}</span>
        </p>`,
    )}
    ${rates.map((rate) => rateChart(rate))}
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th>Group</th>
            ${frame.map(({ metric }) => html`<th class="number">${metric.replaceAll('_', ' ')}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${Object.keys(frame[0]?.groups ?? {}).map(
            (group) =>
              html`<tr>
                <th>${group}</th>
                ${frame.map(({ groups, metric }) => html`<td class="number">${metric === 'count' ? quantity(groups[group] ?? 0) : figure(groups[group])}</td>`)}
              </tr>`,
          )}
          ${(
            [
              ['all rows', 'overall'],
              ['difference', 'difference'],
              ['ratio', 'ratio'],
            ] as const
          ).map(
            ([title, key]) =>
              html`<tr>
                <th><small>${title}</small></th>
                ${frame.map((one) => html`<td class="number"><small>${one.metric === 'count' && key !== 'overall' ? '' : figure(one[key])}</small></td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`
}

function rateChart({ kind, overall, groups }: ShownRate): Markup {
  return intervalRows(
    kind.replaceAll('_', ' '),
    groups.map(({ group, rows, rate, lower, upper, champion, verdict }) => ({
      label: group,
      aside:
        rate === null
          ? 'too few to be shown'
          : `${figure(rate)} of ${quantity(rows)}${verdict === 'too_small' ? ', not judged' : ''}`,
      estimate: rate,
      lower,
      upper,
      ...(champion === undefined ? {} : { other: champion }),
      verdict: words[verdict],
    })),
    overall === null ? [] : [{ at: overall, name: 'all rows', kind: 'overall' }],
    figure,
  )
}
