import { chunkMistakes, referenceTruthMistakes, truthMistakes } from '../../outcomes/check.ts'
import { lagsOf, maturityOf, readLabels } from '../../outcomes/judging/maturity.ts'
import { openOutcomes } from '../../outcomes/outcomes.ts'
import { segmentKey } from '../../outcomes/segments.ts'
import { NoData } from '../../populations/population.ts'
import type { SignalResult } from '../../results/result.ts'
import type { Signal, SignalContext } from '../signal.ts'
import { rowLoss } from './losses.ts'
import { measureConcept } from './measure-concept.ts'
import { carriedMetric, conceptMetrics } from './metrics.ts'
import { conceptParameters, type ConceptParameters } from './parameters.ts'
import { outcomeParts } from './parts.ts'
import { told, type FoundConcept } from './tell-concept.ts'

/** Whether what is true has changed, at the same scores: the concept, not the traffic. */
export const conceptDrift: Signal<ConceptParameters> = {
  kind: 'concept_drift',
  signalType: 'ConceptDrift',
  summary:
    'Whether what is true at a score has changed, by labels: the error given the score, CUSUM and calibration.',
  parameters: conceptParameters,
  reference: 'optional',
  byLabels: true,
  metrics: conceptMetrics,
  check: async (_, given) => [
    ...truthMistakes(given),
    ...referenceTruthMistakes(given),
    ...chunkMistakes(given),
  ],
  async advance(parameters, context) {
    const work = context.inBackground('concept', () => findConcept(parameters, context))
    return work === undefined ? { doing: 'compares errors at the same scores' } : { result: await work }
  },
}

async function findConcept(parameters: ConceptParameters, context: SignalContext): Promise<SignalResult> {
  const { populations, planned, monitor } = context
  const production = await populations.production()
  if (production.roles.target === undefined)
    throw new NoData('Nothing tells what came true: name its column as target_column.')
  const reference = planned.reference === undefined ? undefined : await populations.reference()
  const history = await context.history(12)
  return populations.session(async (session) => {
    const outcomes = await openOutcomes(
      session,
      { production, ...(reference === undefined ? {} : { reference }) },
      {
        segments: planned.segments,
        threshold: parameters.decision_threshold,
        ...(monitor.task === undefined ? {} : { task: monitor.task }),
        ...(parameters.positive_label === undefined ? {} : { positive: parameters.positive_label }),
      },
    )
    const labels = await readLabels(session, outcomes.production)
    if (labels.labelled === 0)
      throw new NoData(
        `None of the ${labels.rows.toLocaleString('en')} predictions of the window has a label yet.`,
      )
    const maturity = maturityOf(labels, parameters.maturity, {
      now: context.platform.clock(),
      earlierLagsMs: lagsOf(history),
    })
    const loss = rowLoss(outcomes, parameters.loss)
    const found: FoundConcept[] = []
    for (const { segment, outcomes: own } of await outcomeParts(session, outcomes, planned.segments)) {
      const carried = carriedFrom(history, segmentKey(segment))
      const concept = await measureConcept(session, own, loss, parameters, carried)
      if (concept !== undefined) found.push({ segment, concept })
    }
    return told(found, { loss, maturity, parameters, planned, outcomes, notes: production.notes })
  })
}

/** Where CUSUM stood at the end of the last window whose labels were in. */
const carriedFrom = (history: Awaited<ReturnType<SignalContext['history']>>, key: string): number =>
  history
    .flatMap(({ values }) => values)
    .find(
      ({ metric, provisional, value, segment }) =>
        metric === carriedMetric && segmentKey(segment) === key && provisional !== true && value !== null,
    )?.value ?? 0
