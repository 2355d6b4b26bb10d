import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filtered, ordered, readOrder, writeOrder, type Sortable } from './order.ts'

interface Run {
  readonly name: string
  readonly auc: number | undefined
}
const columns: readonly Sortable<Run>[] = [
  { id: 'name', sort: ({ name }) => name, text: ({ name }) => name },
  { id: 'auc', sort: ({ auc }) => auc },
  { id: 'picture' },
]
const runs: readonly Run[] = [
  { name: 'run 10', auc: 0.7 },
  { name: 'run 9', auc: undefined },
  { name: 'Run 2', auc: 0.9 },
]
const names = (order: string) => ordered(runs, columns, readOrder(order, columns)).map(({ name }) => name)

test('numbers in names count as numbers, and what is missing comes last either way', () => {
  assert.deepEqual(names('name'), ['Run 2', 'run 9', 'run 10'])
  assert.deepEqual(names('auc'), ['run 10', 'Run 2', 'run 9'])
  assert.deepEqual(names('-auc'), ['Run 2', 'run 10', 'run 9'])
})

test('an order that there is not leaves the rows as they are', () => {
  for (const order of ['', 'nothing', '-', 'picture', '__proto__'])
    assert.deepEqual(names(order), ['run 10', 'run 9', 'Run 2'], order)
  assert.equal(writeOrder({ column: 'auc', descending: true }), '-auc')
})

test('a filter wants all of its words, in any case', () => {
  const found = (filter: string) => filtered(runs, columns, filter).map(({ name }) => name)
  assert.deepEqual(found('RUN 2'), ['Run 2'])
  assert.deepEqual(found('  '), ['run 10', 'run 9', 'Run 2'])
  assert.deepEqual(found('run x'), [])
})
