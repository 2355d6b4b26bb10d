import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endpoint } from '../../../testing/gateway.ts'
import { createComparer } from './comparer.ts'
import { Watch } from './watch.ts'

/** Looks until a second's figures say what is asked for. */
async function figures(watch: Watch, done: (found: ReturnType<Watch['settle']>) => boolean) {
  for (;;) {
    const found = watch.settle(new Map())
    if (done(found)) return found
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const shadowed = () => {
  const watch = new Watch()
  const route = { ...endpoint({ blue: 100 }, {}), mirror: { green: 50 }, watch: { warmMs: 0 } }
  watch.follow(route)
  return { watch, route, ticket: watch.begin('blue', 'a') }
}

test('pairs are compared elsewhere and counted here, without those that are too long', async () => {
  const { watch, ticket } = shadowed()
  const comparer = createComparer((error) => assert.fail(String(error)))
  comparer.offer(ticket, Buffer.from('[0.5]'), { arm: 'green', body: Buffer.from('[0.5]') })
  comparer.offer(ticket, Buffer.from('[0.5]'), { arm: 'green', body: Buffer.from('[0.9]') })
  const long = Buffer.from(JSON.stringify(Array.from({ length: 20_000 }, () => 0.25)))
  comparer.offer(ticket, long, { arm: 'green', body: long })
  const { pairs, arms } = await figures(watch, ({ pairs: found }) => found.compared > 0)
  assert.deepEqual(pairs, { compared: 2, unlike: 0, differences: { 0: 1, 24: 1 } })
  assert.deepEqual(arms['green']?.predictions, { 'n:100': 1, 'n:180': 1 })
  // After a rest it begins again.
  comparer.rest()
  comparer.offer(ticket, Buffer.from('[1]'), { arm: 'green', body: Buffer.from('[1]') })
  await figures(watch, ({ pairs: found }) => found.compared === 3)
  comparer.rest()
})

test('what waits has a limit; beyond it nothing is taken', async () => {
  const { watch, ticket } = shadowed()
  const comparer = createComparer()
  const body = Buffer.from(JSON.stringify(Array.from({ length: 5000 }, () => 0.25)))
  for (let i = 0; i < 1000; i++) comparer.offer(ticket, body, { arm: 'green', body })
  const { pairs } = await figures(watch, ({ pairs: found }) => found.compared > 0)
  assert.equal(pairs.compared, Math.floor((4 * 2 ** 20) / (2 * body.length)))
  comparer.rest()
})
