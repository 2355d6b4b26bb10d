import type { Population, PopulationColumn } from '../../populations/population.ts'
import { comparedColumns } from '../compared-columns.ts'
import { importantFeatures } from '../importance/important.ts'
import type { Signal, SignalContext } from '../signal.ts'
import { classifierMetric, classifyDomains } from './domain-classifier.ts'
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
  metrics: [
    { name: reconstructionMetric, wire: 'ReconstructionError', beyond: 'above' },
    { name: classifierMetric, wire: 'DomainClassifierRocAuc', threshold: 0.55, beyond: 'above' },
  ],

  async advance(parameters, context) {
    const chosen = await columnsOf(context)
    if ('doing' in chosen) return chosen
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
        values: found.map(({ value }) => value),
        notes: [...chosen.notes, ...found.flatMap(({ notes }) => notes)],
        details: Object.fromEntries(found.map(({ value, details }) => [value.metric, details])),
      },
    }
  },
}

type Chosen = {
  readonly reference: Population
  readonly production: Population
  readonly columns: readonly PopulationColumn[]
  readonly notes: readonly string[]
}

async function columnsOf(context: SignalContext): Promise<Chosen | { readonly doing: string }> {
  const { features } = context.planned
  const reference = await context.populations.reference()
  const production = await context.populations.production()
  if (!('top' in features))
    return { reference, production, ...comparedColumns(reference, production, features) }
  const important = await importantFeatures(context, features.top)
  if ('doing' in important) return important
  const { columns, notes } = comparedColumns(reference, production, { names: important.columns })
  return { reference, production, columns, notes: [...important.notes, ...notes] }
}
