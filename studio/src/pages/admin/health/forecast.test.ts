import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forecast, inWords } from './forecast.ts'

const hour = 3_600_000
const growing = (perHour: (i: number) => number, n = 48) => {
  let value = 0
  return Array.from({ length: n }, (_, i) => ({ at: i * hour, value: (value += perHour(i)) }))
}

test('what grows steadily is full when it is', () => {
  const found = forecast(
    growing(() => 100),
    24_000,
  )
  assert.equal(found?.perDay.middle, 2400)
  assert.equal(Math.round(found?.daysLeft.middle ?? 0), 10)
  assert.equal(inWords(found, 'last 2 days'), 'At the pace of the last 2 days it is full in 10 days.')
})

test('one large file does not turn the forecast', () => {
  const found = forecast(
    growing((i) => (i === 47 ? 1e9 : 100)),
    24_000,
  )
  assert.equal(found?.perDay.middle, 2400)
})

test('the range is told where the pace varies, and what does not grow is not full', () => {
  assert.match(
    inWords(
      forecast(
        growing((i) => (i % 24 < 12 ? 200 : 20)),
        24_000,
      ),
      'last 2 days',
    ),
    /in \d+ to \d+ days/,
  )
  assert.match(
    inWords(
      forecast(
        growing(() => 0),
        24_000,
      ),
      'last day',
    ),
    /not full within a year/,
  )
  assert.match(
    inWords(
      forecast(
        growing(() => -5),
        24_000,
      ),
      'last day',
    ),
    /not full within a year/,
  )
})

test('too little says nothing', () => {
  assert.equal(forecast([], 5), undefined)
  assert.equal(
    forecast(
      growing(() => 1, 3),
      5,
    ),
    undefined,
  )
  assert.match(inWords(undefined, 'last day'), /Too little/)
})
