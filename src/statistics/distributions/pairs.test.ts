import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { chiSquaredFit } from '../hypothesis/chi-squared.ts'
import { kolmogorovSmirnovStatistic } from '../hypothesis/kolmogorov-smirnov.ts'
import {
  hellinger,
  jensenShannonDistance,
  lInfinity,
  populationStabilityIndex,
  totalVariation,
  wasserstein,
} from './distances.ts'
import { chiSquaredOf, distancesOf, pairsOf, totalsOf, type CountPairs } from './pairs.ts'
import { spanDistances, type Spans } from './spans.ts'
import { tally } from './tally.ts'

const near = (actual: number, expected: number, message = '') =>
  assert.ok(
    Object.is(actual, expected) || Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${message}: ${actual} is not ${expected}`,
  )

const counts = fc.array(fc.tuple(fc.nat(50), fc.nat(50), fc.integer({ min: 1, max: 4 })), {
  minLength: 1,
  maxLength: 20,
})

/** Each category for itself. */
const expand = (entries: readonly (readonly [number, number, number])[]) => {
  const all = entries.flatMap(([b, a, times]) => Array.from({ length: times }, () => [b, a] as const))
  return { before: all.map(([b]) => b), after: all.map(([, a]) => a) }
}
const together = (entries: readonly (readonly [number, number, number])[]): CountPairs => ({
  before: entries.map(([b]) => b),
  after: entries.map(([, a]) => a),
  times: entries.map(([, , times]) => times),
})

describe('pairs of counts', () => {
  test('tell what the categories tell one by one', () => {
    fc.assert(
      fc.property(counts, (entries) => {
        const { before, after } = expand(entries)
        const pairs = together(entries)
        for (const kind of ['numerical', 'categorical'] as const) {
          const found = distancesOf(pairs, kind)
          const { before: rows, after: now } = totalsOf(pairs)
          if (rows === 0 || now === 0) return assert.ok(Number.isNaN(found.hellinger))
          // The root makes a rounding error of 1e-16 one of 1e-8 where the distance is 0.
          near(found.jensenShannonDistance ** 2, jensenShannonDistance(before, after) ** 2, 'JSD')
          near(found.populationStabilityIndex, populationStabilityIndex(before, after, kind), 'PSI')
          near(found.totalVariation, totalVariation(before, after), 'TVD')
          near(found.lInfinity, lInfinity(before, after), 'L∞')
          near(found.hellinger, hellinger(before, after), 'Hellinger')
        }
        const [ours, theirs] = [chiSquaredOf(pairs), chiSquaredFit(before, after)]
        near(ours.statistic, theirs.statistic, 'χ²')
        near(ours.pValue, theirs.pValue, 'p of χ²')
      }),
    )
  })

  test('are 0 apart of themselves, the same both ways where they are distances, and bounded', () => {
    fc.assert(
      fc.property(counts, (entries) => {
        const pairs = together(entries)
        const { before, after } = totalsOf(pairs)
        fc.pre(before > 0 && after > 0)
        const same = distancesOf({ ...pairs, after: pairs.before }, 'categorical')
        for (const distance of Object.values(same)) assert.ok(distance < 1e-7, String(distance))
        const [there, back] = [pairs, { ...pairs, before: pairs.after, after: pairs.before }].map((p) =>
          distancesOf(p, 'categorical'),
        )
        for (const name of ['jensenShannonDistance', 'totalVariation', 'lInfinity', 'hellinger'] as const) {
          near(there?.[name] ?? -1, back?.[name] ?? -2, name)
          assert.ok((there?.[name] ?? -1) >= 0 && (there?.[name] ?? 2) <= 1, name)
        }
      }),
    )
  })

  test('a million ids that are all new are as far apart as can be', () => {
    const ids: CountPairs = { before: [1, 0], after: [0, 1], times: [1e6, 1e6] }
    const found = distancesOf(ids, 'categorical')
    for (const name of ['jensenShannonDistance', 'totalVariation', 'hellinger'] as const)
      near(found[name], 1, name)
    assert.equal(distancesOf(pairsOf([1], [0]), 'categorical').hellinger, Number.NaN)
  })
})

/** A sample over stretches of so many of its values. */
function spansOf(a: readonly number[], b: readonly number[], width: number): Spans {
  const values = [...new Set([...a, ...b])].toSorted((x, y) => x - y)
  const parts = Array.from({ length: Math.ceil(values.length / width) }, (_, i) =>
    values.slice(i * width, (i + 1) * width),
  )
  const within = (sample: readonly number[], part: readonly number[]) =>
    sample.filter((x) => x >= (part[0] ?? 0) && x <= (part.at(-1) ?? 0))
  const sum = (list: readonly number[]) => list.reduce((x, y) => x + y, 0)
  return {
    low: parts.map((part) => part[0] ?? 0),
    high: parts.map((part) => part.at(-1) ?? 0),
    before: parts.map((part) => within(a, part).length),
    after: parts.map((part) => within(b, part).length),
    sumBefore: parts.map((part) => sum(within(a, part))),
    sumAfter: parts.map((part) => sum(within(b, part))),
  }
}

describe('stretches of the number line', () => {
  const sample = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 40 })

  test('of one value each they are exact', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const found = spanDistances(spansOf(a, b, 1))
        near(found.wasserstein.value, wasserstein(tally(a), tally(b)), 'W1')
        near(found.kolmogorovSmirnov.value, kolmogorovSmirnovStatistic(tally(a), tally(b)), 'KS')
        assert.deepEqual([found.wasserstein.error, found.kolmogorovSmirnov.error], [0, 0])
      }),
    )
  })

  test('of several values they are never too high, and too low by no more than they say', () => {
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: 2, max: 12 }), (a, b, width) => {
        const found = spanDistances(spansOf(a, b, width))
        const exact = [wasserstein(tally(a), tally(b)), kolmogorovSmirnovStatistic(tally(a), tally(b))]
        for (const [i, { value, error }] of [found.wasserstein, found.kolmogorovSmirnov].entries()) {
          const truth = exact[i] ?? Number.NaN
          assert.ok(value <= truth + 1e-9 && truth <= value + error + 1e-9, `${value} + ${error}: ${truth}`)
        }
      }),
    )
  })

  test('an empty side has no distance', () => {
    assert.ok(Number.isNaN(spanDistances(spansOf([], [1], 1)).wasserstein.value))
  })
})
