import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import type { Store } from '../database.ts'
import type { ResourceRow } from '../kernel-tables.ts'
import {
  countRows,
  deleteRow,
  findRow,
  insertRow,
  listQuery,
  listRows,
  namesOf,
  replaceRow,
  rowsBelow,
  type RowCondition,
  type RowQuery,
} from '../resource-rows.ts'

const row = (key: string, over: Partial<ResourceRow> = {}): ResourceRow => ({
  key,
  id: key.toUpperCase(),
  type: 'workspaces/models',
  name: key.split('/').at(-1) ?? '',
  parent: key.split('/').slice(0, -2).join('/'),
  scope: '/w/dev',
  envelope: '{}',
  properties: '{}',
  status: '{}',
  etag: 'e1',
  generation: 1,
  archived: 0,
  deleting: 0,
  created_at: 1_790_000_000_000,
  created_by: 'me',
  created_by_type: 'User',
  modified_at: 1_790_000_000_000,
  modified_by: 'me',
  modified_by_type: 'User',
  ...over,
})

const query: RowQuery = {
  type: 'workspaces/models',
  view: 'active',
  where: new Map(),
  orderBy: 'name',
  descending: false,
  skip: 0,
  top: 100,
}

/** What every store promises of resources. */
export function resourceRowsContract(store: Store): void {
  describe(`resources in ${store.dialect}`, () => {
    const { db } = store
    const insert = async (...rows: readonly ResourceRow[]) => {
      for (const each of rows) await insertRow(db, each)
    }
    const names = async (over: Partial<RowQuery>) =>
      (await listRows(db, { ...query, ...over })).map((r) => r.name)
    beforeEach(() => db.deleteFrom('resources').execute())

    test('a row comes back as it went in, numbers as numbers', async () => {
      const model = row('/w/dev/models/a', { properties: '{"ü":"\\u0000 \'"}' })
      await insert(model)
      assert.deepEqual({ ...(await findRow(db, model.key)) }, model)
      assert.equal(await findRow(db, '/w/dev/models/b'), undefined)
      await assert.rejects(insertRow(db, model), 'a key is there once')
    })

    test('a row is replaced only by who knows its etag', async () => {
      const model = row('/w/dev/models/a')
      await insert(model)
      assert.equal(await replaceRow(db, { ...model, etag: 'e2', name: 'b' }, 'e1'), true)
      assert.equal(await replaceRow(db, { ...model, etag: 'e3' }, 'e1'), false)
      assert.equal(await replaceRow(db, row('/w/dev/models/none'), 'e1'), false)
      const found = await findRow(db, model.key)
      assert.deepEqual([found?.etag, found?.name], ['e2', 'b'])
      await deleteRow(db, model.key)
      assert.equal(await findRow(db, model.key), undefined)
    })

    test('what is below a resource is below it by path, not by prefix of a name', async () => {
      await insert(
        row('/w/dev/models/a'),
        row('/w/dev/models/a/versions/1'),
        row('/w/dev/models/a/versions/10'),
        row('/w/dev/models/a-b'),
        row('/w/dev/models/ab/versions/1'),
        row('/w/dev/models/a%/versions/1'),
      )
      const below = await rowsBelow(db, '/w/dev/models/a')
      assert.deepEqual(
        below.map((r) => r.key),
        ['/w/dev/models/a/versions/1', '/w/dev/models/a/versions/10'],
      )
    })

    test('lists by type, parent, scope and view, in order, in pages', async () => {
      await insert(
        row('/w/dev/models/c', { created_at: 1 }),
        row('/w/dev/models/a', { created_at: 3, archived: 1 }),
        row('/w/dev/models/b', { created_at: 2 }),
        row('/w/test/models/d', { scope: '/w/test' }),
        row('/w/dev/jobs/e', { type: 'workspaces/jobs' }),
      )
      assert.deepEqual(await names({}), ['b', 'c', 'd'])
      assert.deepEqual(await names({ scope: '/w/dev', view: 'all' }), ['a', 'b', 'c'])
      assert.deepEqual(await names({ parent: '/w/dev', view: 'archived' }), ['a'])
      const byAge = { scope: '/w/dev', view: 'all', orderBy: 'createdAt', descending: true } as const
      assert.deepEqual(await names(byAge), ['a', 'b', 'c'])
      assert.deepEqual(await names({ ...byAge, skip: 1, top: 1 }), ['b'])
      assert.deepEqual(await namesOf(db, '/w/dev', 'workspaces/jobs'), ['e'])
    })

    test('what jobs are looked up by is found by an index, however many jobs there have been', async () => {
      await db.transaction().execute(async (tx) => {
        for (let i = 0; i < 500; i++)
          await insertRow(
            tx,
            row(`/w/dev/jobs/j${i}`, {
              type: 'workspaces/jobs',
              properties: JSON.stringify({ parentJobName: `p${i}` }),
              status: JSON.stringify({ status: 'Completed', reuseKey: `k${i}`, slot: `s${i}` }),
            }),
          )
      })
      if (store.dialect === 'postgres') await sql`analyze resources`.execute(db)
      const explain = store.dialect === 'sqlite' ? 'explain query plan' : 'explain'
      for (const [path, value, index, parent] of [
        ['status.slot', 's7', 'resources_by_slot', undefined],
        ['status.status', 'Running', 'resources_by_state', undefined],
        ['properties.parentJobName', 'p7', 'resources_by_parent_job', '/w/dev'],
        ['status.reuseKey', 'k7', 'resources_by_reuse_key', '/w/dev'],
      ] as const) {
        const asked = listQuery(db, {
          ...query,
          type: 'workspaces/jobs',
          parent,
          view: 'all',
          where: new Map([[path, value]]),
          orderBy: 'createdAt',
        })
        const compiled = asked.compile()
        const plan = await db.executeQuery({ ...compiled, sql: `${explain} ${compiled.sql}` })
        assert.match(JSON.stringify(plan.rows), new RegExp(`${index}\\b`))
      }
    })

    test('lists of jobs are counted, searched and ordered without reading their rows', async (context) => {
      if (store.dialect !== 'sqlite')
        return context.skip('PostgreSQL does not answer by expressions in an index')
      const list = {
        ...query,
        type: 'workspaces/jobs',
        parent: '/w/dev',
        where: new Map([
          ['status.level', 'job'],
          ['status.status', 'Failed'],
        ]),
        conditions: [{ path: 'createdAt', comparator: 'le', value: 5 }],
        search: { words: ['a'], paths: ['name', 'properties.displayName', 'createdBy'] },
      } as const
      for (const orderBy of ['createdAt', 'status.status', 'properties.displayName', 'status.startTime']) {
        const compiled = listQuery(db, { ...list, orderBy }).compile()
        const plan = await db.executeQuery({ ...compiled, sql: `explain query plan ${compiled.sql}` })
        assert.match(JSON.stringify(plan.rows), /COVERING INDEX resources_by_level/, orderBy)
      }
      return undefined
    })

    test('compares, searches and orders by what is inside; what has no value comes last', async () => {
      await insert(
        row('/w/dev/models/a', { properties: '{"x":"One"}', created_at: 1, created_by: 'Ada' }),
        row('/w/dev/models/b', { properties: '{"x":"two 50%"}', created_at: 2 }),
        row('/w/dev/models/c', { created_at: 3 }),
      )
      const having = (path: string, comparator: RowCondition['comparator'], value: RowCondition['value']) =>
        names({ conditions: [{ path, comparator, value }] })
      assert.deepEqual(await having('properties.x', 'eq', 'One'), ['a'])
      assert.deepEqual(await having('properties.x', 'ne', 'One'), ['b', 'c'])
      assert.deepEqual(await having('properties.x', 'contains', 'ONE'), ['a'])
      assert.deepEqual(await having('properties.x', 'contains', '0%'), ['b'])
      assert.deepEqual(await having('properties.x', 'contains', '_'), [])
      assert.deepEqual(await having('properties.x', 'startswith', 'two'), ['b'])
      assert.deepEqual(await having('name', 'in', ['a', 'c']), ['a', 'c'])
      assert.deepEqual(await having('createdAt', 'le', 2), ['a', 'b'])
      assert.deepEqual(await having('createdAt', 'gt', 2), ['c'])
      const search = (...words: readonly string[]) =>
        names({ search: { words, paths: ['name', 'properties.x', 'createdBy'] } })
      assert.deepEqual(await search('ada', 'ONE'), ['a'])
      assert.deepEqual(await search('one', 'two'), [])
      assert.deepEqual(await names({ orderBy: 'properties.x' }), ['a', 'b', 'c'])
      assert.deepEqual(await names({ orderBy: 'properties.x', descending: true }), ['b', 'a', 'c'])
      assert.deepEqual(await names({ orderBy: 'createdBy' }), ['a', 'b', 'c'])
      assert.equal(await countRows(db, { ...query, top: 1, skip: 2 }), 3)
    })

    test('pages neither skip nor repeat where all are equally old', async () => {
      for (let i = 0; i < 25; i++) await insert(row(`/w/dev/models/m${i}`))
      const seen: string[] = []
      for (let skip = 0; skip < 25; skip += 10)
        seen.push(...(await names({ orderBy: 'createdAt', skip, top: 10 })))
      assert.equal(new Set(seen).size, 25)
    })

    test('filters by what is inside, also under odd names, and treats values as values', async () => {
      await insert(
        row('/w/dev/models/a', { properties: '{"tags":{"team":"red","a.b":"1"},"n":{"m":"x"}}' }),
        row('/w/dev/models/b', { properties: '{"tags":{"team":"blue","x\' or 1=1":""}}' }),
        row('/w/dev/models/c', { envelope: '{"tags":{"team":"red"}}', status: '{"state":"Running"}' }),
      )
      const where = (path: string, value: string | null) => names({ where: new Map([[path, value]]) })
      assert.deepEqual(await where('properties.tags.team', 'red'), ['a'])
      assert.deepEqual(await where('properties.tags.team', null), ['a', 'b'])
      assert.deepEqual(await where('envelope.tags.team', 'red'), ['c'])
      assert.deepEqual(await where('status.state', 'Running'), ['c'])
      assert.deepEqual(await where('properties.n.m', 'x'), ['a'])
      assert.deepEqual(await where('properties.tags.a.b', '1'), ['a'])
      assert.deepEqual(await where("properties.tags.x' or 1=1", null), ['b'])
      assert.deepEqual(await where('properties.tags.team', "' or '1'='1"), [])
      assert.deepEqual(await where('properties.none.of.these', 'x'), [])
    })
  })
}
