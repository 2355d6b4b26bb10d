import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { literal } from '../../../../analytics/analytics.ts'
import { startTestApp, type TestApp } from '../../../../testing/app.ts'
import { answeringJobs, nannyml, oracle, runProgram } from '../../../testing/signal-jobs.ts'
import { openSignalLab } from '../../../testing/signal-lab.ts'
import type { Signal } from '../../signal.ts'
import { z } from 'zod'
import { advanceDle } from './advance.ts'

/** NannyML's DLE on the same two files. */
const program = `
import json, sys
import numpy as np
import pandas as pd
import nannyml as nml
reference, analysis = (pd.read_parquet(path).fillna(np.nan) for path in sys.argv[1:3])
columns = ["distance", "hour", "carrier"]
dle = nml.DLE(feature_column_names=columns, y_pred="said", y_true="delay", chunk_number=10).fit(reference)
dle.chunker = nml.chunk.CountBasedChunker(1)
one = dle.estimate(analysis.drop(columns=["delay"])).to_df()
one = one[one[("chunk", "period")] == "analysis"]
print(json.dumps({metric: {name: float(one[metric][name].iloc[0]) for name in one[metric].columns if name != "realized"}
                  for metric in ["mae", "mape", "mse", "rmse", "msle", "rmsle"]}))
`

const dle: Signal<{ readonly min_rows: number }> = {
  kind: 'estimated_performance',
  signalType: 'EstimatedPerformance',
  summary: 'DLE alone, for its test.',
  parameters: z.object({ min_rows: z.number().default(30) }),
  reference: 'required',
  metrics: [],
  advance: advanceDle,
}

describe('direct loss estimation against NannyML', () => {
  const lab = openSignalLab()
  let t: TestApp
  let python: string
  let expected: Readonly<Record<string, Readonly<Record<string, number>>>>
  const file = (name: string) => join(lab.folder, `${name}.parquet`)

  before(async () => {
    t = await startTestApp()
    python = await nannyml()
    const rows = (from: number, to: number, shift: number) => `
      select distance, hour, carrier, said, said + (1 + abs(hour - 12) / 4) * noise + case carrier when 'AA' then 2 else 0 end + 5 as delay
      from (select 1000 + 900 * sin(i * 12.9898) as distance, (i * 7 + ${shift}) % 24 + i / 1e6 as hour,
              case when i % 29 = 0 then null when i % 3 = 0 then 'AA' when i % 3 = 1 then 'UA' else 'B6' end as carrier,
              40 + 10 * sin(i * 78.233) as said, 3 * cos(i * 37.719) as noise from range(${from}, ${to}) t(i))`
    await lab.analytics.session({ writes: [lab.folder] }, async (session) => {
      await session.run(`copy (${rows(0, 5000, 0)}) to ${literal(file('reference'))} (format parquet)`)
      const production = `select * replace (case when carrier = 'B6' then 'new' else carrier end as carrier) from (${rows(5000, 6000, 5)})`
      await session.run(`copy (${production}) to ${literal(file('production'))} (format parquet)`)
    })
    expected = (await oracle(python, program, file('reference'), file('production'))) as typeof expected
  })
  after(() => Promise.all([t.end(), lab.end()]))

  test('estimates, sampling errors and limits are its, with the same LightGBM', async () => {
    const { values } = await lab.compute(dle, {
      reference: { file: file('reference'), roles: { prediction: 'said', target: 'delay' } },
      production: {
        file: file('production'),
        roles: { prediction: 'said', features: ['distance', 'hour', 'carrier'] },
      },
      planned: { segments: ['carrier'] },
      platform: t.app.platform,
      workspaceId: t.workspace,
      job: answeringJobs(t, async (job) =>
        runProgram(
          python,
          'loss_estimation.py',
          job.ask,
          {
            reference: await job.layOut('reference', lab.folder),
            production: await job.layOut('production', lab.folder),
          },
          lab.folder,
        ),
      ),
    })
    const all = values.filter(({ segment }) => segment === undefined)
    assert.equal(all.length, 6)
    const parts = values.filter(({ metric, segment }) => metric === 'estimated_mae' && segment !== undefined)
    assert.deepEqual(
      parts.map(({ segment, n }) => [segment?.['carrier'], n]),
      [
        ['AA', 322],
        ['UA', 321],
        ['new', 323],
      ],
    )
    for (const { metric, value, threshold, interval, breached, n, referenceN } of all) {
      const its = expected[metric.replace('estimated_', '')] ?? {}
      const close = (found: number | null | undefined, name: string) =>
        assert.ok(
          Math.abs((found ?? Number.NaN) - (its[name] ?? 0)) <= 1e-9 * Math.abs(its[name] ?? 0),
          `${name} of ${metric}: ${found} is not ${its[name]}`,
        )
      close(value, 'value')
      close(threshold?.upper, 'upper_threshold')
      close(threshold?.lower, 'lower_threshold')
      close(interval?.upper, 'upper_confidence_boundary')
      close(interval?.lower, 'lower_confidence_boundary')
      assert.equal(breached, its['alert'] === 1)
      assert.deepEqual([n, referenceN], [1000, 5000])
    }
  })
})
