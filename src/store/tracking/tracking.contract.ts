import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as fc from 'fast-check'
import type { Store } from '../database.ts'
import type { Condition, Field, Ordering } from './filter.ts'
import {
  createExperiment,
  deleteExperimentTag,
  ensureDefaultExperiment,
  searchExperiments,
  setExperimentLifecycle,
} from './experiments.ts'
import { forgetExperiments } from './forget.ts'
import { metricHistory, metricPointsAt, metricSteps } from './history.ts'
import { addDatasets, addModels, summarizeDatasets } from './inputs.ts'
import { RunLog, type LogEntry } from './log.ts'
import {
  completeModels,
  createLoggedModel,
  findLoggedModel,
  searchLoggedModels,
  updateLoggedModel,
} from './logged-models.ts'
import { copyRunData } from './copy-run.ts'
import { completeRuns } from './run-data.ts'
import { createRun, findRun } from './runs.ts'
import { searchRuns, type RunPosition } from './search-runs.ts'
import { metricBuckets } from './summaries/buckets.ts'
import { countRuns, loggedNames } from './summaries/runs.ts'
import { nestedBelow, trialParams, trialsOf } from './summaries/trials.ts'
import {
  anyCondition,
  anyOrdering,
  ordered,
  satisfies,
  words,
  type Subject,
} from './testing/search-oracle.ts'

/** A workspace of its own for each test, so that one store does for all. */
let scope = ''

