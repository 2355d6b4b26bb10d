import type { Store } from '../../database.ts'
import { createExperiment } from '../experiments.ts'

/** Makes a test of a promise, in a workspace of its own, so that one store does for all. */
export type On = (what: string, body: (store: Store, scope: string) => Promise<void>) => void

/** Key of a new experiment. */
export async function anExperiment({ db }: Store, scope: string): Promise<number> {
  return (await createExperiment(db, { scope, name: 'e', artifactLocation: 'a', now: 1 }))?.key ?? 0
}

/** What a run is made of. */
export const aRun = (
  scope: string,
  experiment: number,
  runId: string,
  more: { name?: string; startTime?: number; status?: 'RUNNING' | 'FAILED' } = {},
) => ({
  scope,
  runId,
  experiment,
  name: 'n',
  userId: 'u',
  startTime: 1,
  artifactUri: 'a',
  ...more,
})
