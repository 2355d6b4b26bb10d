import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { Store } from '../database.ts'
import {
  deleteMonitorWindows,
  findMonitorSeries,
  findMonitorValues,
  findMonitorWindows,
  latestMonitorWindows,
  replaceMonitorWindow,
} from '../monitor-rows.ts'

/** What every store promises of results of monitors: windows that are replaced whole, in any order, and forgotten. */
export function monitorRowsContract(store: Store): void {
  describe(`results of monitors in ${store.dialect}`, () => {
    const { db } = store
    beforeEach(async () => {
      for (const table of ['monitor_values', 'monitor_series', 'monitor_windows'] as const)
        await db.deleteFrom(table).execute()
    })
    const window = (at: number, more: object = {}) => ({
      scope: 'w',
      monitor: 'm',
      signal: 's',
      kind: 'data_drift',
      at,
      outcome: 'computed',
      reason: '',
      ...more,
    })
    const value = (metric: string, found: number | null, more: object = {}) => ({
      metric,
      feature: '',
      segment: '',
      value: found,
      lower: null,
      upper: null,
      confidence: null,
      n: 5,
      reference_n: null,
      threshold_lower: null,
      threshold_upper: 0.1,
      threshold_from: 'constant',
      breached: 1,
      provisional: 0,
      method: '',
      note: '',
      ...more,
    })
    const replace = (of: ReturnType<typeof window>, values: readonly ReturnType<typeof value>[]) =>
      store.transaction((tx) => replaceMonitorWindow(tx, of, values))
    const all = async (scope = 'w') => {
      const series = await findMonitorSeries(db, { scope })
      const rows = await findMonitorValues(db, {
        series: series.map((one) => one.series),
        from: 0,
        to: Number.MAX_SAFE_INTEGER,
      })
      return rows.map((row) => {
        const of = series.find((one) => one.series === row.series)
        return [of?.signal, of?.metric, of?.feature, row.at, row.value]
      })
    }

    test('a window takes the place of what was there of it, whatever came between', async () => {
      const late = 1_700_000_000_000
      await replace(window(late), [value('a', 1), value('b', 2, { feature: 'f' })])
      await replace(window(late - 1), [value('a', 3)])
      await replace(window(late), [value('a', null), value('c', 4)])
      assert.deepEqual(await all(), [
        ['s', 'a', '', late, null],
        ['s', 'a', '', late - 1, 3],
        ['s', 'c', '', late, 4],
      ])
      const [newest] = await findMonitorWindows(db, { scope: 'w', top: 1 })
      assert.deepEqual({ ...newest }, window(late))
    })

    test('more values than one statement takes are kept', async () => {
      const many = Array.from({ length: 333 }, (_, i) => value('a', i, { feature: `f${i}` }))
      await replace(window(1), many)
      await replace(window(1), many)
      assert.equal((await all()).length, 333)
    })

    test('signals are found by name and by kind, windows newest first and between two times', async () => {
      await replace(window(1), [value('a', 1)])
      await replace(window(2, { signal: 't', kind: 'fairness' }), [value('a', 2)])
      await replace(window(3, { outcome: 'no_data', reason: 'nothing' }), [])
      await replace(window(9, { scope: 'other' }), [value('a', 9)])
      const ends = async (asked: object) =>
        (await findMonitorWindows(db, { scope: 'w', top: 10, ...asked })).map(({ at }) => at)
      assert.deepEqual(await ends({}), [3, 2, 1])
      assert.deepEqual(await ends({ signal: 'fairness' }), [2])
      assert.deepEqual(await ends({ signal: 's', from: 2 }), [3])
      assert.deepEqual(await ends({ to: 2, top: 1 }), [2])
      const metrics = await findMonitorSeries(db, { scope: 'w', signal: 'data_drift', metric: 'a' })
      assert.deepEqual(
        metrics.map(({ signal }) => signal),
        ['s'],
      )
      assert.deepEqual(
        (await latestMonitorWindows(db)).map(({ scope, signal, at }) => [scope, signal, at]),
        [
          ['other', 's', 9],
          ['w', 's', 3],
          ['w', 't', 2],
        ],
      )
    })

    test('one window is forgotten, or a monitor as a whole', async () => {
      await replace(window(1), [value('a', 1)])
      await replace(window(2), [value('b', 2)])
      await replace(window(1, { monitor: 'n' }), [value('a', 7)])
      await deleteMonitorWindows(db, { scope: 'w', monitor: 'm', at: 2 })
      assert.deepEqual(
        (await findMonitorSeries(db, { scope: 'w', monitor: 'm' })).map(({ metric }) => metric),
        ['a'],
      )
      await deleteMonitorWindows(db, { scope: 'w', monitor: 'm' })
      assert.deepEqual(await all(), [['s', 'a', '', 1, 7]])
      assert.equal((await findMonitorWindows(db, { scope: 'w', top: 9 })).length, 1)
    })
  })
}
