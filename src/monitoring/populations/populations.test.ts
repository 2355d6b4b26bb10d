import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openSignalLab } from '../testing/signal-lab.ts'
import { NoData } from './population.ts'

const lab = openSignalLab()
after(() => lab.end())

test('columns have the kinds that Azure ML gives them, and what is told wins', async () => {
  const sql = `select i as id, i % 4 as few, i % 5 as five, i / 3 as f, i::decimal(9, 2) as d, i % 2 = 0 as b,
    date '2013-01-01' + i::integer as day, 'x' as s, i % 4 as told from range(100) t(i)`
  const { populations } = lab.context({
    reference: { sql },
    planned: { types: { told: 'numerical', f: 'categorical' } },
  })
  const { columns } = await populations.reference()
  assert.deepEqual(Object.fromEntries(columns.map(({ name, kind }) => [name, kind])), {
    id: 'numerical',
    few: 'categorical',
    // 5 of 100 are not fewer than 5 %.
    five: 'numerical',
    f: 'categorical',
    d: 'numerical',
    b: 'categorical',
    day: 'categorical',
    s: 'categorical',
    told: 'numerical',
  })
})

test('chunks are equal parts in the order of the time column, and views of a session', async () => {
  const sql = `select i, timestamp '2013-01-01' + interval (99 - i) hour as at from range(100) t(i)`
  const { populations } = lab.context({ reference: { sql, roles: { time: 'at' } } })
  const reference = await populations.reference()
  assert.deepEqual([reference.rows, reference.roles.features], [100, ['i']])
  const chunks = await populations.chunks(reference, 3)
  assert.deepEqual(
    chunks.map(({ rows }) => rows),
    [33, 33, 34],
  )
  const found = await populations.session(async (session) => {
    const ranges = []
    for (const { view } of [reference, ...chunks])
      ranges.push((await session.all(`select count(*), min(i), max(i) from ${view}`)).rows[0])
    return ranges
  })
  assert.deepEqual(found, [
    [100, 0, 99],
    [33, 67, 99],
    [33, 34, 66],
    [34, 0, 33],
  ])
  assert.equal(new Set([reference, ...chunks].map(({ fingerprint }) => fingerprint)).size, 4)
})

test('an empty window and a source that is not there are no data', async () => {
  const { populations } = lab.context({ production: { sql: 'select 1 as a where false' } })
  await assert.rejects(populations.production(), NoData)
  await assert.rejects(populations.reference(), NoData)
})
