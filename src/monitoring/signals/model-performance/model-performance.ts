import type { SignalResult } from '../../results/result.ts'
import type { MonitorMistake, Signal, SignalCheck, SignalContext } from '../signal.ts'
import { constantMetrics } from '../../outcomes/judging/limits.ts'
import { maturityValues } from '../../outcomes/judging/maturity.ts'
import { judgePerformance, limitNotes } from './judge-performance.ts'
import { measurePerformance } from './measure-performance.ts'
import { degradations, performanceMetrics } from './metrics.ts'
import { performanceParameters, type PerformanceParameters } from './parameters.ts'

/** How good the model was, by labels that come late. */
export const modelPerformance: Signal<PerformanceParameters> = {
  kind: 'model_performance',
  signalType: 'ModelPerformance',
  summary:
    'How good the model was, by the labels that have come in: scores, errors and how they have changed.',
  parameters: performanceParameters,
  reference: 'optional',
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
  const { outcomes, maturity, confusion } = found
  return {
    outcome: 'computed',
    values: [...judgePerformance(found, parameters, planned), ...maturityValues(maturity)],
    notes: [maturity.note, ...found.notes, ...limitNotes(found, planned)],
    details: {
      task: outcomes.task,
      ...(confusion === undefined ? {} : { confusion: { classes: outcomes.classes, cells: confusion } }),
    },
  }
}

/** Metrics of the other task never have a value, and a signal whose limits can never be passed says nothing for ever. */
async function check(
  _: PerformanceParameters,
  { monitor, planned }: SignalCheck,
): Promise<readonly MonitorMistake[]> {
  const { task } = monitor
  return constantMetrics(planned).flatMap(({ group, metric }) => {
    const own = performanceMetrics.find(({ name }) => metric === name || metric.startsWith(`${name}_degr`))
    if (own === undefined || task === undefined || own.task === task) return []
    return [
      {
        path: ['metric_thresholds', ...(group === '' ? [] : [group]), metric],
        message: `${metric} is a metric of a ${own.task}, and the monitor's task is ${task}.`,
      },
    ]
  })
}
