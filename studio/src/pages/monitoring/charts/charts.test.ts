import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Distribution, MonitorWindow } from '../../../api/monitors.ts'
import { barsOf, conclusionOf } from '../feature/bars.ts'
import { ruleYaml } from '../feature/rule-yaml.ts'
import { binsOption, differencesOption } from './distribution-option.ts'
import { plain, safe, usualStep, windowOption } from './window-option.ts'

const colours = { series: ['#a', '#b'], text: '#1', muted: '#2', line: '#3', page: '#4', bad: '#5' }
const side = (rows: number, missing = 0) => ({ rows, n: rows - missing, missing })

const numbers: Distribution = {
  of: 'rows',
  feature: 'distance',
  kind: 'numerical',
  reference: side(100),
  production: side(50, 10),
  bins: { edges: [0, 5, 10], reference: [0, 60, 40, 0], production: [0, 10, 20, 10] },
}

test('shares are of the rows with a value, an empty end is left out, what is missing is of all rows', () => {
  const bars = barsOf(numbers)
  assert.deepEqual(
    bars.map(({ label, kind, reference, production, behind }) => [
      label,
      kind,
      reference,
      production,
      behind,
    ]),
    [
      ['from 0 to below 5', 'bin', 0.6, 0.25, { from: 0, to: 5 }],
      ['from 5 to below 10', 'bin', 0.4, 0.5, { from: 5, to: 10 }],
      ['10 or more', 'end', 0, 0.25, { from: 10 }],
      ['missing, of all rows', 'missing', 0, 0.2, { missing: true }],
    ],
  )
  const [first] = bars
  assert.ok(first?.difference !== undefined)
  assert.ok(first.difference.lower < -0.35 && first.difference.upper > -0.35 && first.difference.upper < 0)
  assert.equal(conclusionOf(bars), 'from 0 to below 5 has changed most: 35.0 pp less than in the reference')
  const option = binsOption(bars, colours)
  assert.equal(option.xAxis.length, 2, 'what is missing has an axis of its own')
  assert.equal(option.yAxis[0]?.min, 0)
})

test('whole numbers are called by what their bins hold', () => {
  const bins = { edges: [-0.5, 0.5, 1.5], reference: [0, 1, 1, 0], production: [0, 1, 1, 3] }
  assert.deepEqual(
    barsOf({ ...numbers, bins }).map(({ tick }) => tick),
    ['0', '1', '≥ 2', 'missing'],
  )
  const wide = { edges: [-0.5, 99.5], reference: [0, 2, 0], production: [1, 2, 0] }
  assert.deepEqual(
    barsOf({ ...numbers, bins: wide, production: side(3) }).map(({ label }) => label),
    ['-1 or less', '0 to 99'],
  )
})

test('categories that the reference has not are flagged', () => {
  const { bins: _, ...rest } = numbers
  const bars = barsOf({
    ...rest,
    kind: 'categorical',
    production: side(50),
    categories: [
      { name: 'AA', reference: 100, production: 40 },
      { name: 'ZZ', reference: 0, production: 8 },
    ],
    others: { categories: 3, reference: 0, production: 2 },
  })
  assert.deepEqual(
    bars.map(({ label, kind, behind }) => [label, kind, behind]),
    [
      ['AA', 'category', { values: ['AA'] }],
      ['ZZ (new)', 'unseen', { values: ['ZZ'] }],
      ['3 others', 'others', undefined],
    ],
  )
  const [, interval] = differencesOption(bars, colours).series
  assert.equal(interval?.data.length, 9)
})

const windows = [4, 2, 1].map((month): MonitorWindow => ({
  at: `2026-0${month}-01T00:00:00.000Z`,
  value: month / 10,
  n: month === 1 ? 50 : 500,
  breached: month === 4,
  threshold: { upper: 0.3, from: 'constant' },
  chance: { mean: 0.01, q999: 0.02 },
  interval: { lower: 0, upper: 1, confidence: 0.95 },
}))

test('few rows are hollow, beyond is a diamond, and a window that is missing is a hole', () => {
  const lines = [{ name: 'distance', colour: 1, windows }]
  const { series } = windowOption({ lines, format: String, leastN: 200, tried: 0.25 }, colours)
  const points = series.at(-1) as unknown as {
    readonly data: readonly {
      value: [number, number | null]
      symbol?: string
      itemStyle?: { color: string }
    }[]
    readonly markLine: { readonly data: readonly { readonly yAxis?: number }[] }
  }
  assert.deepEqual(
    points.data.map(({ value: [, value], symbol, itemStyle }) => [value, symbol, itemStyle?.color]),
    [
      [0.1, 'circle', '#4'],
      [0.2, 'circle', '#a'],
      [0.4, 'diamond', '#a'],
    ],
  )
  assert.deepEqual(
    points.markLine.data.map(({ yAxis }) => yAxis),
    [0.25],
  )
  const far = [{ ...windows[0], at: '2026-09-01T00:00:00.000Z' } as MonitorWindow, ...windows]
  const [line] = windowOption(
    { lines: [{ name: 'x', colour: 1, windows: far }], format: String },
    colours,
  ).series.slice(-1) as unknown as readonly { readonly data: readonly { value: [number, number | null] }[] }[]
  assert.equal(line?.data.filter(({ value }) => value[1] === null).length, 1)
})

test('one window in between does not make gaps of all others', () => {
  assert.equal(usualStep([0, 10, 20, 21, 30]), 10)
  assert.equal(usualStep([5]), 86_400_000)
})

test('numbers of axes are round, and names are no HTML', () => {
  assert.deepEqual(['0.8000', '30.0 %', '0.0150', '200', '1.25 %'].map(plain), [
    '0.8',
    '30 %',
    '0.015',
    '200',
    '1.25 %',
  ])
  assert.equal(safe('<img src=x>&'), '&lt;img src=x&gt;&amp;')
})

test('a rule about a feature is YAML whatever the names are', () => {
  const yaml = ruleYaml(
    {
      monitor: 'flights',
      signal: 'my: signal',
      metric: 'jensen_shannon_distance',
      feature: 'yes',
      segment: { carrier: 'A"A' },
      below: false,
      threshold: undefined,
    },
    0.1,
  )
  assert.equal(
    yaml,
    `type: alert_rule
name: yes-jensen-shannon-distance
when:
  monitor: flights
  signal: "my: signal"
  metric: jensen_shannon_distance
  feature: "yes"
  segment:
    carrier: "A\\"A"
  above: 0.1
severity: warning
`,
  )
})
