import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { literal } from '../../../analytics/analytics.ts'
import { nannyml, oracle, runProgram } from '../../testing/signal-jobs.ts'
import { openSignalLab } from '../../testing/signal-lab.ts'
import { multivariateDrift } from './signal.ts'

/** NannyML on the same two files: errors of the chunks of both, limits, and the areas of its domain classifier. */
const program = `
import json, sys
import numpy as np
import pandas as pd
import nannyml as nml
# As from CSV: its imputer takes None for a category.
reference, analysis = (pd.read_parquet(path).fillna(np.nan) for path in sys.argv[1:3])
columns = list(reference.columns)
pca = nml.DataReconstructionDriftCalculator(column_names=columns, chunk_number=10).fit(reference.copy())
def frame(calculator, metric):
    one = calculator.calculate(analysis.copy()).to_df()
    of = one[one[("chunk", "period")] == "analysis"][metric]
    return {name: list(of[name]) for name in of.columns}
found = {"reference": list(pca.result.to_df()[("reconstruction_error", "value")])}
pca.chunker = nml.chunk.CountBasedChunker(1)
found["pca"] = frame(pca, "reconstruction_error")
dc = nml.DomainClassifierCalculator(feature_column_names=columns, chunk_number=2).fit(reference.copy())
dc.chunker = nml.chunk.CountBasedChunker(1)
found["dc"] = frame(dc, "domain_classifier_auroc")["value"][0]
print(json.dumps(found, default=float))
`

interface Oracle {
  readonly reference: readonly number[]
  readonly pca: Readonly<Record<string, readonly number[]>>
  readonly dc: number
}

const close = (found: number | null | undefined, expected: number | undefined, by = 1e-9) =>
  assert.ok(
    Math.abs((found ?? Number.NaN) - (expected ?? 0)) <= by * Math.abs(expected ?? 0),
    `${found} is not ${expected}`,
  )

describe('multivariate drift against NannyML', () => {
  const lab = openSignalLab()
  let python: string
  let expected: Oracle
  const file = (name: string) => join(lab.folder, `${name}.parquet`)

  before(async () => {
    python = await nannyml()
    const rows = (from: number, to: number, shift: number) => `
      select x, x * 0.7 + u + ${shift} as y, case when i % 17 = 0 then null else u * v end as z, u, exp(v) as w, x - u + v as t,
        case when i % 13 = 0 then null when x > 1 then 'high' when x < -1 - ${shift} then 'low' else 'mid' end as level,
        'k' || cast(abs(hash(i)) % ${8 + 4 * shift} as integer) as kind, 3::double as constant
      from (select i, sin(i * 12.9898) * 3 as x, cos(i * 78.233) * 2 as u, sin(i * 37.719) as v from range(${from}, ${to}) t(i))`
    await lab.analytics.session({ writes: [lab.folder] }, async (session) => {
      await session.run(`copy (${rows(0, 6000, 0)}) to ${literal(file('reference'))} (format parquet)`)
      await session.run(`copy (${rows(6000, 8000, 0.25)}) to ${literal(file('production'))} (format parquet)`)
    })
    expected = (await oracle(python, program, file('reference'), file('production'))) as Oracle
  })
  after(() => lab.end())

  const ask = (parameters: Parameters<typeof lab.compute>[1]) =>
    lab.compute(multivariateDrift, {
      reference: { file: file('reference') },
      production: { file: file('production') },
      ...parameters,
    })

  test('errors, sampling errors and limits of reconstruction are its to nine digits', async () => {
    const { values, details } = await ask({ planned: { parameters: { methods: ['reconstruction'] } } })
    const [value] = values
    close(value?.value, expected.pca['value']?.[0])
    close(value?.threshold?.upper, expected.pca['upper_threshold']?.[0])
    close(value?.threshold?.lower, expected.pca['lower_threshold']?.[0])
    close(value?.interval?.upper, expected.pca['upper_confidence_boundary']?.[0])
    close(value?.interval?.lower, expected.pca['lower_confidence_boundary']?.[0])
    assert.equal(value?.breached, expected.pca['alert']?.[0])
    const { chunks } = (details?.['reconstruction_error'] ?? {}) as { chunks: readonly number[] }
    assert.equal(chunks.length, 10)
    for (const [i, chunk] of chunks.entries()) close(chunk, expected.reference[i])
  })

  test("the classifier's area is its own, with the same LightGBM", async () => {
    const columns = ['x', 'y', 'z', 'u', 'w', 't', 'level', 'kind', 'constant']
    const found = await runProgram(
      python,
      'domain_classifier.py',
      // In the order in which NannyML has them: by name within their kind.
      { columns: columns.toSorted(), categorical: ['kind', 'level'] },
      { reference: file('reference'), production: file('production') },
      lab.folder,
    )
    close(found['auc'] as number, expected.dc)
  })
})
