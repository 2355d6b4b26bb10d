import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startingBy, timesBetween } from './backfill.ts'
import { nextRun, readTrigger } from './trigger.ts'

describe('times of a schedule in the past', () => {
  const trigger = (given: object, created = '2026-03-31T02:30:00Z') =>
    readTrigger({ triggerType: 'Recurrence', interval: 1, ...given } as never, new Date(created))
  const times = (of: ReturnType<typeof trigger>, from: string, to: string) =>
    timesBetween(of, new Date(from), new Date(to)).map((at) => at.toISOString().slice(0, 16))

  test('months before a schedule was made have the day that it has, or their last', () => {
    assert.deepEqual(times(trigger({ frequency: 'Month' }), '2013-01-31T00:00:00Z', '2013-04-30T23:00:00Z'), [
      '2013-01-31T02:30',
      '2013-02-28T02:30',
      '2013-03-31T02:30',
      '2013-04-30T02:30',
    ])
  })

  test('both ends are part of it', () => {
    const first = { frequency: 'Month', startTime: '2026-01-01T00:00:00' }
    assert.deepEqual(times(trigger(first), '2013-05-01T00:00:00Z', '2013-07-01T00:00:00Z'), [
      '2013-05-01T00:00',
      '2013-06-01T00:00',
      '2013-07-01T00:00',
    ])
  })

  test('weeks and days keep to the calendar of their zone, and intervals to their count', () => {
    const weekly = trigger({
      frequency: 'Week',
      interval: 2,
      startTime: '2026-07-06T08:00:00',
      timeZone: 'Europe/Berlin',
      schedule: { hours: [8], minutes: [0], weekDays: ['Monday'] },
    })
    assert.deepEqual(times(weekly, '2026-03-10T00:00:00Z', '2026-04-20T00:00:00Z'), [
      '2026-03-16T07:00',
      '2026-03-30T06:00',
      '2026-04-13T06:00',
    ])
    const cron = readTrigger({ expression: '0 6 1 * *' }, new Date('2026-01-01T00:00:00Z'))
    assert.deepEqual(times(cron, '2025-10-15T00:00:00Z', '2025-12-31T00:00:00Z'), [
      '2025-11-01T06:00',
      '2025-12-01T06:00',
    ])
  })

  test('an earlier start is due at the same times as its own', () => {
    for (const frequency of ['Minute', 'Hour', 'Day', 'Week', 'Month'])
      for (const interval of [1, 3, 7])
        for (const timeZone of ['UTC', 'Pacific Standard Time', 'Australia/Lord_Howe']) {
          const own = trigger({ frequency, interval, timeZone, startTime: '2026-05-31T02:30:00' })
          const early = startingBy(own, new Date('2019-02-03T00:00:00Z'))
          assert.ok(early.start <= new Date('2019-02-03T00:00:00Z'))
          let [a, b] = [new Date('2026-06-01T00:00:00Z'), new Date('2026-06-01T00:00:00Z')]
          for (let i = 0; i < 5; i++) {
            a = nextRun(own, a) ?? a
            b = nextRun(early, b) ?? b
            assert.equal(a.toISOString(), b.toISOString(), `${frequency} ${interval} ${timeZone}`)
          }
        }
  })

  test('no times, too many, and ends before beginnings are refused', () => {
    const daily = trigger({ frequency: 'Day' })
    assert.throws(() => times(daily, '2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z'), /ends before it begins/)
    assert.throws(() => times(daily, '2026-01-01T03:00:00Z', '2026-01-01T04:00:00Z'), /never due/)
    assert.throws(() => times(daily, '2000-01-01T00:00:00Z', '2026-01-01T00:00:00Z'), /more than 1000/)
  })
})
