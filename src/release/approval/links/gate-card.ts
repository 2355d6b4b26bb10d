import { html, raw } from 'hono/html'
import type { Html } from '../../../kernel/http/page.ts'
import { gates } from '../../gates/gates.ts'
import type { GateRecord } from '../../releases/release.ts'
import { dateOf, nameOf, outcomeOf, valueOf, type Mark } from '../review.ts'

const signs: Readonly<Record<Mark, string>> = { good: '✓', bad: '✕', warn: '!', none: '–' }

/**
 * What a gate has found: as its own report shows it, or its measures. `files` is the address below which the files of the
 * gate's stage are; they are named only where there is one.
 */
export function gateCard(gate: GateRecord, files: string | undefined): Html {
  const { word, mark } = outcomeOf(gate)
  const { result, waiver, error, attempt, name } = gate
  const measures = result?.measures ?? []
  const notes = result?.notes ?? []
  const report =
    result === undefined ? undefined : gates.find((kind) => kind.name === gate.gate)?.report?.(result)
  return html`<section class="gate ${mark}">
    <h4>
      <span class="sign" aria-hidden="true">${signs[mark]}</span>
      <span>${name.replaceAll('_', ' ')}</span>
      <span class="word">${word}${attempt > 1 ? html`, attempt ${attempt}` : ''}</span>
    </h4>
    ${result === undefined ? '' : html`<p>${result.summary}</p>`}
    ${error === undefined ? '' : html`<p>${error}</p>`}
    ${
      waiver === undefined
        ? ''
        : html`<p class="waiver">
            Waived by ${waiver.by.name} until ${dateOf(waiver.expiresAt)}: ${waiver.reason}
          </p>`
    }
    ${
      report === undefined
        ? html`${measures.length === 0 ? '' : measureTable(measures, mark !== 'good')} ${told(notes)}`
        : html`<details${raw(mark === 'good' ? '' : ' open')}>
            <summary>What it found</summary>
            ${raw(report)}
          </details>`
    }
    ${
      files === undefined || result === undefined || result.files.length === 0
        ? ''
        : html`<p class="files">
            ${result.files.map(
              (file) =>
                html`<a href="${`${files}/${name}/${attempt}/${encodeURIComponent(file.name)}`}"
                  >${file.title}</a
                > `,
            )}
          </p>`
    }
  </section>`
}

const told = (notes: readonly string[]): Html =>
  notes.length === 0
    ? html``
    : html`<details>
        <summary>${notes.length === 1 ? 'A note' : `${notes.length} notes`}</summary>
        <ul>
          ${notes.map((note) => html`<li>${note}</li>`)}
        </ul>
      </details>`

const measureTable = (measures: NonNullable<GateRecord['result']>['measures'], open: boolean): Html =>
  html`<details ${open || measures.length <= 4 ? raw('open') : ''}>
    <summary>${measures.length === 1 ? 'One measure' : `${measures.length} measures`}</summary>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Measure</th>
            <th scope="col">Value</th>
            <th scope="col">Asked</th>
          </tr>
        </thead>
        <tbody>
          ${measures.map(
            (measure) =>
              html`<tr class="${measure.verdict === undefined || measure.verdict === 'pass' ? '' : 'off'}">
                <th scope="row">${nameOf(measure)}</th>
                <td>${valueOf(measure)}</td>
                <td>${measure.limit ?? ''}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`
