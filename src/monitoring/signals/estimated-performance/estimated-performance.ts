import { NoData } from '../../populations/population.ts'
import type { Signal } from '../signal.ts'
import { advanceCbpe } from './cbpe/advance.ts'
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
  async advance(parameters, context) {
    if (context.monitor.task === 'regression')
      throw new NoData('Without labels only the performance of a classification is estimated.')
    return advanceCbpe(parameters, context)
  },
}
