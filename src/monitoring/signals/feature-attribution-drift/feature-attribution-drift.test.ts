import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { literal } from '../../../analytics/analytics.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import type { PlannedSignal } from '../../monitors/monitor.ts'
import { answeringJobs, type SignalJob } from '../../testing/signal-jobs.ts'
import { openSignalLab, type Asked } from '../../testing/signal-lab.ts'
import { featureAttributionDrift } from './signal.ts'

const rows = `select i::double as dep_delay, i % 7 as carrier, 'JFK' as origin, i % 3 = 0 as late, date '2013-01-01' as day
  from range(2000) t(i)`
const reference = { sql: rows, roles: { target: 'late' } }
const production = {
  sql: `select * exclude (late), late as predicted from (${rows})`,
  roles: { prediction: 'predicted' },
}
const threshold = {
  constant: { '': { normalized_discounted_cumulative_gain: 0.9 } },
  correction: 'none' as const,
}

describe('feature attribution drift', () => {
  const lab = openSignalLab()
  let t: TestApp
  before(async () => {
    t = await startTestApp()
  })
  after(() => Promise.all([t.end(), lab.end()]))

  const jobs: SignalJob[] = []
  const told = (job: SignalJob): Json => {
    jobs.push(job)
    const [first, second] = job.ask['target'] === 'late' ? [3, 1] : [1, 3]
    return {
      rows: 2000,
      explained: 1000,
      importances: [
        { column: 'dep_delay', value: first },
        { column: 'carrier', value: second },
        { column: 'origin', value: 0 },
      ],
    }
  }
  const asked = (more: Partial<Asked> = {}): Asked => ({
    reference,
    production,
    planned: { thresholds: threshold },
    platform: t.app.platform,
    workspaceId: t.workspace,
    job: answeringJobs(t, told),
    ...more,
  })

  test('ranks what matters in production by what mattered in training', async () => {
    const { values, notes, details } = await lab.compute(featureAttributionDrift, asked())
    const [ndcg, ...each] = values
    // (1 + 3/log2(3)) / (3 + 1/log2(3)) of scores 3 and 1.
    const expected = (1 + 3 / Math.log2(3)) / (3 + 1 / Math.log2(3))
    assert.ok(Math.abs((ndcg?.value ?? 0) - expected) < 1e-12)
    assert.deepEqual([ndcg?.threshold, ndcg?.breached], [{ lower: 0.9, from: 'constant' }, true])
    assert.deepEqual(
      each.map(({ feature, value, note }) => [feature, value, note]),
      [
        ['dep_delay', 0.25, 'rank 2; in the reference rank 1 with 75%'],
        ['carrier', 0.75, 'rank 1; in the reference rank 2 with 25%'],
        ['origin', 0, 'rank 3; in the reference rank 3 with 0%'],
      ],
    )
    assert.deepEqual(notes, [
      'Without day: neither numbers nor categories.',
      "'dep_delay' has gone from rank 1 (75% of all importance) to rank 2 (25%).",
    ])
    assert.match(JSON.stringify(details), /"attributions":\[\{"column":"dep_delay"/)
  })

  test('its jobs learn the target of each side from the same columns; a reference is asked once', async () => {
    assert.deepEqual(
      jobs.map(({ name, ask }) => [name, ask]),
      [
        [
          'importances-reference',
          {
            columns: ['dep_delay', 'carrier', 'origin'],
            categorical: ['carrier', 'origin'],
            target: 'late',
            task: 'classification',
          },
        ],
        [
          'importances-production',
          {
            columns: ['dep_delay', 'carrier', 'origin'],
            categorical: ['carrier', 'origin'],
            target: 'predicted',
            task: 'classification',
          },
        ],
      ],
    )
    assert.match(String(jobs[0]?.properties['command']), /importances\.py" --rows "\$\{\{inputs\.rows\}\}"$/)
    const before = jobs.length
    await lab.compute(featureAttributionDrift, asked())
    // The lab writes its populations anew, as a window is: that is another reference.
    assert.equal(jobs.length, before + 2)
  })

  test('rows go to jobs as numbers and texts, and are gone when they have ended', async () => {
    const given: unknown[] = []
    const job = answeringJobs(t, async (one) => {
      const file = await one.layOut('rows', lab.folder)
      const { columns, rows: found } = await lab.analytics.session({ reads: [file] }, (session) =>
        session.all(`select *, count(*) over () from read_parquet(${literal(file)}) limit 1`),
      )
      given.push(columns.map(({ type }) => type).join(), found[0]?.at(-1))
      return told(one)
    })
    await lab.compute(featureAttributionDrift, asked({ job }))
    const types = 'DOUBLE,VARCHAR,VARCHAR,VARCHAR,BIGINT'
    assert.deepEqual(given, [types, 2000, types, 2000])
    const { artifacts } = t.app.platform
    for (const container of await artifacts.containers()) {
      const { blobs } = await artifacts.list(container, 'azureml/monitoring/')
      assert.deepEqual(blobs, [])
    }
  })

  test('no data: without a target, where nothing can be learned, and where nothing matters', async () => {
    const reason = async (more: Partial<Asked>) => {
      const result = await lab.run(featureAttributionDrift, asked(more))
      return result.outcome === 'no_data' ? result.reason : String(result.values[0]?.note)
    }
    assert.match(
      await reason({ reference: { sql: rows } }),
      /^It is not known what the model is to predict in the reference data: name the column/,
    )
    const problem = "The column 'late' has one value only (0): nothing can be learned from it."
    assert.equal(await reason({ job: answeringJobs(t, () => ({ problem })) }), problem)
    const importances = [{ column: 'dep_delay', value: 0 }]
    assert.equal(
      await reason({ job: answeringJobs(t, () => ({ rows: 9, explained: 4, importances })) }),
      'No column matters to a model of the reference: it learned nothing.',
    )
    assert.match(
      await reason({ planned: { parameters: { attributions: 'model' } } }),
      /^It is not known which model is watched/,
    )
  })

  test('a monitor that does not say what it has to is refused', async () => {
    const messages = async (attributions: 'surrogate' | 'model', more: Partial<PlannedSignal>) => {
      const { platform, workspaceId, actor, monitor, planned } = lab.context(asked())
      const given = {
        platform,
        workspaceId,
        actor,
        monitor,
        planned: { ...planned, ...more },
        model: undefined,
      }
      const found = await featureAttributionDrift.check?.({ attributions }, given)
      return found?.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' ')
    }
    const told = {
      context: 'training',
      window: { kind: 'whole' },
      columns: { target_column: 'late' },
    } as const
    assert.match(
      (await messages('surrogate', {})) ?? '',
      /^reference_data\.data_column_names: .* name the target_column/,
    )
    assert.equal(await messages('surrogate', { reference: told }), '')
    assert.match((await messages('model', { reference: told })) ?? '', /^attributions: .* which model/)
    assert.match(
      (await messages('surrogate', { reference: told, segments: ['carrier'] })) ?? '',
      /^segments: This kind of signal looks at all rows together/,
    )
  })

  test('a program that fails is an error with its last words', async () => {
    const job = answeringJobs(t, () => 'Traceback …\nMemoryError')
    await assert.rejects(
      lab.run(featureAttributionDrift, asked({ job })),
      /failed: Traceback …\nMemoryError$/,
    )
  })
})
