import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { Store } from '../../database.ts'
import { addDatasets } from '../inputs.ts'
import { RunLog } from '../log.ts'
import { createRun, findRun } from '../runs.ts'
import { searchRuns, type RunPosition } from '../search-runs.ts'
import {
  anyCondition,
  anyOrdering,
  ordered,
  satisfies,
  words,
  type Subject,
} from '../testing/search-oracle.ts'
import { aRun, anExperiment, type On } from './on.ts'

/** What the tracking tables promise of searches, on every dialect. */
export function searchContract(on: On): void {
  on('a search gives what its conditions say, in order, however it is paged', async (store, scope) => {
    const experiment = await anExperiment(store, scope)
    const subjects = await seedRuns(store, scope, experiment)
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyCondition, { maxLength: 3 }),
        fc.uniqueArray(anyOrdering, { maxLength: 2, selector: (o) => o.field.key }),
        async (conditions, orderings) => {
          const expected = subjects
            .filter((s) => conditions.every((c) => satisfies(s, c)))
            .map((s) => s.runId)
          const seen: string[] = []
          let after: RunPosition | undefined
          do {
            const search = {
              experiments: [experiment],
              lifecycles: ['active'] as const,
              conditions,
              orderings,
              limit: 4,
              after,
            }
            const page = await searchRuns(store.db, search)
            seen.push(...page.runs.map((r) => r.run_id))
            after = page.next
          } while (after !== undefined)
          assert.deepEqual(seen.toSorted(), expected.toSorted())
          const positions = seen.map((id) => subjects.find((s) => s.runId === id) ?? subjects[0])
          for (let i = 1; i < positions.length; i++)
            assert.ok(
              ordered(orderings, positions[i - 1], positions[i]),
              `${seen.join()} by ${JSON.stringify(orderings)}`,
            )
        },
      ),
      { numRuns: 60 },
    )
  })
}

async function seedRuns(store: Store, scope: string, experiment: number): Promise<readonly Subject[]> {
  const log = new RunLog(store)
  const subjects: Subject[] = []
  for (let i = 0; i < 24; i++) {
    const params: Record<string, string> = i % 4 === 0 ? {} : { p: words[i % words.length] ?? '' }
    const metrics: Record<string, number> = i % 5 === 0 ? {} : { m: i % 7 === 0 ? Number.NaN : i % 6 }
    const subject = {
      runId: `r${String((i * 7) % 24).padStart(2, '0')}`,
      name: words[(i * 5) % words.length] ?? '',
      startTime: i % 3,
      metrics,
      params,
      contexts: i % 2 === 0 ? ['training'] : [],
    }
    subjects.push(subject)
    await createRun(
      store.db,
      aRun(scope, experiment, subject.runId, { name: subject.name, startTime: subject.startTime }),
    )
    await log.append({
      scope,
      runId: subject.runId,
      points: Object.entries(metrics).map(([key, value]) => ({ key, value, timestamp: 1, step: 1 })),
      params: Object.entries(params).map(([name, value]) => ({ name, value })),
    })
    const run = await findRun(store.db, scope, subject.runId)
    const data = { name: 'd', digest: '1', sourceType: 's', source: '{}', schema: null, profile: null }
    if (run !== undefined && subject.contexts.length > 0)
      await addDatasets(store.db, run, [{ ...data, tags: { 'mlflow.data.context': 'training' } }])
  }
  return subjects
}
