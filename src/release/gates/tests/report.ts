import { html, type Markup } from '../../../data/profile/report/markup.ts'
import { fragment, table } from '../../report/fragment.ts'
import type { GateResult } from '../gate.ts'
import type { TestCase } from './junit.ts'

const marks = { passed: '✓', failed: '✗', error: '✗', skipped: '–' } as const
const order = ['failed', 'error', 'skipped', 'passed'] as const

/** What did not pass in full, the rest folded. */
export function testsFragment(result: GateResult): string {
  const tests = (result.details?.['tests'] ?? []) as readonly TestCase[]
  const bad = tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'error')
  const sorted = tests.toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome))
  return fragment(
    result,
    ...bad.map(failure),
    html`<details>
      <summary>all ${tests.length} tests</summary>
      ${table(
        ['', 'test', 'in', 'seconds', ''],
        sorted.map((test) => [
          marks[test.outcome],
          test.name,
          test.suite,
          test.seconds.toFixed(2),
          test.outcome === 'passed' ? '' : (test.message ?? ''),
        ]),
      )}
    </details>`,
  )
}

const failure = ({ suite, name, message, text }: TestCase): Markup =>
  html`<h4>✗ ${suite}.${name}</h4>
    <pre>${text ?? message ?? ''}</pre>`
