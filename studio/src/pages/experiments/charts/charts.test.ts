import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Run } from '../../../api/runs.ts'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { boxOption } from './box-option.ts'
import { boxesOf, categoriesOf } from './boxes.ts'
import { parallelOption } from './run-options.ts'

const colours: Colours = { series: ['blue', 'orange'], text: '', muted: '', line: '', page: '', bad: '' }
const run = (
  id: number,
  value: number | undefined,
  booster?: string,
  tags: Record<string, string> = {},
): Run => ({
  info: { run_id: `r${id}`, experiment_id: '1', status: 'FINISHED' },
  data: {
    metrics: value === undefined ? [] : [{ key: 'auc', value, step: 0, timestamp: 0 }],
    params: booster === undefined ? [] : [{ key: 'booster', value: booster }],
    tags: Object.entries(tags).map(([key, text]) => ({ key, value: text })),
  },
})

test('a category has a box from five values on, and all its points where they are few', () => {
  const runs = [
    ...[1, 2, 3, 4, 5, 100].map((value, i) => run(i, value, '10')),
    ...[1, 2].map((value, i) => run(10 + i, value, '9')),
    ...Array.from({ length: 80 }, (_, i) => run(100 + i, i === 0 ? 900 : i % 10, 'many')),
    run(20, undefined, '9'),
    run(21, Number.NaN, '9'),
    run(22, 1),
  ]
  const { categories, missing, left } = boxesOf(runs, 'auc', 'param.booster')
  assert.deepEqual(
    categories.map(({ name, n, points }) => [name, n, points.length]),
    [
      ['9', 2, 2],
      ['10', 6, 6],
      ['many', 80, 1],
    ],
  )
  assert.deepEqual([missing, left], [3, { categories: 0, n: 0 }])
  // Quartiles of type 7, as NumPy has them; 100 lies beyond 4.75 + 1.5 · 2.5.
  assert.deepEqual(categories[1]?.box, { low: 1, q1: 2.25, q3: 4.75, high: 5 })
  assert.equal(categories[0]?.box, undefined)
  const { series } = boxOption({ categories, missing, left }, 'auc', colours)
  assert.deepEqual(series[0]?.data[0], { value: [] })
  assert.equal(series[1]?.data.length, 9)
})

test('rare categories beyond the twelve most common are counted, not drawn', () => {
  const runs = Array.from({ length: 40 }, (_, i) => run(i, i, i < 26 ? `c${i % 13}` : 'c0'))
  const { categories, left } = boxesOf(runs, 'auc', 'param.booster')
  assert.deepEqual([categories.length, left], [12, { categories: 1, n: 2 }])
})

test('offered are parameters and own tags of a few values each', () => {
  const runs = Array.from({ length: 30 }, (_, i) =>
    run(i, i, ['a', 'b'][i % 2], {
      'mlflow.runName': `x${i % 2}`,
      team: String(i % 3),
      id: String(i),
      same: 's',
    }),
  )
  assert.deepEqual(categoriesOf(runs), ['param.booster', 'tag.team'])
})

test('parallel axes may be categories, and their better end has the first colour', () => {
  const axes = [
    { name: 'lr', isLogarithmic: true },
    { name: 'booster', categories: ['a', 'b'] },
    { name: 'loss' },
  ]
  const { parallelAxis, visualMap } = parallelOption(
    [
      [0.1, 'a', 3],
      [0.01, 'b', 1],
    ],
    axes,
    colours,
    true,
  )
  assert.deepEqual(
    parallelAxis.map(({ name, type }) => [name, type]),
    [
      ['lr (log)', 'log'],
      ['booster', 'category'],
      ['loss', 'value'],
    ],
  )
  assert.deepEqual([visualMap.min, visualMap.max, visualMap.inRange.color], [1, 3, ['blue', 'orange']])
})
