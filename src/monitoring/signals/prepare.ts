import type { PlannedSignal } from '../monitors/monitor.ts'
import { importantFeatures } from './importance/important.ts'
import { prepareSources } from './jobs/sources.ts'
import type { SignalContext } from './signal.ts'

/** A signal that can be asked, with what a reader should know of how it came about; or what is being done for that. */
export type Prepared =
  | { readonly planned: PlannedSignal; readonly notes: readonly string[] }
  | { readonly doing: string }

/**
 * What has to be known before a signal looks, by jobs where they are needed: sources that a component prepares are what it
 * made, and the most important features are named. `open` gives the context of a plan. Throws NoData where it cannot be known.
 */
export async function prepareSignal(
  planned: PlannedSignal,
  open: (planned: PlannedSignal) => SignalContext,
): Promise<Prepared> {
  const sourced = await prepareSources(open(planned))
  if (sourced === undefined) return { doing: 'prepares its data' }
  if (!('top' in sourced.features)) return { planned: sourced, notes: [] }
  const important = await importantFeatures(open(sourced), sourced.features.top)
  if ('doing' in important) return important
  return { planned: { ...sourced, features: important.features }, notes: important.notes }
}
