import type { Features } from '../../monitors/monitor.ts'
import { importantFeatures } from '../importance/important.ts'
import type { SignalContext } from '../signal.ts'

/** Features by name or all of them, or what is being done to know which matter most. */
export type Chosen =
  | { readonly features: Exclude<Features, { readonly top: number }>; readonly notes: readonly string[] }
  | { readonly doing: string }

/** The features that the monitor asks about; of `top_n_feature_importance` those that a job has found to matter most. */
export async function chosenFeatures(context: SignalContext): Promise<Chosen> {
  const { features } = context.planned
  if (!('top' in features)) return { features, notes: [] }
  const found = await importantFeatures(context, features.top)
  return 'doing' in found ? found : { features: { names: found.columns }, notes: found.notes }
}
