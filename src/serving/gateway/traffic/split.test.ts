import assert from 'node:assert/strict'
import test from 'node:test'
import * as fc from 'fast-check'
import { chooseDeployment, type Credits, type Weights } from './split.ts'

function serve(weights: Weights, requests: number) {
  const served: string[] = []
  let credits: Credits = {}
  for (let i = 0; i < requests; i++) {
    const step = chooseDeployment(weights, credits)
    credits = step.credits
    served.push(step.chosen ?? 'none')
  }
  return served
}

const count = (served: readonly string[], name: string) => served.filter((s) => s === name).length

test('90/10 over 1,000 requests is 900 and 100, one in every ten', () => {
  const served = serve({ blue: 90, green: 10 }, 1000)
  assert.equal(count(served, 'green'), 100)
  for (let i = 0; i < 1000; i += 10) assert.equal(count(served.slice(i, i + 10), 'green'), 1)
})

test('over 100,000 requests each deployment gets exactly its share', () => {
  const served = serve({ blue: 70, green: 25, red: 4, grey: 1 }, 100_000)
  const counts = Object.fromEntries(
    ['blue', 'green', 'red', 'grey'].map((name) => [name, count(served, name)]),
  )
  assert.deepEqual(counts, { blue: 70_000, green: 25_000, red: 4000, grey: 1000 })
})

test('no positive weight, no choice', () => {
  assert.equal(chooseDeployment({}, {}).chosen, undefined)
  assert.equal(chooseDeployment({ blue: 0 }, {}).chosen, undefined)
  assert.deepEqual(new Set(serve({ blue: 0, green: 100 }, 50)), new Set(['green']))
})

test('a new split takes over from the credits of the old one without a burst', () => {
  let credits: Credits = {}
  for (let i = 0; i < 37; i++) credits = chooseDeployment({ blue: 90, green: 10 }, credits).credits
  const served: string[] = []
  for (let i = 0; i < 100; i++) {
    const step = chooseDeployment({ blue: 50, green: 50 }, credits)
    credits = step.credits
    served.push(step.chosen ?? '')
  }
  assert.ok(Math.abs(count(served, 'green') - 50) <= 1)
})

test('any split is exact over 100 requests and never runs far ahead', () => {
  const splits = fc
    .array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 })
    .map((cuts) => [0, ...cuts.toSorted((a, b) => a - b), 100])
    .map((cuts) => Object.fromEntries(cuts.slice(1).map((cut, i) => [`d${i}`, cut - (cuts[i] ?? 0)])))
  fc.assert(
    fc.property(splits, (weights) => {
      const served = serve(weights, 200)
      for (const [name, weight] of Object.entries(weights)) {
        assert.equal(count(served.slice(0, 100), name), weight)
        assert.equal(count(served, name), 2 * weight)
        let seen = 0
        served.forEach((s, i) => {
          if (s === name) seen++
          assert.ok(Math.abs(seen - ((i + 1) * weight) / 100) < Object.keys(weights).length)
        })
      }
    }),
  )
})
