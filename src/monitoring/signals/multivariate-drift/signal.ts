import { comparedColumns } from '../compared-columns.ts'
import { noSegments } from '../no-segments.ts'
import type { Signal } from '../signal.ts'
import { classifierMetric, classifyDomains, usualArea } from './domain-classifier.ts'
import { multivariateParameters, type MultivariateParameters } from './parameters.ts'
import { reconstruct, reconstructionMetric } from './reconstruction/reconstruct.ts'

/** Whether features together are still as they were, though each of them may be. */
export const multivariateDrift: Signal<MultivariateParameters> = {
  kind: 'multivariate_drift',
  signalType: 'MultivariateDrift',
  summary:
    'Whether features together are as they were: what principal components leave of them, and whether a classifier can tell.',
  parameters: multivariateParameters,
  reference: 'required',
  // What components leave is told for each segment; the classifier learns to tell all rows.
  check: ({ methods }, { planned }) =>
    Promise.resolve(methods.includes('reconstruction') ? [] : noSegments(planned)),
  metrics: [
    { name: reconstructionMetric, wire: 'ReconstructionError', beyond: 'above' },
    { name: classifierMetric, wire: 'DomainClassifierRocAuc', threshold: usualArea, beyond: 'above' },
  ],

  async advance(parameters, context) {
    const { populations, planned } = context
    const reference = await populations.reference()
    const production = await populations.production()
    const chosen = { reference, production, ...comparedColumns(reference, production, planned.features) }
    const wants = (method: MultivariateParameters['methods'][number]) => parameters.methods.includes(method)
    // The job is put first, so that it runs while the components are computed.
    const classified = wants('domain_classifier') ? await classifyDomains(context, chosen, parameters) : null
    const reconstructed = wants('reconstruction')
      ? await context.inBackground('reconstruction', () => reconstruct(context, chosen, parameters))
      : null
    if (reconstructed === undefined) return { doing: 'computes what principal components leave' }
    if (classified === undefined)
      return { doing: 'trains a classifier to tell production from the reference' }
    const found = [reconstructed, classified].filter((one) => one !== null)
    return {
      result: {
        outcome: 'computed',
        values: found.flatMap(({ values }) => values),
        notes: [...chosen.notes, ...found.flatMap(({ notes }) => notes)],
        details: Object.fromEntries(found.map(({ values, details }) => [values[0]?.metric ?? '', details])),
      },
    }
  },
}
