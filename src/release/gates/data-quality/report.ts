import { html, type Markup } from '../../../data/profile/report/markup.ts'
import { cell } from '../../../data/contracts/words/say.ts'
import type { CheckResult } from '../../../data/contracts/evaluation/result.ts'
import type { GateResult } from '../gate.ts'
import { fragment, table } from '../../report/fragment.ts'
import type { Evaluated } from './result.ts'

const marks = { success: '✓', warn: '!', fail: '✗', error: '?' } as const
const order = ['fail', 'error', 'warn', 'success'] as const

/** Each check with what was found, worst first, and rows that break it. */
export function contractFragment({ details, notes }: GateResult): string {
  const evaluations = (details?.['evaluations'] ?? []) as readonly Evaluated[]
  return fragment({ measures: [], notes }, ...evaluations.map(section))
}

const section = ({ label, contract, evaluation }: Evaluated) => {
  const worstFirst = evaluation.results.toSorted(
    (a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome),
  )
  return html`<h4>${label} against contract ${contract}</h4>
    ${table(
      ['', 'expected', 'found'],
      worstFirst.map((check) => [
        marks[check.outcome],
        check.sentence,
        html`${check.observed}${examples(check)}`,
      ]),
    )}`
}

function examples({ failingRows }: CheckResult): Markup | string {
  if (failingRows === undefined || failingRows.rows.length === 0) return ''
  return html`<details>
    <summary>rows that break it</summary>
    ${table(
      failingRows.columns,
      failingRows.rows.map((row) => row.map(cell)),
    )}
  </details>`
}
