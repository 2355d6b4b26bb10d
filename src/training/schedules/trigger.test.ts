import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { nextRun, readTrigger, triggerSchema } from './trigger.ts'
import { momentOf, wallTime, zoneOf } from './zone.ts'

const created = new Date('2026-01-01T00:00:00Z')
const read = (trigger: object) => readTrigger(triggerSchema.parse(trigger), created)
/** The next times after a moment. */
function runs(trigger: object, after: string, count: number): readonly string[] {
  const found: string[] = []
  for (let at: Date | undefined = new Date(after); found.length < count;) {
    at = nextRun(read(trigger), at)
    if (at === undefined) break
    found.push(at.toISOString().replace(/:00\.000Z$|\.000Z$/, 'Z'))
  }
  return found
}
const pacific = 'Pacific Standard Time'
const recurrence = (frequency: string, interval: number, schedule?: object, more: object = {}) => ({
  triggerType: 'Recurrence',
  frequency,
  interval,
  ...(schedule === undefined ? {} : { schedule }),
  ...more,
})

describe('when a trigger is due', () => {
  const table: readonly (readonly [string, object, string, readonly string[]])[] = [
    [
      'every 5 minutes from its start',
      recurrence('minute', 5, { hours: [], minutes: [] }, { startTime: '2026-01-01T00:02:30' }),
      '2026-01-01T00:10:00Z',
      ['2026-01-01T00:12:30Z', '2026-01-01T00:17:30Z'],
    ],
    [
      'every 4 hours, through a change of clocks',
      recurrence('Hour', 4, undefined, { startTime: '2026-03-07T22:00:00', timeZone: pacific }),
      '2026-03-08T05:00:00Z',
      ['2026-03-08T06:00Z', '2026-03-08T10:00Z', '2026-03-08T14:00Z'],
    ],
    [
      'every day at the time of its start',
      recurrence('day', 1, undefined, { startTime: '2026-01-01T08:30:15' }),
      '2026-01-05T08:30:15Z',
      ['2026-01-06T08:30:15Z'],
    ],
    [
      'twice a day at hours and minutes',
      recurrence('day', 1, { hours: [16, 4], minutes: [0, 30] }),
      '2026-01-01T04:10:00Z',
      ['2026-01-01T04:30Z', '2026-01-01T16:00Z', '2026-01-01T16:30Z', '2026-01-02T04:00Z'],
    ],
    [
      'daily at 10:15 on the wall, before and after clocks go forward',
      recurrence('day', 1, { hours: 10, minutes: 15 }, { timeZone: pacific }),
      '2026-03-07T00:00:00Z',
      ['2026-03-07T18:15Z', '2026-03-08T17:15Z', '2026-03-09T17:15Z'],
    ],
    [
      'a time that is skipped is as long after midnight',
      recurrence('day', 1, { hours: [2], minutes: [30] }, { timeZone: pacific }),
      '2026-03-07T12:00:00Z',
      ['2026-03-08T10:30Z', '2026-03-09T09:30Z'],
    ],
    [
      'a time that comes twice is due once, the first time',
      recurrence('day', 1, { hours: [1], minutes: [30] }, { timeZone: pacific }),
      '2026-10-31T12:00:00Z',
      ['2026-11-01T08:30Z', '2026-11-02T09:30Z'],
    ],
    [
      'every third day, far from its start',
      recurrence('day', 3, { hours: [0], minutes: [0] }),
      '2026-12-30T00:00:00Z',
      ['2026-12-30T00:00Z', '2027-01-02T00:00Z'].slice(1),
    ],
    [
      'on days of the week',
      recurrence('week', 1, { hours: [9], minutes: [0], weekDays: ['friday', 'Monday'] }),
      '2026-01-01T12:00:00Z',
      ['2026-01-02T09:00Z', '2026-01-05T09:00Z', '2026-01-09T09:00Z'],
    ],
    [
      'every other week, counted from that of its start, on its day',
      recurrence('week', 2, undefined, { startTime: '2026-01-01T09:00:00' }),
      '2026-01-01T10:00:00Z',
      ['2026-01-15T09:00Z', '2026-01-29T09:00Z'],
    ],
    [
      'on days of the month, where there are such',
      recurrence('month', 1, { hours: [0], minutes: [0], monthDays: [31, 1] }),
      '2026-01-30T00:00:00Z',
      ['2026-01-31T00:00Z', '2026-02-01T00:00Z', '2026-03-01T00:00Z', '2026-03-31T00:00Z'],
    ],
    [
      'on the last day of a month',
      recurrence('month', 1, { hours: [0], minutes: [0], monthDays: [-1] }),
      '2026-02-01T00:00:00Z',
      ['2026-02-28T00:00Z', '2026-03-31T00:00Z'],
    ],
    [
      'monthly from the 31st: on that day or the last',
      recurrence('month', 1, undefined, { startTime: '2026-01-31 06:00:00' }),
      '2026-01-31T06:00:00Z',
      ['2026-02-28T06:00Z', '2026-03-31T06:00Z', '2026-04-30T06:00Z'],
    ],
    [
      'not before its start, which is due itself',
      recurrence('day', 1, undefined, { startTime: '2027-01-01T00:00:00' }),
      '2026-06-01T00:00:00Z',
      ['2027-01-01T00:00Z', '2027-01-02T00:00Z'],
    ],
    [
      'not after its end',
      recurrence('day', 1, undefined, { startTime: '2026-01-01T00:00:00', endTime: '2026-01-03T12:00:00' }),
      '2026-01-01T00:00:00Z',
      ['2026-01-02T00:00Z', '2026-01-03T00:00Z'],
    ],
    [
      'by cron',
      { triggerType: 'Cron', expression: '15 10 * * 1' },
      '2026-01-01T00:00:00Z',
      ['2026-01-05T10:15Z', '2026-01-12T10:15Z'],
    ],
    [
      'by cron, told by its expression alone',
      { expression: '0 0 1 */2 *' },
      '2026-01-01T00:00:00Z',
      ['2026-03-01T00:00Z'],
    ],
    [
      'by cron, both kinds of days must fit',
      { expression: '0 0 13 * 5' },
      '2026-01-01T00:00:00Z',
      ['2026-02-13T00:00Z', '2026-03-13T00:00Z'],
    ],
    [
      'by cron in a zone: a time that is skipped is when clocks have gone forward',
      { expression: '30 2 * * *', timeZone: 'W. Europe Standard Time' },
      '2026-03-28T12:00:00Z',
      ['2026-03-29T01:00Z', '2026-03-30T00:30Z'],
    ],
    [
      'by cron in a zone, once where the time comes twice',
      { expression: '30 2 * * *', timeZone: 'Europe/Berlin' },
      '2026-10-24T12:00:00Z',
      ['2026-10-25T00:30Z', '2026-10-26T01:30Z'],
    ],
    [
      'never, on a day that no month of its has',
      recurrence(
        'month',
        12,
        { hours: [0], minutes: [0], monthDays: [31] },
        { startTime: '2026-02-01T00:00:00' },
      ),
      '2026-02-01T00:00:00Z',
      [],
    ],
  ]
  for (const [what, trigger, after, expected] of table)
    test(what, () =>
      assert.deepEqual(runs(trigger, after, expected.length === 0 ? 1 : expected.length), expected),
    )

  test('every run is after the one before, in every zone and whatever clocks do', () => {
    for (const timeZone of [
      pacific,
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'America/Sao_Paulo',
      'Asia/Kathmandu',
    ])
      for (const hour of [0, 2]) {
        const found = runs(
          recurrence('day', 1, { hours: [hour], minutes: [30] }, { timeZone }),
          '2026-01-01T12:00:00Z',
          370,
        )
        assert.equal(new Set(found.map((at) => wallTime(new Date(at), zoneOf(timeZone)).day)).size, 31)
        for (const [i, at] of found.entries())
          if (i > 0)
            assert.ok(Math.abs(Date.parse(at) - Date.parse(found[i - 1] ?? '') - 86_400_000) <= 3_600_000, at)
      }
  })
})

