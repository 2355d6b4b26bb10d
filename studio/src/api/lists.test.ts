import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jobQuery } from './jobs-list.ts'
import type { Job } from './jobs.ts'
import { queuesOf, reasonOf } from './queue.ts'
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

test('who waits is told by compute, next first, with the reason', () => {
  const job = (name: string, status: string, computeId?: string) =>
    ({ name, properties: { status, jobType: 'Command', computeId, displayName: name } }) as unknown as Job
  const compute = { name: 'Small', properties: { properties: { scaleSettings: { maxNodeCount: 1 } } } }
  const queues = queuesOf(
    [job('a', 'Running', '/x/computes/small'), job('b', 'Queued', '/x/computes/small'), job('c', 'Running')],
    [compute] as never,
  )
  const [small, local] = queues
  assert.deepEqual([small?.compute, small?.waiting.map(({ name }) => name)], ['Small', ['b']])
  assert.match(small === undefined ? '' : reasonOf(small), /^a takes its 1 place/)
  assert.deepEqual([local?.compute, local?.running.length], ['local', 1])
  assert.match(small === undefined ? '' : reasonOf({ ...small, isStopped: true }), /is stopped/)
})
