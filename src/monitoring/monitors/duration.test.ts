import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { before, parseCalendarDuration, spellDuration } from './duration.ts'

describe('lengths of windows', () => {
  const back = (at: string, length: string) => {
    const parsed = parseCalendarDuration(length)
    return parsed && before(new Date(at), parsed).toISOString().slice(0, 16)
  }

  test('months are those of the calendar', () => {
    assert.equal(back('2013-05-01T00:00:00Z', 'P1M'), '2013-04-01T00:00')
    assert.equal(back('2013-03-31T06:00:00Z', 'P1M'), '2013-02-28T06:00')
    assert.equal(back('2012-03-31T06:00:00Z', 'P1M1D'), '2012-02-28T06:00')
    assert.equal(back('2013-01-15T00:00:00Z', 'P1Y2M'), '2011-11-15T00:00')
  })

  test('all else has a length of its own', () => {
    assert.equal(back('2013-05-08T00:00:00Z', 'P1W'), '2013-05-01T00:00')
    assert.equal(back('2013-05-08T00:00:00Z', 'P1DT1H30M'), '2013-05-06T22:30')
    assert.equal(back('2013-05-08T00:00:00Z', 'P0D'), '2013-05-08T00:00')
  })

  test('what is no duration is none', () => {
    for (const text of ['', 'P', 'PT', '7 days', '7D', 'P7', 'P-1D', 'default'])
      assert.equal(parseCalendarDuration(text), undefined, text)
  })

  test('lengths are spelt in the largest unit that is whole', () => {
    const day = 86_400_000
    assert.deepEqual([0, day, 7 * day, 3_600_000, 5_400_000, 1500].map(spellDuration), [
      'P0D',
      'P1D',
      'P7D',
      'PT1H',
      'PT90M',
      'PT2S',
    ])
  })
})