test('what is no trigger is refused at its field', () => {
  const refused = (trigger: object, message: RegExp) => assert.throws(() => read(trigger), message)
  refused({ triggerType: 'Cron', expression: '* * * *' }, /five fields/)
  refused({ triggerType: 'Cron', expression: '0 25 * * *' }, /no cron expression/)
  refused(recurrence('day', 1, { hours: [24], minutes: [0] }), /24 is none of the hours/)
  refused(recurrence('day', 1, { weekDays: ['monday'] }), /weekDays is for a frequency of week, not day/)
  refused(recurrence('minute', 1, { minutes: [3] }), /minutes is for a frequency of day or week or month/)
  refused({ triggerType: 'Recurrence' }, /needs its frequency/)
  refused(recurrence('day', 1, undefined, { timeZone: 'Europe/Berln' }), /no time zone.*Europe\/Berlin/)
  refused(recurrence('day', 1, undefined, { startTime: '2026-02-30T00:00:00' }), /no time: expected/)
  refused(recurrence('day', 1, undefined, { startTime: 'soon' }), /no time: expected/)
  refused(
    recurrence('day', 1, undefined, { startTime: '2026-02-03', endTime: '2026-02-01' }),
    /end of the schedule is before its start/,
  )
})

test('times with a zone of their own, and times on the wall', () => {
  assert.equal(
    read(
      recurrence('day', 1, undefined, { startTime: '2026-06-01T00:00:00+02:00', timeZone: pacific }),
    ).start.toISOString(),
    '2026-05-31T22:00:00.000Z',
  )
  assert.equal(
    read(
      recurrence('day', 1, undefined, { startTime: '2026-06-01T00:00:00', timeZone: pacific }),
    ).start.toISOString(),
    '2026-06-01T07:00:00.000Z',
  )
  assert.equal(zoneOf('India Standard Time'), 'Asia/Calcutta')
  const wall = { year: 2026, month: 10, day: 25, hour: 2, minute: 30, second: 0 }
  assert.equal(momentOf(wall, 'Europe/Berlin').toISOString(), '2026-10-25T00:30:00.000Z')
})
