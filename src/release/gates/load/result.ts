import { plural } from '../../../data/contracts/words/say.ts'
import type { EvidenceFile, GateContext, GateResult, GateVerdict, Measure } from '../gate.ts'
import { ofAgreement } from './agreement.ts'
import { ofChampion, ofErrors, ofLatencies, ofLoad } from './figures/judge.ts'
import type { Outcome } from './figures/outcome.ts'
import { histogram } from './histogram.ts'
import type { Measured } from './measure.ts'
import { limitsOf, type LoadParameters } from './parameters.ts'

/** Judges what a load showed and keeps every latency. A load that was not sent as planned shows nothing. */
export async function resultOf(
  measured: Measured,
  given: LoadParameters,
  context: GateContext,
): Promise<GateResult> {
  const { candidate, champion } = measured.outcomes
  if (candidate === undefined) throw new Error('Nothing was sent to the candidate.')
  const load = ofLoad(candidate, given.rate)
  const measures: readonly Measure[] = [
    ofErrors(candidate, given),
    ...ofLatencies(candidate, given),
    ...(champion === undefined ? [] : ofLatencies(champion, { ...given, ...noLimits }).map(asChampions)),
    ...(champion === undefined || given.max_p99_ratio === undefined
      ? []
      : [ofChampion(candidate, champion, given.max_p99_ratio)]),
    ...(measured.agreement === undefined ? [] : [ofAgreement(measured.agreement, given.min_agreement)]),
    load,
  ]
  const verdict = load.verdict === 'inconclusive' ? 'inconclusive' : worst(measures)
  const drawing = histogram(
    [
      { name: 'candidate', sorted: candidate.sorted },
      ...(champion === undefined ? [] : [{ name: 'champion', sorted: champion.sorted }]),
    ],
    limitsOf(given),
  )
  return {
    verdict,
    summary: summary(verdict, measures, candidate, measured, given),
    measures,
    notes: [
      `${given.rate} requests a second for ${given.duration} (${given.arrival} arrivals, seed ${context.seed}), each with ${plural(given.rows_per_request, 'row')} of ${measured.from}; latency is counted from when a request was due.`,
      'Server, deployment and the sender of the load shared this machine.',
      ...Object.entries(measured.problems).map(
        ([problem, times]) => `${plural(times, 'request')}: ${problem}.`,
      ),
      ...(measured.agreement === undefined
        ? [
            'Whether the deployment answers as the model does offline was not asked: that takes an MLflow model without a scoring script, and data in the plan.',
          ]
        : []),
    ],
    files: await keep(measured, drawing, context),
    details: { histogram: drawing, disagreements: (measured.agreement?.disagreements ?? []).slice(0, 20) },
  }
}

const noLimits = {
  p50_ms: undefined,
  p90_ms: undefined,
  p95_ms: undefined,
  p99_ms: undefined,
  p99_9_ms: undefined,
}
const asChampions = (measure: Measure): Measure => ({ ...measure, of: 'champion' })

function worst(measures: readonly Measure[]): GateVerdict {
  const verdicts = measures.map(({ verdict }) => verdict)
  return verdicts.includes('fail') ? 'fail' : verdicts.includes('inconclusive') ? 'inconclusive' : 'pass'
}

function summary(
  verdict: GateVerdict,
  measures: readonly Measure[],
  outcome: Outcome,
  measured: Measured,
  { rate }: LoadParameters,
): string {
  const decisive = measures.find((measure) => measure.verdict === verdict && verdict !== 'pass')
  const unsure = verdict === 'inconclusive' ? ': these requests do not show it' : ''
  if (decisive === undefined) {
    const p99 = measures.find(({ name, of }) => name === 'latency_p99_ms' && of === undefined)
    return `${plural(outcome.requests, 'request')} at ${rate}/s: p99 ${p99?.estimate ?? '—'} ms, ${plural(outcome.errors, 'error')}.`
  }
  const limit = decisive.limit ?? 'less'
  if (decisive.name === 'error_rate') {
    const [[problem] = ['']] = Object.entries(measured.problems).toSorted(([, a], [, b]) => b - a)
    const why = problem === '' ? '' : ` (${problem})`
    return `${outcome.errors} of ${plural(outcome.requests, 'request')} failed${why}, where it has to be ${limit}${unsure}.`
  }
  const what = decisive.name.replace(/^latency_(p[\d_]+)_ms$/, (_, p: string) => p.replace('_', '.'))
  const found =
    decisive.estimate === null
      ? (decisive.note ?? 'not known')
      : `${decisive.estimate}${what === decisive.name ? '' : ' ms'}`
  return `${what.replaceAll('_', ' ')} is ${found}, where it has to be ${limit}${unsure}.`
}

async function keep(
  { outcomes, agreement }: Measured,
  drawing: string,
  context: GateContext,
): Promise<readonly EvidenceFile[]> {
  const lines = Object.entries(outcomes).flatMap(([arm, { due, latencies }]) =>
    Array.from(latencies, (latency, i) => {
      const ms = Number.isFinite(latency) ? latency.toFixed(3) : ''
      return `${arm},${(due[i] ?? 0).toFixed(3)},${ms}`
    }),
  )
  const files = [
    await context.keep(
      {
        name: 'latencies.csv',
        title: 'Every request, when it was due and how long it took',
        contentType: 'text/csv',
      },
      ['deployment,due_s,latency_ms', ...lines, ''].join('\n'),
    ),
    await context.keep({ name: 'latencies.svg', title: 'Latencies', contentType: 'image/svg+xml' }, drawing),
  ]
  if (agreement === undefined || agreement.disagreements.length === 0) return files
  const told = {
    name: 'disagreements.json',
    title: 'Rows that the deployment answers otherwise than the model offline',
    contentType: 'application/json',
  }
  return [
    ...files,
    await context.keep(told, JSON.stringify(agreement.disagreements.slice(0, 1000), undefined, 1)),
  ]
}
