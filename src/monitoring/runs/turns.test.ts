import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MonitorRun } from './run.ts'
import { withTurn } from './turns.ts'

describe('turns of runs', () => {
  const run = (
    monitor: string,
    day: number,
    more: { readonly backfill?: boolean; readonly scope?: string } = {},
  ) => {
    const { scope = 'w', backfill } = more
    const at = new Date(Date.UTC(2026, 0, day)).toISOString()
    const properties = {
      monitor,
      at,
      definition: {},
      periodMs: 1,
      ...(backfill === undefined ? {} : { backfill }),
    }
    return { key: `${scope}/${monitor}/${day}`, scope, properties } as unknown as MonitorRun
  }
  const turn = (runs: readonly MonitorRun[], most?: number) => withTurn(runs, most).map(({ key }) => key)

  test('of a monitor one goes on at a time, the earliest window first', () => {
    assert.deepEqual(turn([run('a', 3), run('a', 1), run('a', 2), run('b', 9)]), ['w/a/1', 'w/b/9'])
  })

  test('what is due goes before windows of the past', () => {
    const past = [1, 2].map((day) => run('a', day, { backfill: true }))
    assert.deepEqual(turn([...past, run('a', 30)]), ['w/a/30'])
    assert.deepEqual(turn([run('b', 1, { backfill: true }), run('a', 30)], 1), ['w/a/30'])
  })

  test('so many at once, and workspaces have monitors of the same name', () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map((name) => run(name, 1))
    assert.equal(turn(many).length, 4)
    assert.deepEqual(turn([run('a', 1), run('a', 1, { scope: 'v' })]), ['v/a/1', 'w/a/1'])
  })
})
