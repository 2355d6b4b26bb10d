import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseDuration } from './durations.ts'

describe('parseDuration', () => {
  const table: readonly [unknown, number | undefined][] = [
    ['PT5M', 300],
    ['P1D', 86_400],
    ['P1DT2H', 93_600],
    ['PT1H30M10.5S', 5410.5],
    ['P2W', 1_209_600],
    ['pt1s', 1],
    [90, 90],
    ['90', 90],
    ['P', undefined],
    ['PT', undefined],
    ['P1Y', undefined],
    ['5 minutes', undefined],
    ['', undefined],
    [-1, undefined],
    [Number.NaN, undefined],
    [null, undefined],
  ]
  for (const [value, seconds] of table)
    it(`reads ${JSON.stringify(value)}`, () => assert.equal(parseDuration(value), seconds))
})
