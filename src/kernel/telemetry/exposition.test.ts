import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bucketsOf } from '../../statistics/latency/log-buckets.ts'
import { exposition } from './exposition.ts'
import { createTotals } from './totals.ts'

const now = new Date('2026-01-31T10:00:00Z')
const scope = '/subscriptions/s/workspaces/dev'

test('series are told as totals, beside what the server tells of itself', () => {
  const totals = createTotals()
  totals.add(new Date(now.getTime() - 600_000), [{ kind: 'gauge', name: 'old', value: 1 }])
  totals.add(now, [
    { kind: 'gauge', name: 'queue', value: 3, scope, labels: { queue: 'a"b' } },
    { kind: 'counter', name: 'done_total', growth: 2 },
    { kind: 'gauge', name: 'due', value: 9 },
    { kind: 'counter', name: 'done_total', growth: 1, labels: { process: 'server' } },
  ])
  totals.add(now, [
    { kind: 'counter', name: 'done_total', growth: 3 },
    { kind: 'histogram', name: 'wait_seconds', buckets: bucketsOf([0.002, 0.2, Infinity]), sum: 0.202 },
    { kind: 'gauge', name: 'queue', value: 4, scope, labels: { queue: 'a"b' } },
  ])
  const text = exposition(
    '# HELP due Due.\n# TYPE due gauge\ndue 7\n\n# HELP done_total Done.\n# TYPE done_total counter\ndone_total{by="x"} 1\n',
    totals.since(new Date(now.getTime() - 300_000)),
  )
  assert.match(text, /^# HELP due Due\.\n# TYPE due gauge\ndue 7\n\n/)
  assert.match(text, /# TYPE done_total counter\ndone_total\{by="x"\} 1\ndone_total 5\n/)
  assert.match(text, /# TYPE queue gauge\nqueue\{workspace="dev",queue="a\\"b"\} 4\n/)
  assert.match(text, /wait_seconds_bucket\{le="0.001"\} 0\n/)
  assert.match(text, /wait_seconds_bucket\{le="0.0025"\} 1\n/)
  assert.match(text, /wait_seconds_bucket\{le="0.25"\} 2\nwait_seconds_bucket\{le="0.5"\} 2\n/)
  assert.match(
    text,
    /wait_seconds_bucket\{le="3600"\} 2\nwait_seconds_bucket\{le="\+Inf"\} 3\nwait_seconds_sum 0.202\nwait_seconds_count 3\n/,
  )
  assert.doesNotMatch(text, /old/)
  assert.equal(text.match(/# TYPE due /g)?.length, 1)
})
