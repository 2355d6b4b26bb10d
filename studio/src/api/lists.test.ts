import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jobQuery } from './jobs-list.ts'
import type { Job } from './jobs.ts'
import { lineParameters, queuedComputes, reasonOf } from './queue.ts'
import { runFilter, runOrder } from './runs-list.ts'
import { triggerWords } from './schedules.ts'

test('filters are written in the words of the server, whatever stands in them', () => {
  assert.deepEqual(jobQuery('a b', { status: 'Failed,Canceled', type: '', experiment: "it's" }), {
    $filter: "status in ('Failed','Canceled') and experimentName eq 'it''s'",
    $search: 'a b',
    properties: undefined,
    listViewType: undefined,
  })
  const all = { experiments: ['1'], words: '', filter: '', parent: '', isTop: false }
  assert.equal(runFilter(all), '')
  assert.equal(
    runFilter({ ...all, words: "x'y", filter: 'metrics.a > 1', isTop: true }, 'attributes.start_time <= 5'),
    "metrics.a > 1 and attributes.run_name ILIKE '%xy%' and tags.`mlflow.parentRunId` IS NULL and attributes.start_time <= 5",
  )
  assert.equal(runOrder({ column: 'metric.a.b', descending: true }), 'metrics.`a.b` DESC')
  assert.equal(runOrder({ column: 'started', descending: false }), 'attributes.start_time ASC')
})

test('triggers are told in words', () => {
  assert.equal(
    triggerWords({ expression: '0 6 * * 1', timeZone: 'Europe/Oslo' }),
    'cron 0 6 * * 1, Europe/Oslo',
  )
  assert.equal(
    triggerWords({
      frequency: 'Week',
      interval: 2,
      schedule: { hours: [6], minutes: [0, 30], weekDays: ['Monday'] },
    }),
    'every 2 weeks on Monday at 06:00, 06:30 UTC',
  )
})

test('who waits is asked for by compute, and told with the reason', () => {
  const job = (name: string) => ({ name, properties: { displayName: name } }) as unknown as Job
  const small = {
    id: '/Subscriptions/s/computes/Small',
    name: 'Small',
    properties: { properties: { scaleSettings: { maxNodeCount: 1 } } },
  }
  const [local, declared] = queuedComputes([small] as never)
  assert.ok(local !== undefined && declared !== undefined)
  assert.equal(
    lineParameters('waiting', declared.filter, 5).$filter,
    "status in ('NotStarted','Queued') and jobType ne 'Pipeline' and target eq '/subscriptions/s/computes/small'",
  )
  const working = { total: 1, jobs: [job('a')] }
  assert.match(reasonOf(declared, working), /^a takes its 1 place/)
  assert.match(reasonOf({ ...declared, isStopped: true }, working), /is stopped/)
  const many = { total: 2000, jobs: ['a', 'b', 'c', 'd', 'e'].map(job) }
  assert.match(reasonOf(local, many), /^a, b, c, d and others take all its places, one for each core/)
})
