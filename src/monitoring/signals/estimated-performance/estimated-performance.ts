import { referenceTruthMistakes, taskMistakes } from '../../outcomes/check.ts'
import { taskOf } from '../importance/importances.ts'
import type { Signal, SignalContext } from '../signal.ts'
import { advanceCbpe } from './cbpe/advance.ts'
import { advanceDle } from './dle/advance.ts'
import { classificationEstimates, regressionEstimates } from './metrics.ts'
import { estimationParameters, type EstimationParameters } from './parameters.ts'

/** How good the model probably is, before any label has come in. */
export const estimatedPerformance: Signal<EstimationParameters> = {
  kind: 'estimated_performance',
  signalType: 'EstimatedPerformance',
  summary:
    'How good the model probably is before labels are in, from its probabilities (CBPE) or its features (DLE).',
  parameters: estimationParameters,
  reference: 'required',
  metrics: [...classificationEstimates, ...regressionEstimates],
  check: async (_, given) => [...referenceTruthMistakes(given), ...taskMistakes(given, taskOfMetric)],
  async advance(parameters, context) {
    return (await isRegression(context)) ? advanceDle(parameters, context) : advanceCbpe(parameters, context)
  },
}

const taskOfMetric = (metric: string) =>
  classificationEstimates.some(({ name }) => name === metric)
    ? 'classification'
    : regressionEstimates.some(({ name }) => name === metric)
      ? 'regression'
      : undefined

/** By the monitor's task, or else by what the reference's truth looks like. */
async function isRegression(context: SignalContext): Promise<boolean> {
  const { task } = context.monitor
  if (task !== undefined) return task === 'regression'
  const reference = await context.populations.reference()
  const { target, probabilities } = reference.roles
  return (
    target !== undefined && probabilities === undefined && taskOf(context, reference, target) === 'regression'
  )
}
