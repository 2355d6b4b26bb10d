import assert from 'node:assert/strict'
import { test } from 'node:test'
import { near } from '../testing/rows.ts'
import { hosmerLemeshow } from './hosmer-lemeshow.ts'

test('Hosmer and Lemeshow: by hand, of four groups of two', () => {
  const { statistic, pValue, groups } = hosmerLemeshow(
    [0, 0, 0, 1, 1, 0, 1, 1],
    [0.1, 0.1, 0.3, 0.3, 0.6, 0.6, 0.9, 0.9],
    4,
  )
  const expected = [
    [0, 0.2, 0.1],
    [1, 0.6, 0.3],
    [1, 1.2, 0.6],
    [2, 1.8, 0.9],
  ].reduce((sum, [o = 0, e = 0, p = 0]) => sum + (o - e) ** 2 / (2 * p * (1 - p)), 0)
  near(statistic, expected)
  // A chi-squared with two degrees has exp(−x/2) above x.
  near(pValue, Math.exp(-expected / 2))
  assert.equal(groups, 4)
})
