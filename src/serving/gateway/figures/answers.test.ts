import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { differenceBin, differenceEnds, distance, valueBin, valuesOf } from './answers.ts'
import { compare } from './comparison.ts'

describe('what an answer holds', () => {
  const cases: [string, string, unknown][] = [
    ["Azure's list", '[0.25, 1]', [0.25, 1]],
    ['text in text', '"[1]"', ['[1]']],
    ["MLflow's predictions", '{"predictions": [[0.1, 0.9], [1, 0]]}', [0.1, 0.9, 1, 0]],
    ['classes', '{"predictions": ["late", null, true]}', ['late', null, true]],
    ['tensors', '{"model_name": "m", "outputs": [{"name": "p", "data": [1, 2]}]}', [1, 2]],
    ['columns', '{"predictions": [{"score": 1, "class": "a"}]}', [1, 'a']],
    ['no JSON', 'NaN', undefined],
  ]
  for (const [what, body, expected] of cases) test(what, () => assert.deepEqual(valuesOf(body), expected))

  test('of a long answer only the beginning', () => {
    assert.equal(valuesOf(JSON.stringify(Array.from({ length: 5000 }, (_, i) => i)))?.length, 2000)
  })
})

test('answers are apart by their largest difference, classes infinitely, and other shapes not at all', () => {
  assert.equal(distance([1, 2], [1, 2]), 0)
  assert.equal(distance([1, 2], [1.5, 1]), 1)
  assert.equal(distance(['a'], ['b']), Infinity)
  assert.equal(distance([null], [1]), Infinity)
  assert.equal(distance([1], [1, 2]), undefined)
  assert.equal(distance([1], ['1']), undefined)
})

test('bins of differences hold what is as far apart as their end', () => {
  assert.equal(differenceBin(0), 0)
  assert.equal(differenceBin(1e-9), 0)
  for (const [bin, end] of differenceEnds.entries()) assert.equal(differenceBin(end), bin)
  assert.equal(differenceBin(Infinity), differenceEnds.length)
})

test('bins of numbers are in their order, close ones together', () => {
  const values = [-1000, -3, -1, -0.5, -0.001, 0, 0.003, 0.005, 0.5, 0.999, 1, 1.5, 2, 1e6]
  const bins = values.map((value) => Number(valueBin(value).slice(2)))
  assert.deepEqual(
    bins.toSorted((a, b) => a - b),
    bins,
  )
  assert.equal(valueBin(0.0001), valueBin(0.004))
  assert.equal(valueBin('late'), 'c:late')
})

test('samples are counted by deployment, and pairs compared', () => {
  const found = compare([
    { arm: 'blue', body: '[0.5]' },
    { arm: 'blue', body: '[0.5]', shadow: { arm: 'green', body: '[0.75]' } },
    { arm: 'blue', body: '[0.5]', shadow: { arm: 'green', body: '{"error": "none"}' } },
    { arm: 'blue', body: 'plain', shadow: { arm: 'green', body: 'plain' } },
  ])
  assert.deepEqual(found, {
    arms: { blue: { 'n:100': 3 }, green: { 'n:150': 1, 'c:none': 1 } },
    compared: 3,
    unlike: 1,
    apart: [0.25, 0],
  })
})
