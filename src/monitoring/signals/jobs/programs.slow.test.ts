import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { literal } from '../../../analytics/analytics.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { nannyml, runProgram } from '../../testing/signal-jobs.ts'
import { openSignalLab } from '../../testing/signal-lab.ts'

/** Columns as people have them: nothing in them, one value, odd names, categories that come and go. */
const strange = (from: number, to: number, category: string) => `
  select i % 10 + i / 1e4 as num, null::double as "empty num", null::varchar as "empty text", 1.5::double as same, 'x' as "one [value]",
    case when i % 3 = 0 then ${literal(category)} when i % 3 = 1 then '' end as "we ""ird, näme: {}",
    case when i % 7 = 0 then null when i % 10 > 5 then 'late' else 'on time' end as target,
    (i % 10) * 2.0::double as amount, case when i % 5 = 0 then null else i % 10 * 2.0::double end as said
  from range(${from}, ${to}) t(i)`

const columns = ['num', 'empty num', 'empty text', 'same', 'one [value]', 'we "ird, näme: {}']
const categorical = ['empty text', 'one [value]', 'we "ird, näme: {}']

describe('programs of signals on strange columns', () => {
  const lab = openSignalLab()
  let python: string
  const file = (name: string) => join(lab.folder, `${name}.parquet`)
  before(async () => {
    python = await nannyml()
    await lab.analytics.session({ writes: [lab.folder] }, async (session) => {
      for (const [name, sql] of [
        ['reference', strange(0, 600, 'AA')],
        ['production', strange(600, 900, 'never seen')],
        ['few', strange(0, 3, 'AA')],
      ] as const)
        await session.run(`copy (${sql}) to ${literal(file(name))} (format parquet)`)
    })
  })
  after(() => lab.end())

  const run = (program: string, ask: Json, inputs: Readonly<Record<string, string>>) =>
    runProgram(python, program, { columns, categorical, ...ask }, inputs, lab.folder)
  const values = (found: unknown) =>
    (found as readonly { column: string; value: number }[]).toSorted((a, b) => b.value - a.value)

  test('importances: rows without a target are left out, empty and constant columns matter nothing', async () => {
    const ask = { target: 'target', task: 'classification' }
    const found = await run('importances.py', ask, { rows: file('reference') })
    assert.deepEqual([found['rows'], found['explained']], [514, 257])
    const [first, ...others] = values(found['importances'])
    assert.equal(first?.column, 'num')
    for (const { column, value } of others) if (column !== categorical[2]) assert.equal(value, 0, column)
    const amounts = await run(
      'importances.py',
      { target: 'amount', task: 'regression' },
      { rows: file('reference') },
    )
    assert.equal(values(amounts['importances'])[0]?.column, 'num')
    assert.deepEqual(await run('importances.py', ask, { rows: file('few') }), {
      problem: "The column 'target' has one value only (on time): nothing can be learned from it.",
    })
  })

  test('the classifier goes by the category that is new', async () => {
    const found = await run(
      'domain_classifier.py',
      { columns: columns.slice(1), categorical },
      { reference: file('reference'), production: file('production') },
    )
    assert.ok(Number(found['auc']) > 0.6)
    assert.equal(values(found['gains'])[0]?.column, categorical[2])
    assert.deepEqual(
      await run('domain_classifier.py', {}, { reference: file('reference'), production: file('few') }),
      {
        problem: 'There are 3 production rows; 5 folds need as many.',
      },
    )
    const same = await run(
      'domain_classifier.py',
      { columns: ['same', 'empty num'], categorical: [] },
      { reference: file('reference'), production: file('production') },
    )
    assert.deepEqual([same['auc'], same['variance']], [0.5, 0])
  })

  test('losses: categories that are new and predictions that are missing', async () => {
    const ask = {
      prediction: 'said',
      target: 'amount',
      metrics: ['mae', 'rmsle'],
      chunks: 10,
      segments: [['one [value]'], ['one [value]', 'we "ird, näme: {}']],
    }
    const found = await run('loss_estimation.py', ask, {
      reference: file('reference'),
      production: file('production'),
    })
    assert.deepEqual(found['rows'], [480, 240])
    const { mae, rmsle } = found['metrics'] as Readonly<
      Record<string, { value: number; segments: readonly Json[] }>
    >
    // It is always right.
    assert.deepEqual([mae?.value, rmsle?.value], [0, 0])
    assert.deepEqual(
      mae?.segments.map(({ set, segment, rows }) => [set, segment, rows]),
      [
        [0, ['x'], 240],
        [1, ['x', ''], 80],
        [1, ['x', 'never seen'], 80],
      ],
    )
  })
})
