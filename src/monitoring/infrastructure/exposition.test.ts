import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bucketQuantile, bucketTotal } from '../../statistics/latency/log-buckets.ts'
import { readExposition, remembered, samplesBetween } from './exposition.ts'

const scrape = (requests: number, slow: number, up = 1) => `# HELP some_total Help, which says "nothing".
# TYPE some_total counter
some_total{endpoint="dev/a",reason="it \\"broke\\"\\\\"} ${requests} 1700000000000
# TYPE up gauge
up ${up}
# TYPE wait_seconds histogram
wait_seconds_bucket{le="0.1",endpoint="dev/a"} ${requests}
wait_seconds_bucket{le="1",endpoint="dev/a"} ${requests + slow}
wait_seconds_bucket{le="+Inf",endpoint="dev/a"} ${requests + slow + 1}
wait_seconds_sum{endpoint="dev/a"} ${requests * 0.05 + slow * 0.5}
wait_seconds_count{endpoint="dev/a"} ${requests + slow + 1}
not a line of it
`

describe("Prometheus' exposition", () => {
  test('is read with types, labels and what is escaped in them', () => {
    const [first, ...rest] = readExposition(scrape(10, 2))
    assert.deepEqual(first, {
      name: 'some_total',
      type: 'counter',
      labels: { endpoint: 'dev/a', reason: 'it "broke"\\' },
      value: 10,
    })
    assert.deepEqual(
      rest.map(({ type }) => type),
      ['gauge', ...Array.from({ length: 5 }, () => 'histogram')],
    )
  })

  test('tells what happened between two scrapes', () => {
    const [one, two] = [readExposition(scrape(10, 2)), readExposition(scrape(110, 12))]
    assert.deepEqual(
      samplesBetween(undefined, one).map(({ name }) => name),
      ['up'],
      'one scrape says nothing of growth',
    )
    const [counter, gauge, histogram] = samplesBetween(remembered(one), two)
    assert.deepEqual([counter?.kind === 'counter' && counter.growth, gauge?.name], [100, 'up'])
    assert.ok(histogram?.kind === 'histogram')
    assert.equal(histogram.name, 'wait_seconds')
    assert.deepEqual(histogram.labels, { endpoint: 'dev/a' })
    assert.equal(bucketTotal(histogram.buckets), 110)
    assert.ok(Math.abs(histogram.sum - 10) < 1e-9)
    assert.ok(Math.abs(bucketQuantile(histogram.buckets, 0.5) - 0.055) < 0.003)
    assert.ok(bucketQuantile(histogram.buckets, 0.95) > 0.1)
  })

  test('of a process that started anew all counts', () => {
    const [counter, , histogram] = samplesBetween(
      remembered(readExposition(scrape(100, 20))),
      readExposition(scrape(7, 1)),
    )
    assert.equal(counter?.kind === 'counter' && counter.growth, 7)
    assert.equal(histogram?.kind === 'histogram' && bucketTotal(histogram.buckets), 9)
  })

  test('what appears between two scrapes counts from zero', () => {
    const before = remembered(readExposition(scrape(1, 1)).filter(({ name }) => name === 'up'))
    const [counter] = samplesBetween(before, readExposition(scrape(5, 0)))
    assert.equal(counter?.kind === 'counter' && counter.growth, 5)
  })
})
