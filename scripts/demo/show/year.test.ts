import assert from 'node:assert/strict'
import { test } from 'node:test'
import { yearTable } from './year.ts'

test('a month is a line: what is not known yet is a dot, what has no value says so', () => {
  const drifted = [
    { feature: 'temp', value: 0.91 },
    { feature: 'departures', value: 0.31 },
    { feature: 'humid', value: 0.3 },
  ]
  const [, , ...lines] = yearTable([
    {
      month: '2013-04',
      flights: 28_330,
      drifted: [],
      estimated: 0.726,
      real: 0.669,
      breached: true,
      alert: 'inactive',
    },
    { month: '2013-05', flights: 28_796, drifted, estimated: null },
    { month: '2013-06', flights: 120, doing: 'is asked about' },
  ])
  assert.equal(
    lines[0],
    '   April        28,330   0.726       0.669 ▼     none                            inactive',
  )
  assert.equal(
    lines[1],
    '   May          28,796   no data     ·           temp 0.91, departures 0.31 and 1 more',
  )
  assert.match(lines[2] ?? '', /^ {3}June +120 {3}· +· +[◐◓◑◒] is asked about$/)
})
