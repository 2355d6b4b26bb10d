import type { CheckResult, Evaluation } from '../../../data/contracts/evaluation/result.ts'
import { contractPage } from '../../../data/contracts/report/page.ts'
import { plural } from '../../../data/contracts/words/say.ts'
import { errors } from '../../../kernel/errors.ts'
import type { EvidenceFile, GateContext, GateResult, GateVerdict, Measure } from '../gate.ts'

/** What one contract says of one version of data. */
export interface Evaluated {
  readonly data: string
  readonly label: string
  readonly contract: string
  readonly evaluation: Evaluation
}

/**
 * All evaluations as the gate's answer; each is kept as a page and as JSON. Throws if a check could not be evaluated and
 * none is broken: then nobody knows, and the gate is to be asked again.
 */
export async function resultOf(
  evaluated: readonly Evaluated[],
  warnings: 'pass' | 'fail',
  context: GateContext,
): Promise<GateResult> {
  if (evaluated.length === 0) return withoutContract
  const files: EvidenceFile[] = []
  for (const one of evaluated) files.push(...(await keep(one, context)))
  const checks = evaluated.flatMap(({ evaluation }) => evaluation.results)
  const broken = checks.filter(({ outcome }) => outcome === 'fail')
  const warned = checks.filter(({ outcome }) => outcome === 'warn')
  const unknown = checks.filter(({ outcome }) => outcome === 'error')
  const verdict: GateVerdict =
    broken.length > 0 || (warnings === 'fail' && warned.length > 0) ? 'fail' : 'pass'
  if (verdict === 'pass' && unknown.length > 0)
    throw errors.badRequest(
      `${plural(unknown.length, 'check')} could not be evaluated: ${unknown.map((c) => `${c.name}: ${c.observed}`).join('; ')}`,
    )
  return {
    verdict,
    summary: summary(evaluated, broken, warned),
    measures: evaluated.flatMap(({ evaluation, label }) =>
      evaluation.results.map((check) => measure(check, evaluation.rows, label, warnings)),
    ),
    notes: [...new Set(evaluated.flatMap(({ evaluation }) => evaluation.notes))],
    files,
    details: { evaluations: evaluated },
  }
}

const withoutContract: GateResult = {
  verdict: 'inconclusive',
  summary: 'No contract says what the data should be.',
  measures: [],
  notes: [
    'The gate was told no data, and none of the data that the candidate was trained on has a contract in this workspace. ' +
      'Suggest one: twinloop data-contract suggest --name NAME',
  ],
  files: [],
}

async function keep({ label, contract, evaluation }: Evaluated, context: GateContext) {
  const name = `${contract}-${label}`.replaceAll(/[^\w.-]/g, '_')
  const title = `${label} against contract ${contract}`
  return [
    await context.keep(
      { name: `${name}.html`, title, contentType: 'text/html; charset=utf-8' },
      await contractPage({ contract, data: label, evaluation }),
    ),
    await context.keep(
      { name: `${name}.json`, title: `${title}, as data`, contentType: 'application/json' },
      JSON.stringify(evaluation, undefined, 2),
    ),
  ]
}

function summary(
  evaluated: readonly Evaluated[],
  broken: readonly CheckResult[],
  warned: readonly CheckResult[],
): string {
  const data = [...new Set(evaluated.map(({ label }) => label))].join(', ')
  const rows = evaluated.reduce((most, { evaluation }) => Math.max(most, evaluation.rows), 0)
  const all = evaluated.reduce((sum, { evaluation }) => sum + evaluation.results.length, 0)
  const [worst] = [...broken, ...warned]
  if (worst === undefined) return `${data} keeps all ${plural(all, 'check')} on ${plural(rows, 'row')}.`
  const many = broken.length > 0 ? `breaks ${broken.length}` : `is warned of by ${warned.length}`
  return `${data} ${many} of ${plural(all, 'check')}: ${worst.sentence}. Found: ${worst.observed}.`
}

const verdicts = { success: 'pass', fail: 'fail', error: 'inconclusive' } as const

function measure(check: CheckResult, rows: number, label: string, warnings: 'pass' | 'fail'): Measure {
  const { outcome, name, value, unexpectedCount, sentence, observed } = check
  return {
    name,
    estimate: value ?? unexpectedCount ?? null,
    n: check.elementCount ?? rows,
    limit: sentence,
    slice: { data: label },
    ...(outcome === 'warn' && warnings === 'pass'
      ? {}
      : { verdict: outcome === 'warn' ? 'fail' : verdicts[outcome] }),
    note: observed,
  }
}