/** What the tracking tables promise, on every dialect. */
export function trackingContract(dialect: string, open: () => Promise<Store>): void {
  let store: Store
  before(async () => {
    store = await open()
  })
  after(() => store.close())
  let count = 0
  const on = (what: string, body: (store: Store) => Promise<void>) =>
    test(`${dialect}: ${what}`, async () => {
      scope = `/subscriptions/s/workspaces/w${count++}`
      await body(store)
    })

  on(
    'runs are counted and their names listed; a long history is cut into parts that miss no point',
    async (s) => {
      const { db } = s
      await ensureDefaultExperiment(db, scope, 'a', 1)
      const experiment = await createExperiment(db, { scope, name: 'x', artifactLocation: 'a', now: 3 })
      const log = new RunLog(s)
      const made = ['r1', 'r2', 'r3'].map((runId, i) => ({
        scope,
        runId,
        experiment: experiment?.key ?? 0,
        name: runId,
        userId: 'u',
        startTime: i + 1,
        artifactUri: 'a',
      }))
      for (const run of made) await createRun(db, run)
      const points = Array.from({ length: 1000 }, (_, step) => ({
        key: 'loss',
        value: step === 500 ? 99 : step % 10,
        timestamp: 5000 + 2 * step,
        step,
      }))
      const odd = [Number.NaN, Number.POSITIVE_INFINITY].map((value) => ({
        key: 'loss',
        value,
        timestamp: 1,
        step: -1,
      }))
      await log.append({
        scope,
        runId: 'r1',
        points: [...points, ...odd],
        params: [{ name: 'p', value: '1' }],
      })
      await log.append({
        scope,
        runId: 'r2',
        params: [
          { name: 'p', value: '1' },
          { name: 'q', value: '' },
        ],
      })
      await log.append({ scope, runId: 'r3', params: [{ name: 'p', value: '1' }] })
      const all = { experiments: [experiment?.key ?? 0], lifecycles: ['active'], conditions: [] } as const
      assert.deepEqual(await countRuns(db, all), { count: 3, newest: 3 })
      assert.deepEqual(await countRuns(db, { ...all, experiments: [] }), { count: 0, newest: undefined })
      const early: Condition = {
        field: { kind: 'attribute', key: 'start_time', type: 'number' },
        comparator: '<=',
        value: 2,
      }
      assert.deepEqual(await countRuns(db, { ...all, conditions: [early] }), { count: 2, newest: 2 })
      const { runs, metrics, params } = await loggedNames(db, all, 10)
      assert.deepEqual([runs, metrics], [3, [{ name: 'loss', runs: 1, varies: true }]])
      assert.deepEqual(params, [
        { name: 'p', runs: 3, varies: false },
        { name: 'q', runs: 1, varies: true },
      ])
      assert.equal((await loggedNames(db, all, 2)).metrics.length, 0)

      const of = { run: (await findRun(db, scope, 'r1'))?.key ?? 0, name: 'loss' }
      const steps = { axis: 'step', most: 10, range: { from: 0, to: 999 } } as const
      const { total, notFinite, buckets } = await metricBuckets(db, of, steps)
      assert.deepEqual([total, notFinite, buckets.length], [1000, 0, 10])
      assert.deepEqual(buckets[0], { step: 0, timestamp: 5000, value: 4.5, min: 0, max: 9, points: 100 })
      assert.equal(buckets[5]?.max, 99)
      assert.deepEqual(
        (await metricBuckets(db, of, { ...steps, range: { from: 3, to: 5 } })).buckets.map((b) => b.value),
        [3, 4, 5],
      )
      const whole = await metricBuckets(db, of, { axis: 'timestamp', most: 100 })
      assert.deepEqual([whole.total, whole.notFinite], [1002, 2])
      assert.ok(whole.buckets.length <= 100)
      assert.equal(
        whole.buckets.reduce((sum, bucket) => sum + bucket.points, 0),
        1000,
      )
      assert.deepEqual(await metricBuckets(db, { ...of, name: 'none' }, steps), {
        total: 0,
        notFinite: 0,
        buckets: [],
      })
    },
  )

  on(
    'runs nested below one are counted, and read as trials in the order in which they started',
    async (s) => {
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

  on(
    'experiments are numbered from 1 beside the default, and keep their names when deleted',
    async ({ db }) => {
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

  on('a run that exists is left as it is', async (store) => {
    const experiment = await anExperiment(store)
    assert.equal(await createRun(store.db, aRun(experiment, 'r', { name: 'first' })), true)
    assert.equal(await createRun(store.db, aRun(experiment, 'r', { name: 'second' })), false)
    assert.equal((await findRun(store.db, scope, 'r'))?.name, 'first')
    assert.equal(await findRun(store.db, 'other', 'r'), undefined)
  })

  on('what one run logged can be given to another, once or twice alike', async (store) => {
    const experiment = await anExperiment(store)
    for (const runId of ['old', 'new']) await createRun(store.db, aRun(experiment, runId))
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

  on('what is logged together is answered one by one, and a refused entry leaves nothing', async (store) => {
    const experiment = await anExperiment(store)
    await createRun(store.db, aRun(experiment, 'r'))
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
  })

  on('the latest point and the history are those of the definition', async (store) => {
    const experiment = await anExperiment(store)
    const log = new RunLog(store)
    const number = fc.constantFrom(0, 1, -1, 2.5, Number.NaN, Infinity, -Infinity)
    const point = fc.record({
      key: fc.constantFrom('a', 'b'),
      value: number,
      timestamp: fc.nat(3),
      step: fc.integer({ min: -2, max: 2 }),
    })
    let count = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(point, { maxLength: 40 }), { maxLength: 4 }), async (batches) => {
        const runId = `p${count++}`
        await createRun(store.db, aRun(experiment, runId))
        for (const points of batches) await log.append({ scope, runId, points })
        const info = await findRun(store.db, scope, runId)
        assert.ok(info)
        const [run] = await completeRuns(store.db, [info])
        for (const key of ['a', 'b']) {
          const kept = batches
            .flat()
            .filter((p) => p.key === key)
            .map((p) => ({ ...p, value: asKept(p.value) }))
          const distinct = [...new Map(kept.map((p) => [`${p.timestamp}/${p.step}/${p.value}`, p])).values()]
          const { points } = await metricHistory(store.db, { run: info.key, key }, { limit: 1000 })
          assert.equal(points.length, distinct.length)
          assert.ok(points.every((p, i) => i === 0 || inOrder(points[i - 1] ?? p, p)))
          const latest = run?.metrics.find((m) => m.key === key)
          const best = distinct.toSorted(
            (x, y) => y.step - x.step || y.timestamp - x.timestamp || rank(y.value) - rank(x.value),
          )[0]
          assert.deepEqual([latest?.step, latest?.timestamp], [best?.step, best?.timestamp])
          if (best !== undefined) assert.equal(rank(latest?.value ?? -9), rank(best.value))
        }
      }),
      { numRuns: 25 },
    )
  })

  on('a history is paged without a gap', async (store) => {
    const experiment = await anExperiment(store)
    await createRun(store.db, aRun(experiment, 'r'))
    const points = Array.from({ length: 50 }, (_, i) => ({
      key: 'm',
      value: i % 3,
      timestamp: Math.floor(i / 10),
      step: i,
    }))
    await new RunLog(store).append({ scope, runId: 'r', points })
    const run = (await findRun(store.db, scope, 'r'))?.key ?? 0
    const seen: number[] = []
    let after
    do {
      const page = await metricHistory(store.db, { run, key: 'm' }, { limit: 7, after })
      seen.push(...page.points.map((p) => p.step))
      after = page.next
    } while (after !== undefined)
    assert.deepEqual(
      seen,
      points.map((p) => p.step),
    )
    assert.deepEqual(await metricSteps(store.db, { run, key: 'm' }, { start: 3, end: 5 }), [3, 4, 5])
    assert.equal((await metricPointsAt(store.db, { run, key: 'm' }, [1, 2, 99], 10)).length, 2)
    assert.deepEqual((await metricHistory(store.db, { run, key: 'none' }, { limit: 1 })).points, [])
  })

  on('a search gives what its conditions say, in order, however it is paged', async (store) => {
    const experiment = await anExperiment(store)
    const subjects = await seedRuns(store, experiment)
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

  on('a workspace is forgotten up to a moment, and no other', async (store) => {
    const experiment = await anExperiment(store)
    await createRun(store.db, aRun(experiment, 'r'))
    const log = new RunLog(store)
    const points = [{ key: 'm', value: 1, timestamp: 1, step: 0 }]
    await log.append({ scope, runId: 'r', points, params: [{ name: 'p', value: '1' }] })
    const later = await createExperiment(store.db, { scope, name: 'later', artifactLocation: 'a', now: 9 })
    await forgetExperiments(store, `${scope}-other`, 5)
    assert.ok(await findRun(store.db, scope, 'r'))
    for (const _ of [1, 2]) await forgetExperiments(store, scope, 5)
    assert.equal(await findRun(store.db, scope, 'r'), undefined)
    await createRun(store.db, aRun(later?.key ?? 0, 'r'))
    const again = await findRun(store.db, scope, 'r')
    assert.ok(again)
    const [whole] = await completeRuns(store.db, [again])
    assert.deepEqual([whole?.params, whole?.metrics], [[], []])
  })

  on('data and models that a run used are kept once', async (store) => {
    const experiment = await anExperiment(store)
    await createRun(store.db, aRun(experiment, 'r'))
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

  on('logged models are searched by what was measured on a dataset', async (store) => {
    const experiment = await anExperiment(store)
    await createRun(store.db, aRun(experiment, 'r'))
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

async function anExperiment({ db }: Store): Promise<number> {
  return (await createExperiment(db, { scope, name: 'e', artifactLocation: 'a', now: 1 }))?.key ?? 0
}

const aRun = (
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

/** A kept value: infinities become the greatest numbers. */
const asKept = (value: number) =>
  Number.isNaN(value) ? value : Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value))
/** NaN is kept beside 0 and compares as it. */
const rank = (value: number) => (Number.isNaN(value) ? 0 : value)

interface Place {
  readonly timestamp: number
  readonly step: number
  readonly value: number
}

const inOrder = (a: Place, b: Place) => compareTuple(a, b) <= 0
const compareTuple = (a: Place, b: Place) =>
  a.timestamp - b.timestamp || a.step - b.step || rank(a.value) - rank(b.value)

async function seedRuns(store: Store, experiment: number): Promise<readonly Subject[]> {
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
      aRun(experiment, subject.runId, { name: subject.name, startTime: subject.startTime }),
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
