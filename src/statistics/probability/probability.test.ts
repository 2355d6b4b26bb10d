import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { betaCdf, logBeta } from './beta.ts'
import { binomialCdf, binomialPmf, binomialQuantile } from './binomial.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { studentCdf, studentQuantile } from './student.ts'

/* Literal figures: SciPy 1.17.1 (`scipy.stats`, `scipy.special`) for the same arguments. */
const near = (actual: number, expected: number, relative = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual}, not ${expected}`)
const all = (actual: readonly number[], expected: readonly number[], relative?: number) => {
  assert.equal(actual.length, expected.length)
  for (const [i, value] of expected.entries()) near(actual[i] ?? Number.NaN, value, relative)
}

describe('distributions', () => {
  test('normal', () => {
    all(
      [-8, -1.5, 0, 0.3, 2].map(normalCdf),
      [6.22096057427174e-16, 0.06680720126885807, 0.5, 0.6179114221889526, 0.9772498680518208],
    )
    all(
      [1e-10, 0.001, 0.05, 0.3, 0.8, 0.975].map(normalQuantile),
      [
        -6.361340902404056, -3.090232306167813, -1.6448536269514729, -0.5244005127080409, 0.8416212335729143,
        1.959963984540054,
      ],
    )
    assert.deepEqual([0, 1, -0.1, Number.NaN].map(normalQuantile), [
      -Infinity,
      Infinity,
      Number.NaN,
      Number.NaN,
    ])
  })

  test('beta', () => {
    all(
      [betaCdf(0.4, 2, 3), betaCdf(0.1, 0.5, 0.5), betaCdf(0.9, 30, 1), betaCdf(0.42, 500, 700)],
      [0.5248, 0.20483276469913345, 0.04239115827521624, 0.5937664454826134],
      1e-11,
    )
    all(
      [logBeta(2, 3), logBeta(0.1, 0.9), logBeta(100, 900)],
      [-2.4849066497880004, 2.319088891468949, -326.41309710359474],
    )
    assert.deepEqual([betaCdf(0, 2, 3), betaCdf(1, 2, 3)], [0, 1])
  })

  test('binomial', () => {
    near(binomialCdf(3, 10, 0.3), 0.6496107184)
    near(binomialPmf(12, 37, 0.5), 0.013478587759891528)
    near(binomialCdf(980, 1000, 0.99), 0.003288359787727489, 1e-10)
    assert.deepEqual(
      [
        binomialQuantile(0.025, 1000, 0.99),
        binomialQuantile(0.975, 1000, 0.99),
        binomialQuantile(0.5, 7, 0.2),
      ],
      [983, 996, 1],
    )
    assert.deepEqual([binomialPmf(0, 5, 0), binomialPmf(4, 5, 1), binomialCdf(-1, 5, 0.5)], [1, 0, 0])
  })

  test("Student's t", () => {
    near(studentCdf(1.3, 4.5), 0.871901956027983)
    all(
      [studentQuantile(0.95, 9), studentQuantile(0.005, 1), studentQuantile(0.975, 250)],
      [1.833112932656237, -63.65674116287158, 1.9694983934211532],
    )
    near(studentQuantile(0.975, Infinity), 1.959963984540054)
  })
})
