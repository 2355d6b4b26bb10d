import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { containerSizes } from '../blob-index.ts'
import type { Store } from '../database.ts'
import { countsBelow, insertRow } from '../resource-rows.ts'
import { searchRows } from '../search-rows.ts'
import { failingWork, scheduleWork } from '../work-rows.ts'

/** What every store promises of searching by name and of counting what there is. */
export function searchRowsContract(store: Store): void {
  describe(`searching in ${store.dialect}`, () => {
    const { db } = store
    const [scope, type] = ['/w/search', 'workspaces/jobs']
    before(async () => {
      await db.deleteFrom('resources').execute()
      const add = (
        name: string,
        over: { properties?: object; type?: string; scope?: string; archived?: number } = {},
        created_at = 1,
      ) =>
        insertRow(db, {
          key: `${over.scope ?? scope}/${(over.type ?? type).split('/')[1]}/${name.toLowerCase()}`,
          id: name,
          type: over.type ?? type,
          name,
          parent: scope,
          scope: over.scope ?? scope,
          envelope: '{}',
          properties: JSON.stringify(over.properties ?? {}),
          status: '{}',
          etag: 'e',
          generation: 1,
          archived: over.archived ?? 0,
          deleting: 0,
          created_at,
          created_by: 'me',
          created_by_type: 'User',
          modified_at: 1,
          modified_by: 'me',
          modified_by_type: 'User',
        })
      await add('plucky_heron', { properties: { displayName: 'Nightly Flight delay' } }, 1)
      await add('flight_old', {}, 2)
      await add('FLIGHT_new', {}, 3)
      await add('flight_100%', {}, 4)
      await add('flight_step', { properties: { parentJobName: 'plucky_heron' } }, 5)
      await add('flight_gone', { archived: 1 }, 6)
      await add('flight', { type: 'workspaces/models' }, 7)
      await add('flight_elsewhere', { scope: '/w/searching' }, 8)
    })
    const found = async (text: string, top = 10) =>
      (await searchRows(db, { scope, type, words: text.split(' '), top })).map(({ name }) => name)

    test('finds names and display names in any case, those that begin so first, then the newest', async () => {
      assert.deepEqual(await found('Flight'), ['flight_100%', 'FLIGHT_new', 'flight_old', 'plucky_heron'])
      assert.deepEqual(await found('flight', 2), ['flight_100%', 'FLIGHT_new'])
      assert.deepEqual(await found('delay NIGHT'), ['plucky_heron'])
      assert.deepEqual(await found('heron'), ['plucky_heron'])
      assert.deepEqual(await found('nothing'), [])
    })

    test('takes what somebody types as it is', async () => {
      assert.deepEqual(await found('100%'), ['flight_100%'])
      assert.deepEqual(await found('t_100'), ['flight_100%'])
      assert.deepEqual(await found('%'), ['flight_100%'])
      assert.deepEqual(await found(String.raw`\ '"`), [])
    })

    test('counts what is below something, by type', async () => {
      const counts = await countsBelow(db, scope)
      assert.deepEqual(
        [...counts],
        [
          ['workspaces/jobs', 6],
          ['workspaces/models', 1],
        ],
      )
      assert.equal((await countsBelow(db, `${scope}/jobs`)).get(type), 6)
    })

    test('adds up what containers hold, and tells what work fails', async () => {
      assert.deepEqual(await containerSizes(db), [])
      const blob = { digest: 'd', md5: 'm', content_type: '', metadata: '{}', etag: 'e', modified_at: 1 }
      for (const [path, size] of [
        ['a', 3],
        ['b', 4],
      ] as const)
        await db
          .insertInto('blobs')
          .values({ ...blob, container: 'c', path, size })
          .execute()
      assert.deepEqual(await containerSizes(db), [{ container: 'c', bytes: 7, count: 2 }])
      await db.deleteFrom('blobs').execute()
      await scheduleWork(db, 'search/none', '/w/search/jobs/x', 1)
      assert.deepEqual(await failingWork(db, 5), [])
      await db
        .updateTable('work')
        .set({ attempts: 2, last_error: 'no' })
        .where('reconciler', '=', 'search/none')
        .execute()
      assert.equal((await failingWork(db, 5))[0]?.last_error, 'no')
      await db.deleteFrom('work').where('reconciler', '=', 'search/none').execute()
    })
  })
}
