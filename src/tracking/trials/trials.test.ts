import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { TrialRow } from '../../store/tracking/summaries/trials.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { bestOf, numbered, rankIn, sampled } from './trials.ts'

const row = (value: number | undefined, status: TrialRow['status'] = 'FINISHED'): TrialRow => ({
  key: 1,
  runId: 'r',
  name: 'r',
  status,
  startTime: 1,
  endTime: 2,
  value,
})

describe('trials', () => {
  const rows = [row(3), row(Number.NaN), row(1), row(0, 'FAILED'), row(Number.MAX_VALUE), row(1), row(5)]

  test('are ranked if they finished with a number, and records if better than all before', () => {
    const least = numbered(rows, 'Minimize')
    assert.deepEqual(
      least.map(({ ranked }) => ranked),
      [3, undefined, 1, undefined, undefined, 1, 5],
    )
    assert.deepEqual(
      least.filter(({ isRecord }) => isRecord).map(({ number }) => number),
      [1, 3],
    )
    assert.deepEqual(
      numbered(rows, 'Maximize')
        .filter(({ isRecord }) => isRecord)
        .map(({ number }) => number),
      [1, 7],
    )
  })

  test('are records by when they ended, where that is asked', () => {
    const late = [
      { ...row(1), endTime: 9 },
      { ...row(2), endTime: 5 },
      { ...row(3), endTime: 7 },
    ]
    const recordsBy = (by: 'started' | 'ended') =>
      numbered(late, 'Minimize', by)
        .filter(({ isRecord }) => isRecord)
        .map(({ number }) => number)
    assert.deepEqual([recordsBy('started'), recordsBy('ended')], [[1], [1, 2]])
    assert.equal(bestOf(numbered(late, 'Minimize', 'ended'), 'Minimize')?.number, 1)
    assert.equal(bestOf(numbered([row(undefined)], 'Minimize'), 'Minimize'), undefined)
  })

  test('equal values share a rank, in either direction', () => {
    const least = rankIn(numbered(rows, 'Minimize'), 'Minimize')
    assert.deepEqual([1, 3, 5].map(least), [1, 3, 4])
    const most = rankIn(numbered(rows, 'Maximize'), 'Maximize')
    assert.deepEqual([5, 3, 1].map(most), [1, 2, 3])
  })

  test('are sampled evenly, with every record', () => {
    const many = numbered(
      Array.from({ length: 1000 }, (_, i) => row(i === 501 ? -1 : 1000 - (i % 7))),
      'Minimize',
    )
    const some = sampled(many, 50)
    assert.ok(some.length >= 50 && some.length <= 60)
    assert.ok(some.some(({ number }) => number === 502))
    assert.equal(sampled(many, 1000), many)
  })
})

