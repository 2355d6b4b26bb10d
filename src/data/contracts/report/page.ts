import { html, raw } from 'hono/html'
import type { Cell } from '../../../analytics/analytics.ts'
import type { CheckOutcome, CheckResult, Evaluation } from '../evaluation/result.ts'
import { cell, percent, plural, quantity } from '../words/say.ts'
import { style } from './style.ts'

const marks: Readonly<Record<CheckOutcome, string>> = { success: '✓', warn: '!', fail: '✗', error: '?' }
const inWords: Readonly<Record<CheckOutcome, string>> = {
  success: 'kept',
  warn: 'warned of',
  fail: 'broken',
  error: 'not evaluated',
}
const order: readonly CheckOutcome[] = ['fail', 'error', 'warn', 'success']

/**
 * One evaluation as a page that needs nothing but itself: what it comes to, then the checks of the table and of each
 * column, worst first, with values and rows that break them. Everything from the data is escaped.
 */
export async function contractPage(shown: {
  readonly contract: string
  /** `flights:3`, or whatever was evaluated. */
  readonly data: string
  readonly evaluation: Evaluation
}): Promise<string> {
  const { contract, data, evaluation } = shown
  const { outcome, results, rows, startedAt, seconds, notes } = evaluation
  const groups = Map.groupBy(results, ({ columns }) => columns.join(', '))
  const sorted = [...groups].sort(
    ([a, first], [b, second]) => rank(first) - rank(second) || (a === '' ? -1 : b === '' ? 1 : 0),
  )
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${data}: ${outcome}</title>
        ${style}
      </head>
      <body>
        <main>
          <header>
            <h1>${data} <span class="badge ${outcome}">${outcome}</span></h1>
            <p>Contract <b>${contract}</b> · ${plural(rows, 'row')} · ${when(startedAt)} · ${seconds} s</p>
            ${notes.map((note) => html`<p>${note}</p>`)}
          </header>
          <div class="bar" aria-hidden="true">${order.toReversed().map((o) => bar(o, results))}</div>
          <div class="tally">
            ${order
              .toReversed()
              .filter((o) => o === 'success' || count(o, results) > 0)
              .map(
                (o) =>
                  html`<span
                    ><b class="${o === 'success' ? 'passed' : o}">${quantity(count(o, results))}</b>
                    ${inWords[o]}</span
                  >`,
              )}
            ${results.some(({ outcome: o }) => o !== 'success') ? html`<label class="only"><input type="checkbox" id="only" /> only what is not kept</label>` : ''}
          </div>
          ${sorted.map(([name, checks]) => section(name, checks, rows))}
          <footer>Missing values are null or NaN. Shares are of the values that are not missing.</footer>
        </main>
      </body>
    </html> `
  return String(await page)
}

const rank = (checks: readonly CheckResult[]) =>
  Math.min(...checks.map(({ outcome }) => order.indexOf(outcome)))
const count = (outcome: CheckOutcome, results: readonly CheckResult[]) =>
  results.filter((result) => result.outcome === outcome).length
const when = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`

const bar = (outcome: CheckOutcome, results: readonly CheckResult[]) => {
  const many = count(outcome, results)
  // Not `success` as a class here: what is hidden by "only what is not kept" keeps its place in the bar.
  return many === 0
    ? ''
    : html`<i class="${outcome === 'success' ? 'passed' : outcome}" style="flex: ${many}"></i>`
}

const section = (name: string, checks: readonly CheckResult[], rows: number) => {
  const sorted = checks.toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome))
  const kept = count('success', checks)
  return html`<section>
    <h2>
      ${name === '' ? 'The table' : name}
      <small>${kept === checks.length ? '' : `${kept} of ${checks.length} kept`}</small>
    </h2>
    <div class="checks">${sorted.map((check) => entry(check, rows))}</div>
  </section>`
}

function entry(check: CheckResult, rows: number) {
  const line = html`<span class="mark" title="${inWords[check.outcome]}">${marks[check.outcome]}</span>
    <span class="sentence"
      >${check.sentence}${check.description === undefined ? '' : html`<br /><small>${check.description}</small>`}</span
    >
    <span class="observed">${check.observed}</span>`
  const more = details(check, rows)
  return more === ''
    ? html`<div class="check ${check.outcome}"><div class="line">${line}</div></div>`
    : html`<details class="check ${check.outcome}" ${check.outcome === 'fail' ? raw(' open') : ''}>
        <summary class="line">${line}</summary>
        <div class="more">${more}</div>
      </details>`
}

function details(
  {
    unexpectedCount,
    unexpectedPercent,
    partialUnexpectedCounts,
    failingRows,
    columns,
    missingCount,
  }: CheckResult,
  rows: number,
) {
  const share = (unexpectedPercent ?? 0) / 100
  const values = partialUnexpectedCounts ?? []
  const shown = failingRows?.rows ?? []
  if (values.length === 0 && shown.length === 0) return ''
  return html`${
    unexpectedCount === undefined || unexpectedCount === 0
      ? ''
      : html`<div class="share" title="${percent(share)} of what is there">
            <i style="width: ${Math.min(100, 100 * share)}%"></i>
          </div>
          <small
            >${quantity(unexpectedCount)} unexpected, ${quantity(missingCount ?? 0)} missing, of
            ${plural(rows, 'row')}</small
          >`
  }
  ${values.length === 0 ? '' : valueBars(values)}
  ${shown.length === 0 ? '' : rowTable(failingRows?.columns ?? [], shown, columns)}`
}

function valueBars(values: readonly { readonly value: Cell; readonly count: number }[]) {
  const most = Math.max(...values.map(({ count: n }) => n))
  return html`<h3>Values</h3>
    <div class="values">
      ${values.map(
        ({ value, count: n }) =>
          html`<code>${cell(value)}</code><i style="width: ${(100 * n) / most}%"></i
            ><span>${quantity(n)}×</span>`,
      )}
    </div>`
}

const rowTable = (names: readonly string[], rows: readonly (readonly Cell[])[], about: readonly string[]) => {
  const mark = (i: number) => (about.includes(names[i] ?? '') ? 'about' : '')
  return html`<h3>${rows.length === 1 ? 'A row' : `${rows.length} rows`}</h3>
    <div class="scroll">
      <table>
        <tr>
          ${names.map((name, i) => html`<th class="${mark(i)}">${name}</th>`)}
        </tr>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((value, i) => html`<td class="${value === null ? 'null' : mark(i)}">${cell(value)}</td>`)}
            </tr>`,
        )}
      </table>
    </div>`
}
