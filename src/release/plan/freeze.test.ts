import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frozenUntil } from './freeze.ts'
import type { FreezeWindow } from './plan.ts'

const hours = (count: number) => count * 3_600_000
/** From Friday 18:00 in Berlin to Monday 08:00. */
const weekend: FreezeWindow = { from: '0 18 * * FRI', forMs: hours(62), timeZone: 'Europe/Berlin' }
const until = (window: FreezeWindow | readonly FreezeWindow[], now: string) =>
  frozenUntil([window].flat(), new Date(now))?.until.toISOString()

test('a window holds from its beginning to its end, in its own time zone', () => {
  assert.equal(until(weekend, '2026-11-20T16:59:59Z'), undefined)
  assert.equal(until(weekend, '2026-11-20T17:00:00Z'), '2026-11-23T07:00:00.000Z')
  assert.equal(until(weekend, '2026-11-22T12:00:00Z'), '2026-11-23T07:00:00.000Z')
  assert.equal(until(weekend, '2026-11-23T07:00:00Z'), undefined)
})

test('a date is one window, and of several the one that ends last counts', () => {
  const holidays: FreezeWindow = {
    from: '2026-12-20',
    forMs: hours(24 * 14),
    timeZone: 'UTC',
    reason: 'holidays',
  }
  assert.equal(until(holidays, '2026-12-19T23:59:59Z'), undefined)
  assert.equal(until(holidays, '2026-12-31T00:00:00Z'), '2027-01-03T00:00:00.000Z')
  assert.equal(until(holidays, '2027-12-31T00:00:00Z'), undefined)
  assert.equal(until([weekend, holidays], '2026-12-26T12:00:00Z'), '2027-01-03T00:00:00.000Z')
})

test('windows that begin again before they end are one long one', () => {
  const always: FreezeWindow = { from: '0 0 * * *', forMs: hours(36), timeZone: 'UTC' }
  assert.equal(until(always, '2026-11-23T10:00:00Z'), '2026-11-24T12:00:00.000Z')
})
