import { advanceDrift } from '../drift/advance-drift.ts'
import { commonColumns } from '../drift/common-columns.ts'
import { driftMetrics } from '../drift/metrics.ts'
import { driftParameters, type DriftParameters } from '../drift/parameters.ts'
import type { Signal } from '../signal.ts'

/** Whether what the model is asked about is still distributed as it was. */
export const dataDrift: Signal<DriftParameters> = {
  kind: 'data_drift',
  signalType: 'DataDrift',
  summary: 'How far the distribution of each feature has moved from the reference.',
  parameters: driftParameters,
  reference: 'required',
  metrics: driftMetrics,
  advance: (parameters, context) => advanceDrift(parameters, context, commonColumns),
}
