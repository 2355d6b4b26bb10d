import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timeOption, withGaps } from './time-option.ts'

const colours = {
  series: ['#a', '#b', '#c', '#d', '#e', '#f'],
  text: '#1',
  muted: '#2',
  line: '#3',
  page: '#4',
  bad: '#5',
}
const minute = 60_000

test('where nothing was measured there is a hole, not a line', () => {
  const points = [0, 1, 5, 6].map((n) => ({ at: n * minute, value: n }))
  assert.deepEqual(withGaps(points, minute), [
    [0, 0],
    [minute, 1],
    [2 * minute, null],
    [5 * minute, 5],
    [6 * minute, 6],
  ])
})

test('the time axis is that of the question, and colours follow their things', () => {
  const option = timeOption(
    {
      lines: [{ name: 'candidate', colour: 2, points: [{ at: 10, value: 1 }] }],
      from: 0,
      to: 100,
      stepMs: 10,
      format: String,
      atLeast: 0.01,
    },
    colours,
  )
  assert.deepEqual([option.xAxis.min, option.xAxis.max], [0, 100])
  assert.equal(option.series[0]?.color, '#b')
  const { max } = option.yAxis as unknown as { max: (range: { max: number }) => number }
  assert.deepEqual([max({ max: 0 }), max({ max: 0.5 })], [0.01, 0.5])
})
