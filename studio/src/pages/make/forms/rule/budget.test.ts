import assert from 'node:assert/strict'
import { test } from 'node:test'
import { standardWindows } from '../../../../../../src/alerts/rules/grammar/condition.ts'
import { budgetOf } from './budget.ts'

const minuteMs = 60_000

test('an objective of 99.9 % allows 43 minutes in 30 days, and the workbook’s windows spend 2 % and 5 %', () => {
  const { budget, downMs, windows } = budgetOf(0.999, standardWindows)
  assert.equal(budget, 0.001)
  assert.equal(downMs / minuteMs, 43.2)
  assert.deepEqual(
    windows.map(({ spent }) => Number(spent.toFixed(4))),
    [0.02, 0.05],
  )
  assert.deepEqual(
    windows.map(({ lastsMs }) => lastsMs / (60 * minuteMs)),
    [50, 120],
  )
})

test('without windows there is still a budget', () => {
  assert.deepEqual(budgetOf(0.5, []).windows, [])
})
