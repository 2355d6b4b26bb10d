import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { Condition } from '../filter.ts'
import { createExperiment, ensureDefaultExperiment } from '../experiments.ts'
import { metricHistory, metricPointsAt, metricSteps } from '../history.ts'
import { RunLog } from '../log.ts'
import { completeRuns } from '../run-data.ts'
import { createRun, findRun } from '../runs.ts'
import { metricBuckets } from '../summaries/buckets.ts'
import { countRuns, loggedNames } from '../summaries/runs.ts'
import { aRun, anExperiment, type On } from './on.ts'

/** What the tracking tables promise of the points of metrics, on every dialect. */
export function metricsContract(on: On): void {
  on(
    'runs are counted and their names listed; a long history is cut into parts that miss no point',
    async (s, scope) => {
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

  on('the latest point and the history are those of the definition', async (store, scope) => {
    const experiment = await anExperiment(store, scope)
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
        await createRun(store.db, aRun(scope, experiment, runId))
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

  on('a history is paged without a gap', async (store, scope) => {
    const experiment = await anExperiment(store, scope)
    await createRun(store.db, aRun(scope, experiment, 'r'))
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
}

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
