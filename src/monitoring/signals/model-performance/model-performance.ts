import type { SignalResult } from '../../results/result.ts'
import type { MonitorMistake, Signal, SignalCheck, SignalContext } from '../signal.ts'
import { taskMistakes, truthMistakes } from '../../outcomes/check.ts'
import { maturityValues } from '../../outcomes/judging/maturity.ts'
import { judgePerformance, limitNotes } from './judge-performance.ts'
import { measurePerformance } from './measure-performance.ts'
import { degradationOf, degradations, performanceMetrics } from './metrics.ts'
import { performanceParameters, type PerformanceParameters } from './parameters.ts'

/** How good the model was, by labels that come late. */
export const modelPerformance: Signal<PerformanceParameters> = {
  kind: 'model_performance',
  signalType: 'ModelPerformance',
  summary:
    'How good the model was, by the labels that have come in: scores, errors and how they have changed.',
  parameters: performanceParameters,
  reference: 'optional',
  byLabels: true,
  metrics: [...performanceMetrics, ...degradations],
  check,
  async advance(parameters, context) {
    const work = context.inBackground('measure', () => findPerformance(parameters, context))
    return work === undefined ? { doing: 'measures the model by its labels' } : { result: await work }
  },
}

async function findPerformance(
  parameters: PerformanceParameters,
  context: SignalContext,
): Promise<SignalResult> {
  const { planned } = context
  const found = await measurePerformance(parameters, context)
  const { maturity } = found
  return {
    outcome: 'computed',
    values: [...judgePerformance(found, parameters, planned), ...maturityValues(maturity)],
    notes: [maturity.note, ...found.notes, ...limitNotes(found, planned)],
    details: found.details,
  }
}

const taskOfMetric = (metric: string) =>
  performanceMetrics.find(({ name }) => metric === name || metric === degradationOf(name))?.task

async function check(_: PerformanceParameters, given: SignalCheck): Promise<readonly MonitorMistake[]> {
  return [...truthMistakes(given), ...taskMistakes(given, taskOfMetric)]
}