describe('summarizeTrials', () => {
  let t: TestApp
  let experiment = ''
  const mlflow = async (path: string, body: object) => {
    const answer = await t.send('POST', `/api/2.0/mlflow/${path}`, body)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer.body
  }
  const parent = 'a'.repeat(32)
  const ask = (body: object) => t.send('POST', `${t.workspace}/summarizeTrials`, body)
  const usual = () => ({
    experimentIds: [experiment],
    filter: `tags.\`mlflow.parentRunId\` = '${parent}'`,
    metric: 'loss',
    goal: 'Minimize',
  })
  before(async () => {
    t = await startTestApp()
    experiment = (await mlflow('experiments/create', { name: 'search' })).experiment_id
    for (let i = 0; i < 24; i++) {
      const { run } = await mlflow('runs/create', {
        experiment_id: experiment,
        start_time: 1000 + i,
        tags: [{ key: 'mlflow.parentRunId', value: parent }],
      })
      const params = [
        { key: 'C', value: String(i % 6) },
        { key: 'kernel', value: ['rbf', 'poly'][i % 2] },
        { key: 'cv', value: '5' },
        { key: 'path', value: `/tmp/${i}` },
      ]
      const metrics = [{ key: 'loss', value: Math.abs((i % 6) - 2), timestamp: 1, step: 0 }]
      await mlflow('runs/log-batch', { run_id: run.info.run_id, params, metrics: i === 5 ? [] : metrics })
      const status = i === 5 ? 'FAILED' : 'FINISHED'
      await mlflow('runs/update', { run_id: run.info.run_id, status, end_time: 2000 + i })
    }
  })
  after(() => t.end())

  test('counts, ranks and tells the best and what came before it', async () => {
    const { status, body } = await ask({ ...usual(), points: 10 })
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual(
      [body.count, body.isWhole, body.ranked, body.statuses],
      [24, true, 23, { FINISHED: 23, FAILED: 1 }],
    )
    assert.deepEqual([body.best.number, body.best.value], [3, 0])
    assert.deepEqual(
      body.trials
        .filter(({ isRecord }: { isRecord: boolean }) => isRecord)
        .map(({ number, value }: { number: number; value: number }) => [number, value]),
      [
        [1, 2],
        [2, 1],
        [3, 0],
      ],
    )
    assert.ok(body.trials.length <= 13 && body.importance === undefined)
    const all = (await ask({ ...usual(), goal: 'Maximize' })).body
    assert.equal(all.best.value, 3)
    const failed = all.trials.find(({ status: word }: { status: string }) => word === 'FAILED')
    assert.equal(failed.value, null)
    const runIds = all.trials.map(({ runId }: { runId: string }) => runId)
    const { ranks } = (
      await ask({ ...usual(), points: 0, ranks: [runIds[2], runIds[0], failed.runId, 'none'] })
    ).body
    // Four have 0, seven or eight 1; equal ones share a rank.
    assert.deepEqual(
      ranks.map(({ number, rank }: { number: number; rank: number | null }) => [number, rank]),
      [
        [1, 13],
        [3, 1],
        [6, null],
      ],
    )
  })

  test('says what parameters tell, and of which it cannot say', async () => {
    const { importance, trials } = (await ask({ ...usual(), parameters: true })).body
    assert.equal(importance.trials, 23)
    const [first, ...rest] = importance.parameters
    assert.equal(first.name, 'C')
    assert.ok(
      first.share > 0.9 && first.share > importance.chance && first.lower <= first.share,
      JSON.stringify(first),
    )
    assert.deepEqual([first.kind, typeof first.correlation.rho], ['numeric', 'number'])
    assert.deepEqual(
      rest.map(({ name, reason = 'rated' }: { name: string; reason?: string }) => [name, reason]),
      [
        ['kernel', 'rated'],
        ['path', 'differsInEveryTrial'],
      ],
    )
    assert.deepEqual(trials[0].params, { C: '0', kernel: 'rbf', path: '/tmp/0' })
    const few = await ask({
      ...usual(),
      filter: `${usual().filter} and params.kernel = 'rbf'`,
      parameters: true,
    })
    assert.equal(few.body.importance.parameters[0].reason, 'tooFewTrials')
  })

  test('nothing is nothing, and a wrong question says what was expected', async () => {
    const none = (await ask({ ...usual(), metric: 'auc', parameters: true })).body
    assert.deepEqual([none.ranked, none.best, none.importance.chance], [0, null, null])
    assert.equal((await ask({ ...usual(), experimentIds: ['77'] })).body.count, 0)
    for (const wrong of [{ goal: 'Up' }, { metric: '' }, { filter: 'metrics.loss >' }, { points: -1 }])
      assert.equal((await ask({ ...usual(), ...wrong })).status, 400, JSON.stringify(wrong))
    const { nested } = (
      await t.send('POST', `${t.workspace}/summarizeRuns`, {
        experimentIds: [experiment],
        nestedBelow: [parent, 'none'],
      })
    ).body
    assert.deepEqual(nested, [{ runId: parent, runs: 24, statuses: { FAILED: 1, FINISHED: 23 } }])
  })
})
