import assert from 'node:assert/strict'
import test from 'node:test'
import { chooseSticky } from './sticky.ts'

const keys = Array.from({ length: 20_000 }, (_, i) => `customer-${i}`)
const choices = (weights: Record<string, number>) => keys.map((key) => chooseSticky(weights, key))
const share = (chosen: readonly unknown[], name: string) =>
  chosen.filter((c) => c === name).length / keys.length

test('each deployment gets its share of the values, and a value the same deployment every time', () => {
  const chosen = choices({ blue: 70, green: 25, red: 5 })
  assert.deepEqual(choices({ red: 5, green: 25, blue: 70 }), chosen)
  for (const [name, wanted] of [
    ['blue', 0.7],
    ['green', 0.25],
    ['red', 0.05],
  ] as const)
    assert.ok(Math.abs(share(chosen, name) - wanted) < 0.01, name)
})

test('a change of weights moves only what it must, from those that lose to those that gain', () => {
  const before = choices({ blue: 90, green: 10 })
  const after = choices({ blue: 80, green: 20 })
  const moved = keys.filter((_, i) => before[i] !== after[i])
  assert.ok(Math.abs(moved.length / keys.length - 0.1) < 0.01)
  assert.ok(keys.every((_, i) => before[i] !== 'green' || after[i] === 'green'))
})

test('nothing has weight: nothing is chosen', () => {
  assert.equal(chooseSticky({ blue: 0 }, 'a'), undefined)
  assert.equal(chooseSticky({}, 'a'), undefined)
})
