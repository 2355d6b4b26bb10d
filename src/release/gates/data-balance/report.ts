import { percent, plural, quantity } from '../../../data/contracts/words/say.ts'
import { html, type Markup } from '../../../data/profile/report/markup.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { figure, measuresTable, notesList } from '../../report/measures.ts'
import type { Measure } from '../gate.ts'
import type { BalanceDetails } from './judge-balance.ts'

/** The evidence of a balance gate for people: what is held to a limit, the groups' sizes and labels, then every measure. */
export function balanceReport(given: Json, measures: readonly Measure[], notes: readonly string[]): string {
  const { data, rows, favourable, columns } = given as unknown as BalanceDetails
  const judged = measures.filter(({ verdict }) => verdict !== undefined)
  const told = measures.filter(({ verdict }) => verdict === undefined)
  return html`<div class="evidence">
    <p class="quiet">
      ${plural(rows, 'row')} of
      ${data}${favourable !== undefined && `; the favourable label is '${favourable}'`}
    </p>
    ${judged.length > 0 && measuresTable(judged, 'Value')}
    ${columns.map((column) => columnSection(column, favourable))}
    <details>
      <summary>${plural(told.length, 'more measure')}</summary>
      ${measuresTable(told, 'Value')}
    </details>
    ${notesList(notes)}
  </div>`.markup
}

function columnSection(
  { name, values, gaps }: BalanceDetails['columns'][number],
  favourable: string | undefined,
): Markup {
  const most = Math.max(...values.map(({ share }) => share))
  const parity = gaps['statistical_parity']
  return html`<h4>${name}</h4>
    ${
      parity !== undefined &&
      html`<p class="quiet">
        The label is '${favourable}' most differently for ${parity.first} and ${parity.second}: apart by
        ${figure(Math.abs(parity.value ?? 0))}.
      </p>`
    }
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th>Value</th>
            <th class="number">Rows</th>
            <th>Share</th>
            ${favourable !== undefined && html`<th class="number">labelled '${favourable}'</th>`}
          </tr>
        </thead>
        <tbody>
          ${values.map(
            ({ value, rows, share, favourable: labelled }) =>
              html`<tr>
                <th>${value}</th>
                <td class="number">${quantity(rows)}<small>${percent(share)}</small></td>
                <td class="meter-cell">
                  <span class="meter" style="width:${Math.round((share / most) * 100)}%"></span>
                </td>
                ${labelled !== undefined && html`<td class="number">${percent(labelled)}</td>`}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`
}
