import { advanceDrift } from '../drift/advance-drift.ts'
import { commonColumns, type CommonColumns } from '../drift/common-columns.ts'
import { driftMetrics } from '../drift/metrics.ts'
import { driftParameters, type DriftParameters } from '../drift/parameters.ts'
import type { Features } from '../../monitors/monitor.ts'
import { NoData, type Population } from '../../populations/population.ts'
import type { Signal } from '../signal.ts'

/** Whether what the model answers is still distributed as it was. */
export const predictionDrift: Signal<DriftParameters> = {
  kind: 'prediction_drift',
  signalType: 'PredictionDrift',
  summary: 'How far the distribution of what the model answers has moved from the reference.',
  parameters: driftParameters,
  reference: 'required',
  metrics: driftMetrics,
  advance: (parameters, context) => advanceDrift(parameters, context, predictionColumns),
}

/**
 * The prediction and its probabilities, by production's names. A reference that has predictions under another name, by its
 * own `prediction_column`, is held against them; one that has labels only (training data), by those. Columns that a monitor
 * names are taken as they are.
 */
export function predictionColumns(
  sides: { readonly reference: Population; readonly production: Population },
  features: Features,
): CommonColumns {
  if ('names' in features) return commonColumns(sides, features)
  const { reference, production } = sides
  const { prediction, probabilities = {} } = production.roles
  if (prediction === undefined && Object.keys(probabilities).length === 0)
    throw new NoData(
      'Which column is the prediction is not known: name it in production_data.data_column_names.prediction_column.',
    )
  const known = new Set(reference.columns.map(({ name }) => name))
  const other = reference.roles.prediction ?? reference.roles.target
  const pairs = [
    ...(prediction === undefined
      ? []
      : [[prediction, known.has(prediction) ? prediction : (other ?? prediction)] as const]),
    ...Object.entries(probabilities).map(
      ([label, name]) =>
        [name, known.has(name) ? name : (reference.roles.probabilities?.[label] ?? name)] as const,
    ),
  ]
  const renamed = new Map(pairs.map(([name, was]) => [was, name]))
  const asProduction = {
    ...reference,
    columns: reference.columns.map((column) => ({
      ...column,
      name: renamed.get(column.name) ?? column.name,
    })),
  }
  const common = commonColumns(
    { reference: asProduction, production },
    { names: pairs.map(([name]) => name) },
  )
  const was = new Map(pairs)
  return {
    ...common,
    columns: common.columns.map((column) => ({ ...column, was: was.get(column.name) ?? column.name })),
  }
}
