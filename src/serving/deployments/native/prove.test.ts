import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Case, proveCases } from './prove.ts'

const body = (data: unknown[][]) => JSON.stringify({ input_data: { columns: ['x'], data } })
const one = (x: unknown, answer: unknown): Case => ({
  body: body([[x]]),
  answer: answer === undefined ? null : JSON.stringify([answer]),
})

/** What the candidate answers to a row; undefined where it leaves it to Python. */
const prove = (
  cases: readonly Case[],
  answer: (x: unknown) => unknown,
  classes: readonly unknown[] = [],
  scores: readonly number[] = [],
) =>
  proveCases(cases, {
    answer: (text) => {
      const { input_data } = JSON.parse(text) as { input_data: { data: [unknown][] } }
      const said = input_data.data.map(([x]) => answer(x))
      return Promise.resolve(said.includes(undefined) ? undefined : JSON.stringify(said))
    },
    scores: () => Promise.resolve([scores]),
    classes,
  })

describe('a proof', () => {
  test('counts rows, those left to Python, and the largest difference', async () => {
    const cases = [one(1, [0.25, 0.75]), one(2, [0.5, 0.5]), one('bad', undefined)]
    const found = await prove(cases, (x) =>
      x === 'bad' ? undefined : x === 1 ? [0.250001, 0.749999] : [0.5, 0.5],
    )
    assert.equal(found.problem, undefined)
    assert.deepEqual([found.rows, found.leftToPython], [2, 1])
    assert.ok(Math.abs(found.maxDifference - 1e-6) < 1e-12)
  })

  test('fails where a number differs by more than 1e-5 of its size', async () => {
    const differ = async (expected: number, found: number) =>
      (await prove([one(1, expected), one(2, expected)], () => found)).problem
    assert.equal(await differ(1e6, 1e6 + 5), undefined)
    assert.match(
      (await differ(1e6, 1e6 + 50)) ?? '',
      /for the row \[1\] Python answers 1000000 and it 1000050/,
    )
    // Predictions that are all small are not let off for being small.
    assert.match((await differ(1e-8, 2e-8)) ?? '', /Python answers 1e-8/)
    assert.match((await differ(0.5, Number.NaN)) ?? '', /and it null/)
  })

  test('labels may differ only where their scores are tied', async () => {
    const classes = ['no', 'yes']
    const cases = [one(1, 'no')]
    const tied = await prove(cases, () => 'yes', classes, [0.5, 0.5 + 1e-9])
    assert.equal(tied.problem, undefined)
    const apart = await prove(cases, () => 'yes', classes, [0.4999, 0.5001])
    assert.match(apart.problem ?? '', /Python answers "no" and it "yes"/)
  })

  test('fails where Python raises an error and it answers', async () => {
    const found = await prove([one(1, 1), one('bad', undefined)], () => 1)
    assert.match(found.problem ?? '', /Python raises an error for the row \["bad"\]/)
  })

  test('fails where most rows would be left to Python', async () => {
    const found = await prove([one(1, 1), one(2, 1), one(3, 1)], (x) => (x === 1 ? 1 : undefined))
    assert.match(found.problem ?? '', /leaves 2 of 3 rows to Python/)
  })
})
