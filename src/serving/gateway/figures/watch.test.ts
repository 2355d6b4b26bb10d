import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { endpoint } from '../../../testing/gateway.ts'
import { type Ending, Watch } from './watch.ts'

const up = new Map([
  ['blue', 1],
  ['green', 1],
])

/** A watch with a clock that stands still unless it is told, on a split of 90 and 10. */
function watched(watch: { slowMs?: number; warmMs: number } = { warmMs: 0 }) {
  let now = 1000
  const route = { ...endpoint({ blue: 90, green: 10 }, { blue: {}, green: {} }), watch }
  const watching = new Watch({ now: () => now, random: () => 0.99 })
  watching.follow(route)
  return {
    watching,
    route,
    pass: (ms: number) => void (now += ms),
    request: (arm: string, ms: number, ending: Ending = 'answered') => {
      const ticket = watching.begin(arm, `caller of ${arm}`, { byTurn: true })
      now += ms
      watching.ended(ticket, ending)
      return ticket
    },
  }
}

describe('a watch on an endpoint', () => {
  test('counts requests, what became of them, and the slow ones, failed ones among them', () => {
    const { watching, request } = watched({ slowMs: 10, warmMs: 0 })
    request('blue', 5)
    request('blue', 11)
    request('green', 1, 'errors')
    request('green', 1, 'refused')
    request('green', 20, 'gone')
    const { arms, slowMs, traffic } = watching.settle(up)
    assert.equal(slowMs, 10)
    assert.deepEqual(traffic, { blue: 90, green: 10 })
    const { latency: _, ...green } = arms['green']!
    assert.deepEqual(green, {
      requests: 3,
      assigned: 3,
      errors: 1,
      refused: 1,
      slow: 2,
      independent: { errors: 1, refused: 1, slow: 1 },
      predictions: {},
      // A caller that has gone says nothing of the model.
      recent: { requests: 2, errors: 1 },
      dropped: 0,
      up: 1,
    })
    assert.equal(arms['blue']?.requests, 2)
    assert.equal(
      Object.values(arms['green']!.latency).reduce((a, b) => a + b, 0),
      3,
    )
  })

  test("a caller's events of one second count once, and again in the next", () => {
    const { watching, request } = watched()
    for (let i = 0; i < 5; i++) request('green', 1, 'errors')
    assert.deepEqual(watching.settle(up).arms['green']?.independent.errors, 1)
    request('green', 1, 'errors')
    const { green } = watching.settle(up).arms
    assert.deepEqual([green?.errors, green?.independent.errors], [6, 2])
  })

  test('a request counts once, whatever comes after', () => {
    const { watching, request } = watched()
    const ticket = request('blue', 1, 'gone')
    watching.ended(ticket, 'errors')
    const { blue } = watching.settle(up).arms
    assert.deepEqual([blue?.requests, blue?.errors], [1, 0])
  })

  test('counts begin anew when shares change, without requests from before and without the warm-up', () => {
    const { watching, route, request, pass } = watched({ warmMs: 500 })
    pass(500)
    request('blue', 1)
    assert.equal(watching.settle(up).arms['blue']?.requests, 1)
    const before = watching.begin('blue', 'a')
    watching.follow({ ...route, traffic: { blue: 50, green: 50 } })
    watching.ended(before, 'errors')
    request('green', 1, 'errors')
    const warming = watching.settle(up)
    assert.equal(warming.arms['green']?.requests, 0)
    // Of what fails at once it is known at once.
    assert.deepEqual(warming.arms['green']?.recent, { requests: 1, errors: 1 })
    pass(500)
    request('green', 1)
    const { arms, since } = watching.settle(up)
    assert.equal(arms['green']?.requests, 1)
    assert.equal(since, 2001)
  })

  test('the same route again changes nothing; a limit that is found begins anew without warm-up', () => {
    const { watching, route, request, pass } = watched({ warmMs: 500 })
    pass(500)
    request('blue', 1)
    watching.follow(structuredClone(route))
    assert.equal(watching.settle(up).arms['blue']?.requests, 1)
    watching.follow({ ...route, watch: { warmMs: 500, slowMs: 3 } })
    request('blue', 5)
    const { blue } = watching.settle(up).arms
    assert.deepEqual([blue?.requests, blue?.slow], [1, 1])
  })

  test('only pairs are looked at while copies are made, and 200 answers a second', () => {
    const { watching, route } = watched()
    const sampled = () => Array.from({ length: 300 }, () => watching.begin('blue', 'a').sampled)
    assert.equal(sampled().filter(Boolean).length, 200)
    watching.settle(up)
    watching.follow({ ...route, traffic: { blue: 100 }, mirror: { green: 10 } })
    assert.equal(sampled().filter(Boolean).length, 0)
    assert.equal(watching.sample(5000), true)
  })

  test('what was found in answers is kept unless shares have changed since', () => {
    const { watching, route, request } = watched()
    const { epoch } = request('blue', 1)
    const found = { arms: { blue: { 'n:3': 2 } }, compared: 3, unlike: 1, apart: [0, Infinity] }
    watching.take(epoch, found)
    const { arms, pairs } = watching.settle(up)
    assert.deepEqual(arms['blue']?.predictions, { 'n:3': 2 })
    assert.deepEqual(pairs, { compared: 3, unlike: 1, differences: { 0: 1, 34: 1 } })
    watching.follow({ ...route, traffic: { blue: 100 } })
    watching.take(epoch, found)
    assert.equal(watching.settle(up).pairs.compared, 0)
  })
})

test('whose event stands for a burst is drawn by the share of the requests', () => {
  let seed = 7
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647
  const watching = new Watch({ now: () => 1, random })
  watching.follow({ ...endpoint({ blue: 90, green: 10 }, {}), watch: { warmMs: 0 } })
  // Everything fails, in turns that begin each second with blue: the first one would always be its.
  for (let second = 0; second < 2000; second++) {
    for (let i = 0; i < 10; i++) watching.ended(watching.begin(i === 5 ? 'green' : 'blue', 'one'), 'errors')
    watching.settle(up)
  }
  const { green, blue } = watching.settle(up).arms
  assert.equal((green?.independent.errors ?? 0) + (blue?.independent.errors ?? 0), 2000)
  assert.ok(Math.abs((green?.independent.errors ?? 0) - 200) < 45, String(green?.independent.errors))
})
