import assert from 'node:assert/strict'
import { test } from 'node:test'
import { barsOf, overlayOption, rangeOf, totalOf } from './overlay-option.ts'

const overlay = {
  edges: [0, 10, 20],
  reference: { counts: [6, 2], below: 0, above: 2 },
  current: { counts: [0, 0], below: 4, above: 0 },
}
const colours = { series: ['#a', '#b'], text: '#1', muted: '#2', line: '#3', page: '#4', bad: '#5' }

test('both samples are shares of their own rows, and what lies beyond has bins of its own', () => {
  const bars = barsOf(overlay)
  assert.deepEqual(
    bars.map((bar) => [rangeOf(bar, String), bar.reference, bar.current]),
    [
      ['below 0', 0, 1],
      ['0 to 10', 0.6, 0],
      ['10 to 20', 0.2, 0],
      ['above 20', 0.2, 0],
    ],
  )
  assert.deepEqual([bars[0]?.from, bars.at(-1)?.to], [-10, 30])
  assert.equal(totalOf(overlay.reference), 10)
  const inside = { ...overlay.reference, above: 0 }
  assert.equal(barsOf({ ...overlay, reference: inside, current: inside }).length, 2, 'no empty ends')
})

test('a sample without rows has no shares, and bars begin at zero', () => {
  const none = { counts: [0, 0], below: 0, above: 0 }
  const bars = barsOf({ ...overlay, current: none })
  assert.ok(bars.every(({ current }) => current === null))
  const option = overlayOption(bars, { reference: 'a:1', current: 'a:2' }, { format: String }, colours)
  assert.equal(option.yAxis.min, 0)
  const tip = option.tooltip.formatter([{ dataIndex: 1 }])
  assert.match(tip, /0 to 10<br>a:1: 60\.0 %<br>a:2: –/)
})

test('names in a tooltip are words, never markup', () => {
  const names = { reference: '<img src=x>', current: 'b' }
  const tip = overlayOption(barsOf(overlay), names, { format: String }, colours).tooltip.formatter([
    { dataIndex: 1 },
  ])
  assert.ok(!tip.includes('<img'))
})
