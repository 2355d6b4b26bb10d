import assert from 'node:assert/strict'
import type { Condition, Field, Ordering } from '../filter.ts'
import { RunLog } from '../log.ts'
import {
  completeModels,
  createLoggedModel,
  findLoggedModel,
  searchLoggedModels,
  updateLoggedModel,
} from '../logged-models.ts'
import { createRun } from '../runs.ts'
import { aRun, anExperiment, type On } from './on.ts'

/** What the tracking tables promise of logged models, on every dialect. */
export function loggedModelsContract(on: On): void {
  on('logged models are searched by what was measured on a dataset', async (store, scope) => {
    const experiment = await anExperiment(store, scope)
    await createRun(store.db, aRun(scope, experiment, 'r'))
    for (const [i, modelId] of ['m-1', 'm-2', 'm-3'].entries())
      await createLoggedModel(store.db, {
        scope,
        modelId,
        experiment,
        name: 'clf',
        modelType: null,
        sourceRunId: 'r',
        artifactUri: 'a',
        params: [{ name: 'depth', value: String(i) }],
        tags: [],
        now: i,
      })
    const log = new RunLog(store)
    const auc = (modelId: string, value: number, datasetName: string, step = 0) =>
      log.append({
        scope,
        runId: 'r',
        points: [{ key: 'auc', value, timestamp: step, step, modelId, datasetName }],
      })
    await auc('m-1', 0.2, 'train')
    await auc('m-1', 0.9, 'train', 1)
    await auc('m-1', 0.1, 'test')
    await auc('m-2', 0.8, 'train')
    await auc('m-unknown', 0.8, 'train')
    const field: Field = { kind: 'metric', key: 'auc', type: 'number' }
    const search = async (datasets: { name: string }[], conditions: Condition[]) => {
      const orderings: Ordering[] = [{ field, descending: true }]
      const found = await searchLoggedModels(store.db, {
        experiments: [experiment],
        conditions,
        orderings,
        datasets,
        limit: 9,
        offset: 0,
      })
      return found.map((m) => m.model_id)
    }
    assert.deepEqual(await search([{ name: 'train' }], []), ['m-1', 'm-2', 'm-3'])
    assert.deepEqual(await search([{ name: 'test' }], [{ field, comparator: '>', value: 0.5 }]), [])
    assert.deepEqual(await search([], [{ field, comparator: '>', value: 0.85 }]), ['m-1'])
    const info = await findLoggedModel(store.db, scope, 'm-1')
    assert.ok(info)
    const [model] = await completeModels(store.db, [info])
    assert.deepEqual(model?.metrics.map((m) => [m.datasetName, m.value]).toSorted(), [
      ['test', 0.1],
      ['train', 0.9],
    ])
    await updateLoggedModel(store.db, info.key, { lifecycle: 'deleted', now: 9 })
    assert.deepEqual(await search([], []), ['m-2', 'm-3'])
  })
}
