import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { nextTimes } from './next-times.ts'

const now = new Date('2026-03-27T12:00:00Z')
const told = (trigger: unknown, most?: number) => {
  const found = nextTimes(trigger, now, most)
  return 'problem' in found ? found.problem : found.times.map((time) => time.toISOString())
}

describe('when a trigger is due next', () => {
  test('by cron, in its zone, also over the change of the clocks', () => {
    assert.deepEqual(told({ type: 'cron', expression: '0 6 * * *', time_zone: 'Europe/Berlin' }, 3), [
      '2026-03-28T05:00:00.000Z',
      '2026-03-29T04:00:00.000Z',
      '2026-03-30T04:00:00.000Z',
    ])
  })

  test('again and again, from its start on', () => {
    const trigger = {
      type: 'recurrence',
      frequency: 'day',
      interval: 2,
      start_time: '2026-03-28T10:00:00',
      time_zone: 'UTC',
    }
    assert.deepEqual(told(trigger, 2), ['2026-03-28T10:00:00.000Z', '2026-03-30T10:00:00.000Z'])
  })

  test('never after its end', () => {
    const trigger = {
      type: 'cron',
      expression: '0 0 * * *',
      end_time: '2026-03-29T00:30:00',
      time_zone: 'UTC',
    }
    assert.deepEqual(told(trigger), ['2026-03-28T00:00:00.000Z', '2026-03-29T00:00:00.000Z'])
  })

  test('or why that cannot be said', () => {
    assert.match(String(told({ type: 'cron', expression: '0 6 * *' })), /is no cron expression/)
    assert.match(String(told({ type: 'cron', expression: '0 6 * * *', time_zone: 'Nowhere' })), /Nowhere/)
    assert.ok('problem' in nextTimes(undefined, now))
  })
})
