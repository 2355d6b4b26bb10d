import { html, type Markup } from '../../data/profile/report/markup.ts'
import type { GateResult } from '../gates/gate.ts'
import { measuresTable, notesList } from './measures.ts'

/** A gate's evidence: its measures, what only this kind of gate has to show, and its notes. */
export function fragment(
  { measures, notes }: Pick<GateResult, 'measures' | 'notes'>,
  ...shown: readonly (Markup | false | undefined)[]
): string {
  return html`<div class="evidence">
    ${measures.length > 0 && measuresTable(measures)} ${shown} ${notesList(notes)}
  </div>`.markup
}

/** A table of texts; nothing where there are no rows. */
export const table = (
  head: readonly string[],
  rows: readonly (readonly (string | Markup)[])[],
): Markup | false =>
  rows.length > 0 &&
  html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${head.map((name) => html`<th>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
