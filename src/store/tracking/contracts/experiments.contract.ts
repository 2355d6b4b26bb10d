import assert from 'node:assert/strict'
import {
  createExperiment,
  deleteExperimentTag,
  ensureDefaultExperiment,
  searchExperiments,
  setExperimentLifecycle,
} from '../experiments.ts'
import { forgetExperiments } from '../forget.ts'
import { RunLog } from '../log.ts'
import { completeRuns } from '../run-data.ts'
import { createRun, findRun } from '../runs.ts'
import { aRun, anExperiment, type On } from './on.ts'

/** What the tracking tables promise of experiments, on every dialect. */
export function experimentsContract(on: On): void {
  on(
    'experiments are numbered from 1 beside the default, and keep their names when deleted',
    async ({ db }, scope) => {
      await ensureDefaultExperiment(db, scope, 'a', 1)
      await ensureDefaultExperiment(db, scope, 'a', 1)
      const first = await createExperiment(db, {
        scope,
        name: 'x',
        artifactLocation: 'a',
        tags: [{ name: 't', value: '' }],
        now: 2,
      })
      assert.equal(first?.number, 1)
      assert.equal(await createExperiment(db, { scope, name: 'x', artifactLocation: 'a', now: 3 }), undefined)
      assert.equal(
        (await createExperiment(db, { scope: `${scope}-other`, name: 'x', artifactLocation: 'a', now: 3 }))
          ?.number,
        1,
      )
      await setExperimentLifecycle(db, first.key, 'deleted', 4)
      assert.equal(await createExperiment(db, { scope, name: 'x', artifactLocation: 'a', now: 5 }), undefined)
      const all = { scope, conditions: [], orderings: [], limit: 10, offset: 0 }
      const found = await searchExperiments(db, { ...all, lifecycles: ['active', 'deleted'] })
      assert.deepEqual(
        found.map((e) => [e.name, e.lifecycle, e.tags.length]),
        [
          ['x', 'deleted', 1],
          ['Default', 'active', 0],
        ],
      )
      assert.deepEqual(
        [await deleteExperimentTag(db, first.key, 't'), await deleteExperimentTag(db, first.key, 't')],
        [true, false],
      )
    },
  )

  on('a workspace is forgotten up to a moment, and no other', async (store, scope) => {
    const experiment = await anExperiment(store, scope)
    await createRun(store.db, aRun(scope, experiment, 'r'))
    const log = new RunLog(store)
    const points = [{ key: 'm', value: 1, timestamp: 1, step: 0 }]
    await log.append({ scope, runId: 'r', points, params: [{ name: 'p', value: '1' }] })
    const later = await createExperiment(store.db, { scope, name: 'later', artifactLocation: 'a', now: 9 })
    await forgetExperiments(store, `${scope}-other`, 5)
    assert.ok(await findRun(store.db, scope, 'r'))
    for (const _ of [1, 2]) await forgetExperiments(store, scope, 5)
    assert.equal(await findRun(store.db, scope, 'r'), undefined)
    await createRun(store.db, aRun(scope, later?.key ?? 0, 'r'))
    const again = await findRun(store.db, scope, 'r')
    assert.ok(again)
    const [whole] = await completeRuns(store.db, [again])
    assert.deepEqual([whole?.params, whole?.metrics], [[], []])
  })
}
