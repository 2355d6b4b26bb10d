import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawnOver, smoothed } from './history.ts'
import { historyOption } from './history-option.ts'
import { looksOf } from './run-looks.ts'

const point = (step: number, value: number) => ({
  step,
  timestamp: 5000 + step * 100,
  value,
  min: value - 1,
  max: value + 1,
  points: 10,
})
const history = { runId: 'r', total: 30, notFinite: 0, points: [point(0, 3), point(10, 0.5), point(20, 2)] }

test('a history is drawn over steps, time or time since its start; a logarithm takes only what is above 0', () => {
  assert.deepEqual(
    drawnOver(history, 'step', false).map(({ x }) => x),
    [0, 10, 20],
  )
  assert.deepEqual(
    drawnOver(history, 'relative', false).map(({ x }) => x),
    [0, 1, 2],
  )
  assert.deepEqual(
    drawnOver(history, 'time', true).map(({ value }) => value),
    [3, 2],
  )
})

test('smoothing pulls nothing towards zero, and keeps what does not change', () => {
  assert.deepEqual(smoothed([4, 4, 4], 0.9), [4, 4, 4])
  assert.deepEqual(smoothed([1, 3], 0.5), [1, (0.25 + 1.5) / 0.75])
  assert.deepEqual(smoothed([1, 3], 0), [1, 3])
})

test('the raw line stays under the smoothed one, and parts have a band', () => {
  const colours = { series: ['#a', '#b'], text: '', muted: '', line: '', page: '', bad: '' }
  const lines = [
    { name: 'one', look: { colour: 2, dashed: true }, points: drawnOver(history, 'step', false) },
  ]
  const { series } = historyOption(lines, { axis: 'step', isLog: false, weight: 0.9 }, colours)
  assert.deepEqual(
    series.map((one) => (one as { type: string }).type),
    ['custom', 'line', 'line'],
  )
  assert.equal(historyOption(lines, { axis: 'step', isLog: true, weight: 0 }, colours).yAxis.type, 'log')
})

test('a run keeps its colour while another goes; beyond six they are dashed', () => {
  const ids = Array.from({ length: 8 }, (_, i) => `run-${i * 7919}`)
  const looks = looksOf(ids)
  assert.equal(new Set(ids.slice(0, 6).map((id) => looks.get(id)?.colour)).size, 6)
  assert.deepEqual(
    ids.map((id) => looks.get(id)?.dashed),
    [false, false, false, false, false, false, true, true],
  )
  assert.deepEqual(looksOf(ids.slice(0, 2)).get(ids[0] ?? ''), looks.get(ids[0] ?? ''))
})
