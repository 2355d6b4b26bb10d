import { plural } from '../../data/contracts/words/say.ts'
import { html, type Markup } from '../../data/profile/report/markup.ts'
import type { ChampionDetails } from '../gates/champion/evaluate.ts'
import type { GateRecord } from '../releases/release.ts'
import { figure } from '../report/measures.ts'
import { metrics } from '../../statistics/metrics/catalogue.ts'

const most = 3

/** The slices in which the candidate does best and worst by the primary metric, of a gate that compared with a champion. */
export function cohorts(gate: GateRecord): Markup {
  const { slices, primary } = detailsOf(gate)
  const sign = metrics.get(primary)?.better === 'lower' ? -1 : 1
  const known = slices.flatMap((one) => (one.candidate === null ? [] : [{ ...one, value: one.candidate }]))
  if (known.length < 2) return html``
  const order = known.toSorted((a, b) => sign * (b.value - a.value))
  const half = Math.min(most, Math.floor(order.length / 2))
  const list = (title: string, rows: typeof order) =>
    html`<div>
      <h3>${title}</h3>
      <table>
        <tbody>
          ${rows.map(
            ({ slice, rows: count, value }) =>
              html`<tr>
                <th>
                  ${Object.entries(slice)
                    .map(([column, of]) => `${column} = ${of}`)
                    .join(', ')}
                </th>
                <td class="number">${figure(value)}</td>
                <td class="number quiet">${plural(count, 'row')}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`
  return html`<div class="pair">
    ${list(`Best slices by ${primary}`, order.slice(0, half))}
    ${list(`Worst slices by ${primary}`, order.slice(-half).toReversed())}
  </div>`
}

/** How many rows of the test data have which class; nothing for a target of numbers. */
export function targetDistribution(gate: GateRecord): Markup {
  const { data, rows, classes, curves } = detailsOf(gate)
  const confusion = curves.candidate.confusion
  const counts = confusion?.map((line) => line.reduce((sum, count) => sum + count, 0))
  return html`<p>${plural(rows, 'row')} of ${data} were asked.</p>
    ${
      counts !== undefined &&
      html`<p>
        ${classes.map(
          (name, i) =>
            html`${i > 0 && ', '}<strong>${name}</strong>: ${plural(counts[i] ?? 0, 'row')}
            (${figure((100 * (counts[i] ?? 0)) / Math.max(1, rows))} %)`,
        )}
      </p>`
    }`
}

const detailsOf = ({ result }: GateRecord): ChampionDetails => result?.details as unknown as ChampionDetails
