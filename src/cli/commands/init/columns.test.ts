import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { pose, type Problem } from './columns.ts'
import { parseCsv } from './csv.ts'
import { makeSample } from './sample.ts'

/** A table of 60 rows, each column a function of the row's number. */
const tableOf = (columns: Readonly<Record<string, (i: number) => string | number | boolean>>) =>
  parseCsv(
    [
      Object.keys(columns).join(','),
      ...Array.from({ length: 60 }, (_, i) =>
        Object.values(columns)
          .map((value) => value(i))
          .join(','),
      ),
    ].join('\n'),
  )
const named = (problem: Problem, kind: string) =>
  problem.features.filter((c) => c.kind === kind).map(({ name }) => name)

describe('what is predicted from what', () => {
  const features = { size: (i: number) => (i * 7) % 13, site: (i: number) => ['a', 'b', ''][i % 3] ?? '' }

  for (const [what, target, task, positive] of [
    ['true and false', (i: number) => i % 3 === 0, 'classification', 'true'],
    ['no and yes', (i: number) => (i % 3 === 0 ? 'yes' : 'no'), 'classification', 'yes'],
    ['0 and 1', (i: number) => i % 2, 'classification', '1'],
    ['two words: the rarer', (i: number) => (i % 3 === 0 ? 'late' : 'early'), 'classification', 'late'],
    ['a few words', (i: number) => ['a', 'b', 'c'][i % 3] ?? '', 'multiclass', undefined],
    ['a few whole numbers', (i: number) => i % 5, 'multiclass', undefined],
    ['many numbers', (i: number) => i * 1.5, 'regression', undefined],
  ] as const)
    test(`${what} are a ${task}`, () => {
      const problem = pose(tableOf({ ...features, y: target }), 'y', undefined)
      assert.equal(problem.task, task)
      assert.equal(problem.positive, positive)
    })

  test('a few whole numbers are a quantity where that is asked for', () =>
    assert.equal(pose(tableOf({ ...features, y: (i) => i % 5 }), 'y', 'regression').task, 'regression'))

  test('kinds are those that pandas reads', () => {
    const problem = pose(
      tableOf({
        ...features,
        ratio: (i) => (i % 4 === 0 ? 'NA' : i / 7),
        is_new: (i) => i % 2 === 0,
        maybe: (i) => (i % 5 === 0 ? '' : i % 2 === 0),
        y: (i) => i % 2,
      }),
      'y',
      undefined,
    )
    assert.deepEqual(named(problem, 'number'), ['size', 'ratio'])
    assert.deepEqual(named(problem, 'flag'), ['is_new'])
    assert.deepEqual(named(problem, 'category'), ['site', 'maybe'])
  })

  test('what tells nothing, or names the rows, is left out with its reason', () => {
    const { ignored } = pose(
      tableOf({
        ...features,
        id: (i) => i + 1,
        code: (i) => `c${i}`,
        when: (i) => `2026-01-${String((i % 28) + 1).padStart(2, '0')}`,
        same: () => 'x',
        empty: () => '',
        y: (i) => i % 2,
      }),
      'y',
      undefined,
    )
    assert.deepEqual(
      ignored.map(({ name, why }) => `${name}: ${why}`),
      [
        'id: it names the rows',
        'code: it names the rows',
        'when: it is a time: make features of it in prep.py',
        'same: it is always the same',
        'empty: it is empty',
      ],
    )
  })

  test('data from which nothing can be learnt are refused', () => {
    const few = parseCsv('a,y\n1,0\n2,1\n')
    assert.throws(() => pose(few, 'y', undefined), /only 2 rows have a y: 50 are the fewest/)
    assert.throws(() => pose(few, 'z', undefined), /there is no column z/)
    assert.throws(() => pose(tableOf({ ...features, y: () => 3 }), 'y', undefined), /y is always 3/)
    assert.throws(
      () => pose(tableOf({ ...features, y: (i) => `w${i % 3}` }), 'y', 'regression'),
      /y is no number/,
    )
    assert.throws(
      () => pose(tableOf({ ...features, y: (i) => i }), 'y', 'classification'),
      /60 different values/,
    )
    assert.throws(() => pose(tableOf({ a: () => 1, y: (i) => i % 2 }), 'y', undefined), /no column is left/)
  })
})

describe('the sample', () => {
  for (const task of ['classification', 'regression'] as const)
    test(`of a ${task} is the same every time, and is one`, () => {
      const { csv, target } = makeSample(task)
      assert.equal(makeSample(task).csv, csv)
      const problem = pose(parseCsv(csv), target, undefined)
      assert.equal(problem.task, task)
      assert.deepEqual(problem.ignored, [{ name: 'machine', why: 'it names the rows' }])
    })
})
