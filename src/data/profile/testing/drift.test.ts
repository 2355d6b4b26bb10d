import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startLab, type ProfileLab } from './table.ts'

/*
 * The figures of `a` and `c` are those of Azure ML's definitions written out with NumPy and SciPy (`jensenshannon(…, 2)`,
 * `wasserstein_distance` over `std(ddof=1)`, `ks_2samp`, `chisquare`) for the same numbers.
 */
describe('drift against another version', () => {
  let lab: ProfileLab
  before(async () => {
    lab = await startLab()
  })
  after(() => lab.end())

  test("is Azure ML's", async () => {
    const { drift, warnings } = await lab.profile({
      data: `select (i * 31 % 997) * 1.1::double + 20.5 as a, ['x', 'y', 'z', 'z'][1 + i % 4] as c, i as fresh, 7 as kept from range(800) t(i)`,
      before: `select (i * 17 % 601) * 1.5::double + 0.25 as a, ['x', 'y', 'y', 'z', 'w'][1 + i % 5] as c, i::varchar as kept, 1 as old from range(1000) t(i)`,
    })
    const of = (name: string) => drift?.columns.find((column) => column.name === name)
    const near = (actual: number | null | undefined, expected: number) =>
      assert.ok(Math.abs((actual ?? NaN) - expected) < 1e-9, `${actual}, not ${expected}`)
    near(of('a')?.jensenShannonDistance, 0.3137818717442454)
    near(of('a')?.populationStabilityIndex, 0.8526203933862515)
    near(of('a')?.normalizedWassersteinDistance, 0.4513934665441689)
    near(of('a')?.kolmogorovSmirnov?.statistic, 0.1925)
    near(of('a')?.kolmogorovSmirnov?.pValue, 7.227012601048561e-15)
    near(of('c')?.jensenShannonDistance, 0.4031299926861614)
    near(of('c')?.populationStabilityIndex, 1.3703537325974866)
    near(of('c')?.chiSquared?.statistic, 575.0)
    near(of('c')?.chiSquared?.pValue, 0)
    assert.deepEqual(of('c')?.goneValues, ['w'])
    assert.deepEqual(drift?.added, [{ name: 'fresh', type: 'BIGINT' }])
    assert.deepEqual(drift?.removed, [{ name: 'old', type: 'INTEGER' }])
    assert.deepEqual(drift?.retyped, [{ name: 'kept', from: 'VARCHAR', to: 'INTEGER' }])
    assert.equal(warnings.filter(({ code }) => code === 'schema_changed').length, 3)
  })

  test('of the same data is nothing', async () => {
    const data = `select i * 1.5 as a, ['x', 'y'][1 + i % 2] as c, timestamp '2020-01-01' + interval (i) hour as t from range(500) t(i)`
    const { drift, warnings } = await lab.profile({ data, before: data })
    for (const column of drift?.columns ?? []) {
      assert.ok((column.jensenShannonDistance ?? 1) < 1e-6, column.name)
      assert.equal(column.drifted, false)
      assert.equal((column.kolmogorovSmirnov ?? column.chiSquared)?.pValue, 1)
    }
    assert.ok(warnings.every(({ code }) => code !== 'drift'))
  })

  test('whole numbers with few values are categories, time moves on', async () => {
    const sql = (shift: number) =>
      `select i % 10 as few, i + ${shift} as many, timestamp '2020-01-01' + interval (i + ${shift}) hour as t from range(1000) t(i)`
    const { drift } = await lab.profile({ data: sql(5000), before: sql(0) })
    const of = (name: string) => drift?.columns.find((column) => column.name === name)
    assert.deepEqual([of('few')?.kind, of('few')?.drifted], ['categorical', false])
    assert.deepEqual([of('t')?.kind, of('t')?.drifted], ['numerical', false])
    // A key is no feature: nobody wants to hear that it has moved.
    assert.equal(of('many'), undefined)
  })

  test('of what has gone empty is no number, and no failure', async () => {
    const { drift } = await lab.profile({
      data: `select null::double as a, null::varchar as c from range(10)`,
      before: `select i * 1.5 as a, 'x' as c from range(10) t(i)`,
    })
    for (const column of drift?.columns ?? []) {
      assert.equal(column.jensenShannonDistance, null)
      assert.deepEqual(column.missingFraction, { from: 0, to: 1 })
      assert.equal(column.drifted, true)
    }
  })
})
