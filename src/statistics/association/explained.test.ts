import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  chanceOf,
  explained,
  explainedShare,
  groupsOfNumbers,
  groupsOfTexts,
  spearmanInterval,
} from './explained.ts'
import { order, ranks } from './correlation.ts'

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual}, not ${expected}`)

describe('the share that groups explain', () => {
  test('is ε² = 1 - (1 - η²)(n - 1)/(n - k), by hand', () => {
    const grouping = groupsOfTexts(['a', 'a', 'b', 'b', 'c', 'c'])
    const y = [1, 2, 3, 5, 4, 6]
    // Means 1.5, 4, 5 around 3.5: 2 (4 + 0.25 + 2.25) = 13 of 17.5.
    near(explainedShare(grouping, y), 1 - (1 - 13 / 17.5) * (5 / 3))
    near(explainedShare(grouping, [1, 1, 3, 3, 4, 4]), 1)
  })

  test('leaves out rows without a value, and is no number where nothing varies or every row is its own group', () => {
    const y = [1, 2, 3, 5, 900]
    near(
      explainedShare(groupsOfTexts(['a', 'a', 'b', 'b', undefined]), y),
      explainedShare(groupsOfTexts(['a', 'a', 'b', 'b']), y.slice(0, 4)),
    )
    assert.ok(Number.isNaN(explainedShare(groupsOfTexts(['a', 'a', 'b']), [2, 2, 2])))
    assert.ok(Number.isNaN(explainedShare(groupsOfTexts(['a', 'b', 'c']), [1, 2, 3])))
    assert.ok(Number.isNaN(explainedShare(groupsOfTexts([]), [])))
  })

  test('numbers are grouped evenly, equal ones never apart', () => {
    const few = groupsOfNumbers([3, 1, 3, Number.NaN, 2], 6)
    assert.deepEqual([[...few.codes], few.groups], [[2, 0, 2, -1, 1], 3])
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 80 }), (x) => {
        const { codes, groups } = groupsOfNumbers(x, 4)
        assert.ok(groups >= 1 && groups <= 4 && codes.every((code) => code >= 0 && code < groups))
        for (const [i, value] of x.entries())
          for (const [j, other] of x.entries())
            if (value <= other) assert.ok((codes[i] ?? 0) <= (codes[j] ?? 0))
      }),
    )
  })

  test('a best value in the middle is found, where a correlation would say nothing', () => {
    const x = Array.from({ length: 60 }, (_, i) => i)
    const y = Float64Array.from(x, (value) => -((value - 29.5) ** 2))
    const found = explained(groupsOfNumbers(x, 6), ranks(y, order(y)))
    assert.ok(found.share > 0.85 && found.interval.lower > 0.8, JSON.stringify(found.interval))
    assert.ok(found.share > chanceOf([found.shuffled]))
    const noise = x.map((value) => Math.sin(value * 12.9898) * 43_758.5453)
    const chance = explained(
      groupsOfNumbers(
        noise.map((value) => value - Math.floor(value)),
        6,
      ),
      ranks(y, order(y)),
    )
    assert.ok(chance.share < chanceOf([chance.shuffled, found.shuffled]))
  })

  test('chance of several is that of the greatest, and of none none', () => {
    const [one, other] = [Float64Array.from([0, 0.1, 0.2]), Float64Array.from([0.3, 0, 0.1])]
    assert.ok(chanceOf([one, other]) > chanceOf([one]))
    assert.ok(Number.isNaN(chanceOf([])))
  })
})

test("the interval of Spearman's correlation is Bonett and Wright's", () => {
  const { lower, upper } = spearmanInterval(0.5, 30)
  // atanh(0.5) ± 1.959964 √(1.125 / 27)
  near(lower, Math.tanh(0.5493061443 - 1.959963985 * Math.sqrt(1.125 / 27)), 1e-8)
  near(upper, Math.tanh(0.5493061443 + 1.959963985 * Math.sqrt(1.125 / 27)), 1e-8)
  assert.ok(Number.isNaN(spearmanInterval(0.5, 3).lower))
})
