import { nearest } from '../../kernel/nearest.ts'
import { conceptDrift } from './concept-drift/concept-drift.ts'
import { custom } from './custom/signal.ts'
import { dataDrift } from './data-drift/data-drift.ts'
import { dataQuality } from './data-quality/data-quality.ts'
import { estimatedPerformance } from './estimated-performance/estimated-performance.ts'
import { fairness } from './fairness/fairness.ts'
import { featureAttributionDrift } from './feature-attribution-drift/signal.ts'
import { modelPerformance } from './model-performance/model-performance.ts'
import { multivariateDrift } from './multivariate-drift/signal.ts'
import { predictionDrift } from './prediction-drift/prediction-drift.ts'
import type { Signal } from './signal.ts'

/** Every kind of signal, in the order in which lists tell them. Add a signal here. */
export const signals: readonly Signal<never>[] = [
  dataDrift as Signal<never>,
  predictionDrift as Signal<never>,
  dataQuality as Signal<never>,
  modelPerformance as Signal<never>,
  estimatedPerformance as Signal<never>,
  conceptDrift as Signal<never>,
  fairness as Signal<never>,
  featureAttributionDrift as Signal<never>,
  multivariateDrift as Signal<never>,
  custom as Signal<never>,
]

/** The kind of signal of this name, as YAML or as REST spells it, in any case. */
export function signalOf(kind: string): Signal<never> | undefined {
  const asked = plain(kind)
  return signals.find((signal) => plain(signal.kind) === asked || plain(signal.signalType) === asked)
}

/** The kind whose name looks most like one that there is not. */
export const nearestKind = (kind: string): string | undefined =>
  nearest(
    kind,
    signals.map((signal) => signal.kind),
  )

/** `data_drift`, `DataDrift` and `dataDrift` are one. */
const plain = (name: string): string => name.replaceAll('_', '').toLowerCase()
