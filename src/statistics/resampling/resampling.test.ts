import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allNear, near } from '../metrics/testing/rows.ts'
import { mulberry32 } from '../random/generator.ts'
import {
  bcaInterval,
  bootstrap,
  bootstrapError,
  bootstrapPValue,
  jackknife,
  percentileInterval,
  replicatesOf,
} from './bootstrap.ts'
import { blockLength, movingBlocks, multinomial, poisson, stationaryBlocks, stratified } from './schemes.ts'

/*
 * Literal figures: mulberry32(42) in Python, 999 means of 25 numbers drawn by it, NumPy's quantiles of them and the
 * interval that SciPy 1.17.1's `_bca_interval` makes of the same replicates.
 */
const x = Array.from({ length: 25 }, (_, i) => ((i * 29) % 17) ** 2 / 10)
const meanOf = (times: Float64Array) => {
  let [sum, count] = [0, 0]
  for (const [i, t] of times.entries()) {
    sum += t * (x[i] ?? 0)
    count += t
  }
  return sum / count
}
const boot = bootstrap(meanOf, x.length, { scheme: multinomial, replicates: 999, random: mulberry32(42) })

describe('bootstrap', () => {
  test("has SciPy's intervals of the same replicates", () => {
    const jack = jackknife(meanOf, x.length)
    const ends = ({ lower, upper }: { lower: number; upper: number }) => [lower, upper]
    allNear(ends(percentileInterval(boot, 0.05)), [5.8698, 12.5822])
    allNear(ends(bcaInterval(boot, jack, 0.05)), [5.980548821697782, 12.649178145470886], 1e-9)
    allNear(ends(bcaInterval(boot, jack, 0.1)), [6.338093904766908, 12.177112017309222], 1e-9)
    const deviation = Math.sqrt(x.reduce((s, v) => s + (v - boot.estimate) ** 2, 0)) / x.length
    near(bootstrapError(boot) / deviation, 1, 0.1)
    near(bootstrapPValue(boot), 1 / 1000)
  })

  test('has no interval where over 5 % of the replicates have no value', () => {
    const drawn = Float64Array.from({ length: 100 }, (_, i) => (i < 6 ? Number.NaN : i))
    assert.ok(Number.isNaN(percentileInterval(replicatesOf(1, drawn), 0.1).lower))
    assert.ok(Number.isNaN(bcaInterval(replicatesOf(1, drawn), [1, 2], 0.1).upper))
    drawn[0] = 3
    assert.equal(replicatesOf(1, drawn).undefinedCount, 5)
    assert.ok(percentileInterval(replicatesOf(1, drawn), 0.1).lower > 0)
  })

  test('says where all replicates lie on one side', () => {
    const one = replicatesOf(0, Float64Array.from([1, 2, 3]))
    assert.equal(bcaInterval(one, [1, 2, 3], 0.1).degenerate, true)
  })

  test('leaves groups out of many units', () => {
    const sizes: number[] = []
    jackknife((times) => sizes.push(times.reduce((a, b) => a + b, 0)), 5000)
    assert.deepEqual([sizes.length, new Set(sizes)], [200, new Set([4975])])
  })
})

describe('schemes', () => {
  const times = new Float64Array(40)
  const total = () => times.reduce((a, b) => a + b, 0)
  test('draw as many units as there are', () => {
    const random = mulberry32(1)
    const strata = Array.from(times, (_, i) => i % 3)
    for (const scheme of [multinomial, movingBlocks(7), stationaryBlocks(5), stratified(strata)])
      for (let b = 0; b < 50; b++) {
        scheme(random, times)
        assert.equal(total(), 40)
      }
    stratified(strata)(random, times)
    assert.equal(
      times.reduce((sum, t, i) => sum + (i % 3 === 0 ? t : 0), 0),
      14,
    )
  })

  test('Poisson draws 40 only in the mean', () => {
    const random = mulberry32(2)
    let sum = 0
    for (let b = 0; b < 500; b++) {
      poisson(random, times)
      sum += total()
    }
    near(sum / 500, 40, 0.03)
  })

  test('blocks keep neighbours together', () => {
    movingBlocks(20)(mulberry32(3), times)
    const starts = times.filter((t, i) => t > (times[i - 1] ?? 0)).length
    assert.ok(starts <= 2)
    assert.deepEqual([blockLength(365), blockLength(365, 14), blockLength(1)], [8, 14, 1])
  })
})
