import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { literal } from '../../../analytics/analytics.ts'
import type { Profile } from '../profile.ts'
import { startLab, type ProfileLab } from './table.ts'

type Figures = Readonly<Record<string, number | null>>

/** Made by pandas_figures.py, beside this file, of a month of real flights. */
const pandas = JSON.parse(readFileSync(join(import.meta.dirname, 'pandas-flights-2013-02.json'), 'utf8')) as {
  readonly rows: number
  readonly duplicates: number
  readonly columns: Readonly<
    Record<
      string,
      {
        readonly missing: number
        readonly distinct: number
        readonly most: number
        readonly numeric?: Figures
        readonly quantiles?: readonly number[]
        readonly histogram?: { readonly edges: readonly number[]; readonly counts: readonly number[] }
        readonly meanLength?: number
      }
    >
  >
  readonly pearson: Figures
  readonly spearman: Figures
}

function near(
  actual: number | null | undefined,
  expected: number | null | undefined,
  what: string,
  tolerance = 1e-9,
) {
  if (typeof expected !== 'number' || typeof actual !== 'number')
    return assert.equal(actual ?? null, expected ?? null, what)
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, where pandas has ${expected}`,
  )
}

describe('the profile of a month of flights', () => {
  const file = join(import.meta.dirname, '../../../../examples/flights/data/flights-2013-02.parquet')
  let lab: ProfileLab
  let profile: Profile
  before(async () => {
    lab = await startLab([file])
    profile = await lab.profile({ data: `select * from ${literal(file)}` })
  })
  after(() => lab.end())

  test("counts as pandas' does", () => {
    assert.equal(profile.rows, pandas.rows)
    assert.deepEqual(profile.duplicateRows, { count: pandas.duplicates, exact: true })
    assert.deepEqual(
      profile.columns.map(({ name, missing, distinct, top }) => [
        name,
        missing.count,
        distinct.count,
        top[0]?.count,
      ]),
      Object.entries(pandas.columns).map(([name, { missing, distinct, most }]) => [
        name,
        missing,
        distinct,
        most,
      ]),
    )
  })

  test('has its moments and quantiles', () => {
    for (const { name, numeric, text } of profile.columns) {
      const expected = pandas.columns[name]
      for (const [figure, value] of Object.entries(expected?.numeric ?? {}))
        near(numeric?.[figure as 'mean'], value, `${figure} of ${name}`)
      for (const [i, share] of (['p1', 'p5', 'p25', 'p50', 'p75', 'p95', 'p99'] as const).entries())
        near(numeric?.quantiles[share], expected?.quantiles?.[i], `${share} of ${name}`)
      if (expected?.meanLength !== undefined) near(text?.meanLength, expected.meanLength, `length of ${name}`)
    }
  })

  test("has NumPy's histograms", () => {
    for (const { name, histogram } of profile.columns) {
      const expected = pandas.columns[name]?.histogram
      if (expected === undefined) continue
      assert.deepEqual(histogram?.counts, expected.counts, name)
      for (const [i, edge] of expected.edges.entries())
        near(histogram?.edges[i], edge, `edge ${i} of ${name}`)
    }
  })

  test('has its correlations, missing values and all', () => {
    const found = new Map(
      profile.associations.pairs.map(({ a, b, measure, value }) => [`${measure} ${a} ${b}`, value]),
    )
    assert.equal(profile.associations.sampled, false)
    for (const measure of ['pearson', 'spearman'] as const)
      for (const [pair, value] of Object.entries(pandas[measure]))
        if (found.has(`${measure} ${pair}`))
          near(found.get(`${measure} ${pair}`), value, `${measure} of ${pair}`, 1e-8)
    const numeric = profile.columns.filter(
      (c) => c.numeric !== undefined && c.semanticType === 'numeric',
    ).length
    const compared = [...found.keys()].filter((key) => key.startsWith('pearson')).length
    assert.ok(compared >= (numeric * (numeric - 1)) / 2)
  })
})
