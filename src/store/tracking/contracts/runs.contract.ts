import assert from 'node:assert/strict'
import { createExperiment } from '../experiments.ts'
import { metricHistory } from '../history.ts'
import { addDatasets, addModels, summarizeDatasets } from '../inputs.ts'
import { RunLog, type LogEntry } from '../log.ts'
import { copyRunData } from '../copy-run.ts'
import { completeRuns } from '../run-data.ts'
import { createRun, findRun } from '../runs.ts'
import { nestedBelow, trialParams, trialsOf } from '../summaries/trials.ts'
import { aRun, anExperiment, type On } from './on.ts'

/** What the tracking tables promise of runs, on every dialect. */
export function runsContract(on: On): void {
  on(
    'runs nested below one are counted, and read as trials in the order in which they started',
    async (s, scope) => {
      const { db } = s
      const log = new RunLog(s)
      const experiment = (await createExperiment(db, { scope, name: 'grid', artifactLocation: 'a', now: 1 }))
        ?.key
      const below = { name: 'mlflow.parentRunId', value: 'p'.repeat(70) }
      const started = [
        { runId: 'late', startTime: 9, status: 'FINISHED', tags: [below] },
        { runId: 'first', startTime: 2, status: 'FAILED', tags: [below] },
        { runId: 'second', startTime: 2, status: 'FINISHED', tags: [below] },
        { runId: 'other', startTime: 1, status: 'FINISHED', tags: [{ ...below, value: 'p'.repeat(69) }] },
      ] as const
      const of = { scope, experiment: experiment ?? 0, name: 'r', userId: 'u', artifactUri: 'a' }
      for (const run of started) await createRun(db, { ...of, ...run })
      const point = { key: 'loss', timestamp: 1, step: 0 }
      await log.append({ scope, runId: 'late', points: [{ ...point, value: 0.5 }] })
      await log.append({ scope, runId: 'second', points: [{ ...point, value: Number.NaN }] })
      await log.append({ scope, runId: 'second', params: [{ name: 'C', value: '1' }] })

      const found = await nestedBelow(db, [experiment ?? 0], [below.value, 'none'])
      assert.deepEqual(
        found.map(({ parent, status, runs }) => `${parent === below.value} ${status} ${runs}`).toSorted(),
        ['true FAILED 1', 'true FINISHED 2'],
      )
      assert.deepEqual(await nestedBelow(db, [], [below.value]), [])
      const selection = {
        experiments: [experiment ?? 0],
        lifecycles: ['active'],
        conditions: [
          {
            field: { kind: 'tag', key: below.name, type: 'string' },
            comparator: '=',
            value: below.value,
          },
        ],
      } as const
      const trials = await trialsOf(db, selection, { metric: 'loss', most: 10 })
      assert.deepEqual(
        trials.map(({ runId, value }) => [runId, value]),
        [
          ['first', undefined],
          ['second', Number.NaN],
          ['late', 0.5],
        ],
      )
      assert.equal((await trialsOf(db, selection, { metric: 'loss', most: 2 })).length, 2)
      const params = await trialParams(db, selection, 2)
      assert.deepEqual([...(params.get('C')?.values() ?? [])], ['1'])
      assert.equal((await trialParams(db, { ...selection, experiments: [] }, 2)).size, 0)
    },
  )

  on('a run that exists is left as it is', async (store, scope) => {
    const experiment = await anExperiment(store, scope)
    assert.equal(await createRun(store.db, aRun(scope, experiment, 'r', { name: 'first' })), true)
    assert.equal(await createRun(store.db, aRun(scope, experiment, 'r', { name: 'second' })), false)
    assert.equal((await findRun(store.db, scope, 'r'))?.name, 'first')
    assert.equal(await findRun(store.db, 'other', 'r'), undefined)
  })

  on('what one run logged can be given to another, once or twice alike', async (store, scope) => {
    const experiment = await anExperiment(store, scope)
    for (const runId of ['old', 'new']) await createRun(store.db, aRun(scope, experiment, runId))
    const log = new RunLog(store)
    const points = [1, 2, 3].map((step) => ({ key: 'loss', value: 1 / step, timestamp: step, step }))
    const tags = [
      { name: 'team', value: 'a' },
      { name: 'mlflow.source.name', value: 'old.py' },
    ]
    await log.append({ scope, runId: 'old', params: [{ name: 'p', value: '1' }], tags, points })
    const [from, to] = [await findRun(store.db, scope, 'old'), await findRun(store.db, scope, 'new')]
    assert.ok(from && to)
    for (const _ of [1, 2]) await copyRunData(store.db, from.key, to.key)
    const [before, after] = await completeRuns(store.db, [from, to])
    assert.deepEqual(after?.metrics, before?.metrics)
    assert.deepEqual(
      after?.params.map(({ name, value }) => [name, value]),
      [['p', '1']],
    )
    assert.ok(after?.tags.some((tag) => tag.name === 'team'))
    assert.ok(!after?.tags.some((tag) => tag.value === 'old.py'))
    const counted = await store.db
      .selectFrom('metrics')
      .innerJoin('metric_series', 'metric_series.key', 'metrics.series')
      .where('metric_series.run', '=', to.key)
      .selectAll('metrics')
      .execute()
    assert.deepEqual(
      counted.map((m) => m.step).toSorted((a, b) => a - b),
      [1, 2, 3],
    )
  })

  on(
    'what is logged together is answered one by one, and a refused entry leaves nothing',
    async (store, scope) => {
      const experiment = await anExperiment(store, scope)
      await createRun(store.db, aRun(scope, experiment, 'r'))
      const log = new RunLog(store)
      const entry = (more: Partial<LogEntry>): LogEntry => ({ scope, runId: 'r', ...more })
      const point = { key: 'm', value: 1, timestamp: 1, step: 0 }
      const outcomes = await Promise.all([
        log.append(entry({ params: [{ name: 'p', value: '1' }], points: [point, point] })),
        log.append(entry({ params: [{ name: 'p', value: '2' }], points: [{ ...point, key: 'lost' }] })),
        log.append(entry({ runId: 'nobody', points: [point] })),
        log.append(
          entry({ params: [{ name: 'p', value: '1' }], tags: [{ name: 'mlflow.runName', value: 'new' }] }),
        ),
      ])
      assert.deepEqual(
        outcomes.map((o) => o.kind),
        ['logged', 'param conflict', 'no run', 'logged'],
      )
      const run = await findRun(store.db, scope, 'r')
      assert.ok(run)
      const [whole] = await completeRuns(store.db, [run])
      assert.equal(run.name, 'new')
      assert.deepEqual(
        whole?.metrics.map((m) => m.key),
        ['m'],
      )
      const { points } = await metricHistory(store.db, { run: run.key, key: 'm' }, { limit: 10 })
      assert.equal(points.length, 1)
    },
  )

  on('data and models that a run used are kept once', async (store, scope) => {
    const experiment = await anExperiment(store, scope)
    await createRun(store.db, aRun(scope, experiment, 'r'))
    const run = await findRun(store.db, scope, 'r')
    assert.ok(run)
    const data = { name: 'd', digest: '1', sourceType: 's', source: '{}', schema: null, profile: null }
    await addDatasets(store.db, run, [{ ...data, tags: { 'mlflow.data.context': 'training' } }])
    await addDatasets(store.db, run, [{ ...data, tags: { more: 'x' } }])
    for (const _ of [1, 2]) await addModels(store.db, run, 'output', [{ modelId: 'm-1', step: 3 }])
    const [whole] = await completeRuns(store.db, [run])
    assert.deepEqual(
      whole?.datasets.map((d) => d.tags),
      [{ 'mlflow.data.context': 'training', more: 'x' }],
    )
    assert.deepEqual(whole?.modelOutputs, [{ modelId: 'm-1', step: 3 }])
    const summaries = await summarizeDatasets(store.db, [experiment], 10)
    assert.deepEqual(
      summaries.map((s) => [s.name, s.context]),
      [['d', 'training']],
    )
  })
}
