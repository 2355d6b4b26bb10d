import type { CheckResult } from '../../../data/contracts/evaluation/result.ts'
import type { Checked } from './subject.ts'

/** JUnit's XML, as CI servers read it: a test case for each check; a warning is a test that passes and says so. */
export function junit({ contract, data, evaluation }: Checked): string {
  const { results, statistics, seconds, startedAt } = evaluation
  const counts = `tests="${results.length}" failures="${statistics.failed}" errors="${statistics.errors}"`
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts} time="${seconds}">
  <testsuite name="${escape(`${contract} on ${data}`)}" ${counts} time="${seconds}" timestamp="${escape(startedAt)}">
${results.map((result) => testCase(contract, result)).join('\n')}
  </testsuite>
</testsuites>
`
}

function testCase(contract: string, { name, outcome, sentence, observed }: CheckResult): string {
  const head = `    <testcase classname="${escape(contract)}" name="${escape(name)}"`
  if (outcome === 'success') return `${head}/>`
  const said = `${escape(sentence)}: ${escape(observed)}`
  if (outcome === 'warn') return `${head}><system-out>warning: ${said}</system-out></testcase>`
  const element = outcome === 'fail' ? 'failure' : 'error'
  return `${head}><${element} message="${escape(observed)}">${said}</${element}></testcase>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** XML has no place for control characters, not even escaped. */
const escape = (text: string) =>
  Array.from(text, (c) =>
    (c.codePointAt(0) ?? 0) < 32 && !'\t\n\r'.includes(c) ? '\u{FFFD}' : (entities[c] ?? c),
  ).join('')
