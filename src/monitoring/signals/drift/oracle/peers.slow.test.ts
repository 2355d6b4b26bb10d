import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { literal } from '../../../../analytics/analytics.ts'
import { pythonWith } from '../../../../testing/test-cache.ts'
import { nannyml } from '../../../outcomes/testing/rows.ts'
import type { SignalValue } from '../../../results/result.ts'
import { openSignalLab } from '../../../testing/signal-lab.ts'
import { dataDrift } from '../../data-drift/data-drift.ts'
import { driftMetrics } from '../metrics.ts'

const run = promisify(execFile)
const lab = openSignalLab()
after(() => lab.end())

const rows = (count: number, seed: number, shift: number) => {
  const uniform = (salt: number) => `((hash(i + ${seed}, ${salt}) >> 11)::double / 9007199254740992)`
  return `select ${[
    `sqrt(-2 * ln(${uniform(1)} + 1e-300)) * cos(2 * pi() * ${uniform(2)}) + ${shift} as normal`,
    `exp(3 * ${uniform(3)}) * (1 + ${shift}) as skewed`,
    `'c' || floor(7 * pow(${uniform(4)}, 1 + ${shift})) as few`,
    `'d' || floor(60 * pow(${uniform(5)}, 1 + ${shift})) as many`,
  ].join(', ')} from range(${count}) t(i)`
}

describe('drift where Evidently and NannyML mean the same by it', () => {
  const files = ['reference', 'production'].map((name) => join(lab.folder, `${name}.parquet`))
  let values: readonly SignalValue[]
  before(async () => {
    await lab.analytics.session({ writes: [lab.folder] }, async (session) => {
      for (const [i, file] of files.entries())
        await session.run(
          `copy (${rows(5000 - 3000 * i, i * 1e9, i * 0.2)}) to ${literal(file)} (format parquet)`,
        )
    })
    const [reference = '', production = ''] = files
    const found = await lab.compute(dataDrift, {
      reference: { file: reference },
      production: { file: production },
      planned: {
        thresholds: { constant: {}, fromReference: { deviations: 3, chunks: 10 }, correction: 'none' },
        parameters: { metrics: [...new Set(driftMetrics.map(({ name }) => name))] },
      },
    })
    values = found.values
  })

  const ask = async <T>(python: string, program: string) => {
    const { stdout } = await run(python, ['-W', 'ignore', join(import.meta.dirname, program), ...files], {
      maxBuffer: 2 ** 26,
    })
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, T>
  }
  const ours = (feature: string, metric: string) => {
    const found = values.find((value) => value.feature === feature && value.metric === metric)
    assert.ok(found?.value !== null && found?.value !== undefined, `${metric} of ${feature}`)
    return { value: found.value, upper: found.threshold?.upper ?? Number.NaN }
  }
  const near = (actual: number, expected: number, name: string) =>
    assert.ok(
      Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
      `${name}: ${actual}, ${expected}`,
    )

  test('NannyML: distances, and limits of ten chunks of the reference', async () => {
    const python = await pythonWith(nannyml.name, nannyml.packages)
    const theirs = await ask<{
      deviation: number | null
      methods: Record<string, { value: number; upper: number }>
    }>(python, 'nannyml_drift.py')
    const same: Readonly<Record<string, string>> = {
      wasserstein: 'normalized_wasserstein_distance',
      kolmogorov_smirnov: 'kolmogorov_smirnov_statistic',
      jensen_shannon: 'jensen_shannon_distance',
      hellinger: 'hellinger_distance',
      l_infinity: 'l_infinity_distance',
    }
    assert.deepEqual(Object.keys(theirs), ['normal', 'skewed', 'few', 'many'])
    for (const [feature, { deviation, methods }] of Object.entries(theirs))
      for (const [method, { value, upper }] of Object.entries(methods)) {
        const scale = method === 'wasserstein' ? (deviation ?? 1) : 1
        const found = ours(feature, same[method] ?? '')
        near(found.value, value / scale, `${method} of ${feature}`)
        near(found.upper, upper / scale, `limit of ${method} of ${feature}`)
      }
  })

  test('Evidently: chances, Wasserstein up to its deviation, Jensen–Shannon up to its base', async () => {
    const python = await pythonWith('evidently-0.7.21', ['evidently==0.7.21', 'pyarrow==21.0.0', 'pandas<3'])
    const theirs = await ask<{ deviations: [number, number] | null; methods: Record<string, number> }>(
      python,
      'evidently_drift.py',
    )
    for (const feature of ['normal', 'skewed']) {
      const { deviations, methods } = theirs[feature] ?? {}
      near(ours(feature, 'two_sample_kolmogorov_smirnov_test').value, methods?.['ks'] ?? -1, feature)
      // Evidently divides by the population's deviation, Azure ML by the sample's.
      const [population = 1, sample = 1] = deviations ?? []
      const distance = (methods?.['wasserstein'] ?? -1) * (population / sample)
      near(ours(feature, 'normalized_wasserstein_distance').value, distance, feature)
    }
    for (const feature of ['few', 'many']) {
      const { methods } = theirs[feature] ?? {}
      near(ours(feature, 'pearsons_chi_squared_test').value, methods?.['chisquare'] ?? -1, `χ² of ${feature}`)
      // Evidently takes the natural logarithm.
      const distance = (methods?.['jensenshannon'] ?? -1) / Math.sqrt(Math.LN2)
      near(ours(feature, 'jensen_shannon_distance').value, distance, `Jensen–Shannon of ${feature}`)
      near(ours(feature, 'hellinger_distance').value, methods?.['hellinger'] ?? -1, `Hellinger of ${feature}`)
    }
  })
})
