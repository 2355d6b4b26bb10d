import { html } from 'hono/html'
import type { GateResult } from '../gate.ts'
import { table, textOf, type Html } from '../fragment.ts'
import type { TestCase } from './junit.ts'

const marks = { passed: '✓', failed: '✗', error: '✗', skipped: '–' } as const
const order = ['failed', 'error', 'skipped', 'passed'] as const

/** What did not pass in full, the rest folded. */
export function testsFragment({ details }: GateResult): string {
  const tests = (details?.['tests'] ?? []) as readonly TestCase[]
  const bad = tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'error')
  const sorted = tests.toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome))
  return textOf(
    html`${bad.map(failure)}
      <details>
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

const failure = ({ suite, name, message, text }: TestCase): Html =>
  html`<h4>✗ ${suite}.${name}</h4>
    <pre>${text ?? message ?? ''}</pre>`
