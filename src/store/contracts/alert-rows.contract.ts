import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import {
  deleteAlertGroup,
  deleteAlertState,
  findAlertState,
  hastenAlertState,
  listAlertGroups,
  listAlertStates,
  nextIncidentNumber,
  saveAlertGroup,
  saveAlertState,
  settleAlertState,
} from '../alert-rows.ts'
import type { Store } from '../database.ts'

/** What every store promises of the states of alerts. */
export function alertRowsContract(store: Store): void {
  describe(`states of alerts in ${store.dialect}`, () => {
    const { db } = store
    const row = {
      rule: '/w/r',
      scope: '/w',
      version: 0,
      evaluated_at: 5,
      next_at: 9,
      settled: 0,
      state: '{}',
    }
    beforeEach(async () => {
      for (const table of ['alert_states', 'incident_numbers', 'alert_groups'] as const)
        await db.deleteFrom(table).execute()
    })

    test('is kept by the first of two who read the same version', async () => {
      assert.equal(await saveAlertState(db, row), true)
      assert.equal(await saveAlertState(db, row), false)
      const found = await findAlertState(db, '/w/r')
      assert.deepEqual({ ...found }, { ...row, version: 1 })
      assert.equal(await saveAlertState(db, { ...row, version: 1, evaluated_at: 6 }), true)
      assert.equal(await saveAlertState(db, { ...row, version: 1, evaluated_at: 7 }), false)
      assert.equal((await findAlertState(db, '/w/r'))?.evaluated_at, 6)
    })

    test('is settled only in the version that was looked at, and due at once where it is hastened', async () => {
      await saveAlertState(db, row)
      await settleAlertState(db, '/w/r', 2)
      assert.equal((await findAlertState(db, '/w/r'))?.settled, 0)
      await settleAlertState(db, '/w/r', 1)
      assert.equal((await findAlertState(db, '/w/r'))?.settled, 1)
      await hastenAlertState(db, '/w/r')
      assert.equal((await findAlertState(db, '/w/r'))?.next_at, 0)
      assert.equal(
        await saveAlertState(db, { ...row, version: 1 }),
        false,
        'who evaluated meanwhile does it again',
      )
    })

    test('is listed by workspace, and forgotten', async () => {
      await saveAlertState(db, row)
      await saveAlertState(db, { ...row, rule: '/v/r', scope: '/v' })
      assert.equal((await listAlertStates(db)).length, 2)
      assert.deepEqual(
        (await listAlertStates(db, '/v')).map(({ rule }) => rule),
        ['/v/r'],
      )
      await deleteAlertState(db, '/v/r')
      assert.equal((await listAlertStates(db)).length, 1)
    })

    test('counts incidents of each workspace from 1, and a number that was not kept is given out again', async () => {
      assert.equal(await nextIncidentNumber(db, '/w'), 1)
      const failing = store.transaction(async (tx) => {
        assert.equal(await nextIncidentNumber(tx, '/w'), 2)
        throw new Error('rolled back')
      })
      await assert.rejects(failing, /rolled back/)
      assert.equal(await nextIncidentNumber(db, '/w'), 2)
      assert.equal(await nextIncidentNumber(db, '/v'), 1)
    })

    test('keeps what was told of groups', async () => {
      await saveAlertGroup(db, { routing: '/w/d', key: 'a', state: '1' })
      await saveAlertGroup(db, { routing: '/w/d', key: 'a', state: '2' })
      await saveAlertGroup(db, { routing: '/w/d', key: 'b', state: '3' })
      assert.deepEqual(
        (await listAlertGroups(db, '/w/d')).map(({ key, state }) => key + state),
        ['a2', 'b3'],
      )
      await deleteAlertGroup(db, '/w/d', 'a')
      assert.equal((await listAlertGroups(db, '/w/d')).length, 1)
      await deleteAlertGroup(db, '/w/d')
      assert.equal((await listAlertGroups(db, '/w/d')).length, 0)
    })
  })
}
