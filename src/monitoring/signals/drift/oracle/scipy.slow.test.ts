import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { literal } from '../../../../analytics/analytics.ts'
import { pythonWith } from '../../../../testing/test-cache.ts'
import { nannyml } from '../../../outcomes/testing/rows.ts'
import { openSignalLab } from '../../../testing/signal-lab.ts'
import { dataDrift } from '../../data-drift/data-drift.ts'
import { driftMetrics } from '../metrics.ts'

const run = promisify(execFile)
const lab = openSignalLab()
after(() => lab.end())

/** A table with features of several shapes; another seed and shift make another one like it. */
const rows = (count: number, seed: number, shift: number) => {
  const uniform = (salt: number) => `((hash(i + ${seed}, ${salt}) >> 11)::double / 9007199254740992)`
  return `select ${[
    `sqrt(-2 * ln(${uniform(1)} + 1e-300)) * cos(2 * pi() * ${uniform(2)}) + ${shift} as normal`,
    `exp(3 * ${uniform(3)}) * (1 + ${shift}) as skewed`,
    `case when ${uniform(4)} < 0.4 then 0 else round(20 * ${uniform(5)} * (1 + ${shift}), 1) end as zeros`,
    `case when ${uniform(6)} < 0.05 then null else 10 * ${uniform(7)} end as gaps`,
    `case when ${uniform(8)} < 0.0001 then 1e12 else ${uniform(8)} end as outliers`,
    `5.0::double as constant`,
    `'c' || floor(7 * pow(${uniform(9)}, 1 + ${shift})) as few`,
    `'id ' || floor(${count} * ${uniform(10)} + ${shift} * 100) as many`,
    `${uniform(11)} < 0.3 + ${shift} as flag`,
  ].join(', ')} from range(${count}) t(i)`
}

describe('drift is what SciPy says it is', () => {
  let python: string
  before(async () => {
    python = await pythonWith(nannyml.name, nannyml.packages)
  })

  async function compare(sizes: readonly [number, number], shift: number) {
    const files = ['reference', 'production'].map((name) =>
      join(lab.folder, `${name}-${sizes.join('-')}.parquet`),
    )
    await lab.analytics.session({ writes: [lab.folder] }, async (session) => {
      for (const [i, file] of files.entries())
        await session.run(
          `copy (${rows(sizes[i] ?? 0, i * 1e9, i * shift)}) to ${literal(file)} (format parquet)`,
        )
    })
    const program = join(import.meta.dirname, 'scipy_drift.py')
    const { stdout } = await run(python, [program, ...files], { maxBuffer: 2 ** 26 })
    const expected = JSON.parse(stdout) as Record<string, Record<string, number>>
    const [reference = '', production = ''] = files
    const { values } = await lab.compute(dataDrift, {
      reference: { file: reference },
      production: { file: production },
      planned: {
        thresholds: { constant: {}, correction: 'none' },
        parameters: { metrics: [...new Set(driftMetrics.map(({ name }) => name))] },
      },
    })
    assert.deepEqual(new Set(values.map(({ feature }) => feature)), new Set(Object.keys(expected)))
    return values.map((value) => ({
      ...value,
      expected: expected[value.feature ?? '']?.[value.metric] ?? Number.NaN,
    }))
  }

  for (const [sizes, shift] of [
    [[500, 300], 0.1],
    [[4000, 5000], 0],
    [[9000, 800], 0.5],
  ] as const)
    test(`of ${sizes.join(' and ')} rows to 1e-9`, async () => {
      for (const { feature, metric, value, expected } of await compare(sizes, shift)) {
        // Rounding of 1e-16 in the divergence is 1e-8 in its root where that is 0.
        const slack = metric === 'jensen_shannon_distance' && expected < 1e-7 ? 1e-7 : 1e-9
        assert.ok(
          value !== null && Math.abs(value - expected) <= slack * Math.max(1, Math.abs(expected)),
          `${metric} of ${feature}: ${value}, SciPy ${expected}`,
        )
      }
    })

  test('of a million rows: exact but for what stretches leave open, and that little', async () => {
    for (const { feature, metric, value, expected, method } of await compare([600_000, 400_000], 0.02)) {
      const name = `${metric} of ${feature}: ${value} (${method ?? 'exact'}), SciPy ${expected}`
      assert.ok(value !== null, name)
      if (metric === 'two_sample_kolmogorov_smirnov_test') continue
      const most = Number(/at most ([\d.e-]+) too low/.exec(method ?? '')?.[1] ?? 0)
      assert.ok(most <= 0.01, name)
      // The bound is told in two digits.
      assert.ok(value <= expected + 1e-8 && expected - value <= most * 1.05 + 1e-8, name)
    }
  })
})
