import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frozenUntil, thaws } from './freeze.ts'

const hourMs = 3600_000
const weekend = { from: '0 18 * * FRI', forMs: 62 * hourMs, timeZone: 'Europe/Berlin' }
const until = (now: string, ...windows: (typeof weekend)[]) =>
  frozenUntil(windows, new Date(now))?.until.toISOString()

test('a window holds from its beginning until so many hours later, whatever clocks are set to in between', () => {
  assert.equal(until('2026-11-20T16:59:59Z', weekend), undefined)
  assert.equal(until('2026-11-20T17:00:00Z', weekend), '2026-11-23T07:00:00.000Z')
  assert.equal(until('2026-11-23T06:59:59Z', weekend), '2026-11-23T07:00:00.000Z')
  assert.equal(until('2026-11-23T07:00:00Z', weekend), undefined)
  // The weekends on which summer begins and ends.
  assert.equal(until('2026-03-29T12:00:00Z', weekend), '2026-03-30T07:00:00.000Z')
  assert.equal(until('2026-10-25T12:00:00Z', weekend), '2026-10-26T06:00:00.000Z')
})

test('a beginning that clocks skip is taken as soon as there is one', () => {
  const night = { from: '30 2 * * *', forMs: 2 * hourMs, timeZone: 'Europe/Berlin' }
  assert.equal(until('2026-03-29T01:45:00Z', night), '2026-03-29T03:00:00.000Z')
  assert.equal(until('2026-10-25T00:45:00Z', night), '2026-10-25T02:30:00.000Z')
})

test('of several windows the one that ends last counts; a date is one window', () => {
  const audit = { from: '2026-11-22T00:00:00', forMs: 48 * hourMs, timeZone: 'UTC' }
  assert.equal(until('2026-11-22T12:00:00Z', weekend, audit), '2026-11-24T00:00:00.000Z')
  assert.equal(until('2026-11-24T12:00:00Z', weekend, audit), undefined)
})

test('windows that begin every minute are looked at no longer than others', () => {
  const always = { from: '* * * * *', forMs: 3000 * 24 * hourMs, timeZone: 'UTC' }
  assert.equal(until('2026-11-22T12:00:30Z', always), '2035-02-08T12:00:00.000Z')
})

test('windows without a gap between them never thaw', () => {
  const thawing = (from: string, hours: number) =>
    thaws({ from, forMs: hours * hourMs, timeZone: 'Europe/Berlin' }, new Date(0))
  assert.equal(thawing('0 18 * * FRI', 62), true)
  assert.equal(thawing('0 18 * * FRI', 167), true)
  assert.equal(thawing('0 18 * * FRI', 170), false)
  assert.equal(thawing('* * * * *', 1 / 60), false)
  assert.equal(thawing('* 0-22 * * *', 1), true)
  assert.equal(thawing('* 0-22 * * *', 1.1), false)
  assert.equal(thawing('2026-11-22T00:00:00', 1e5), true)
})
