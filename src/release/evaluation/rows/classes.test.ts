import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { classAnswers, filled } from './answers.ts'
import { classesOf, taskOf, type Known } from './classes.ts'
import type { Values } from './table.ts'

const numbers = (...values: readonly number[]): Values => ({
  kind: 'numbers',
  values: Float64Array.from(values),
})
const texts = (...values: readonly (string | null)[]): Values => ({ kind: 'texts', values })
const known = (
  labels: Values,
  predictions: Values,
  classes: Known['models'][0]['classes'] = null,
): Known => ({
  labels,
  models: [{ predictions, classes }],
})

describe('what kind of task labels and predictions tell of', () => {
  const many = Array.from({ length: 40 }, (_, i) => i * 1.5)
  const cases: readonly (readonly [string, Known, string])[] = [
    ['texts', known(texts('a', 'b'), texts('a', 'b')), 'binary'],
    ['three texts', known(texts('a', 'b', 'c'), texts('a', 'b', 'c')), 'multiclass'],
    ['truth values against 0 and 1', known(texts('true', 'false'), numbers(0, 1)), 'binary'],
    ['0 and 1', known(numbers(0, 1), numbers(0, 1)), 'binary'],
    ['0 and 1, predicted as probabilities', known(numbers(0, 1), numbers(0.2, 0.9)), 'binary'],
    ['few whole numbers, predicted as such', known(numbers(1, 2, 3), numbers(1, 2, 3)), 'multiclass'],
    ['few whole numbers, predicted in between', known(numbers(1, 2, 3), numbers(1.1, 2.7, 3)), 'regression'],
    ['whole numbers with probabilities', known(numbers(3, 4, 5), numbers(3, 4, 5), [3, 4, 5]), 'multiclass'],
    ['many numbers', known(numbers(...many), numbers(...many)), 'regression'],
  ]
  for (const [name, given, task] of cases) test(name, () => assert.equal(taskOf(given), task))
})

describe('classes', () => {
  const binary = (given: Known, positive?: string | number | boolean) => classesOf('binary', given, positive)

  test('are the same however they were stored, the positive one last', () => {
    const mixed = binary(known(texts('true', 'false'), numbers(0, 1), [0, 1]))
    assert.deepEqual(mixed.names, ['false', 'true'])
    assert.deepEqual(
      [mixed.code(1), mixed.code('True'), mixed.code(false), mixed.code(7)],
      [1, 1, 0, Number.NaN],
    )
    assert.deepEqual(binary(known(texts('yes', 'no'), texts('no'))).names, ['no', 'yes'])
    assert.deepEqual(binary(known(texts('good', 'bad'), texts('good', 'bad')), 'bad').names, ['good', 'bad'])
    assert.deepEqual(classesOf('multiclass', known(numbers(10, 9, 2), numbers(2)), undefined).names, [
      '2',
      '9',
      '10',
    ])
  })

  test('are refused where there is one, where there are more, and where the positive one is none', () => {
    assert.throws(() => binary(known(texts('a', 'a'), texts('a', 'b'))), /All 2 rows have the label 'a'/)
    assert.throws(
      () => binary(known(texts('a', 'b', 'c'), texts('a'))),
      /said to be binary, and there are 3 classes: a, b, c/,
    )
    assert.throws(
      () => binary(known(texts('paid', 'lost'), texts('paid')), 'payd'),
      /'payd' \(positive\) is none of the classes lost, paid\. Did you mean 'paid'\?/,
    )
  })

  test('of a model that speaks of others than the data are refused, for every answer would count as wrong', () => {
    const apart =
      /The labels are no, yes, and what the model says is false, true: they have no class in common/
    assert.throws(() => binary(known(texts('no', 'yes'), texts('false', 'true'))), apart)
    assert.throws(
      () => classesOf('multiclass', known(texts('no', 'yes'), numbers(0, 1), [false, true]), undefined),
      apart,
    )
    assert.deepEqual(binary(known(texts('no', 'yes'), texts('yes', 'yes'))).names, ['no', 'yes'])
  })

  test('true and false are the positive class and the other, where it is said which it is', () => {
    const given = known(texts('no', 'yes'), texts('false', 'true'), [false, true])
    assert.equal(taskOf(given, 'no'), 'binary')
    const classes = binary(given, 'no')
    assert.deepEqual(classes.names, ['yes', 'no'])
    assert.deepEqual(
      [classes.code(true), classes.code('False'), classes.code('no'), classes.code('yes')],
      [1, 0, 1, 0],
    )
    assert.equal(taskOf(known(texts('no', 'yes'), texts('no', 'yes')), 'yes'), 'binary')
  })

  test('come of probabilities, of a threshold, or of the model', () => {
    const labels = texts('no', 'yes', 'yes', 'no')
    const classes = binary(known(labels, texts('no', 'yes')))
    const facts = { rows: 4, failed: 0, errors: [], notes: [] }
    const columns = [Float64Array.of(0.9, 0.4, 0.45, 0.8), Float64Array.of(0.1, 0.6, 0.55, 0.2)]
    const raw = {
      facts: { ...facts, classes: ['no', 'yes'] },
      predictions: texts('no', 'yes', 'yes', 'no'),
      probabilities: columns,
    }
    const own = classAnswers('binary', raw, classes, undefined)
    assert.deepEqual([...own.predictions], [0, 1, 1, 0])
    assert.deepEqual([...(own.scores ?? [])], [0.1, 0.6, 0.55, 0.2])
    assert.deepEqual([...classAnswers('binary', raw, classes, 0.6).predictions], [0, 1, 0, 0])
    const turned = { ...raw, facts: { ...facts, classes: ['yes', 'no'] } }
    assert.deepEqual(
      [...(classAnswers('binary', turned, classes, undefined).scores ?? [])],
      [0.9, 0.4, 0.45, 0.8],
    )
    const scored = {
      facts: { ...facts, classes: null },
      predictions: numbers(0.2, 0.5, 0.7, Number.NaN),
      probabilities: [],
    }
    const decided = classAnswers('binary', scored, classes, undefined)
    assert.deepEqual([...decided.predictions], [0, 1, 1, Number.NaN])
    assert.equal(decided.failed, 1)
    const foreign = classAnswers(
      'binary',
      { ...scored, predictions: texts('no', 'perhaps', 'yes', 'no') },
      classes,
      undefined,
    )
    assert.deepEqual(
      [foreign.failed, foreign.notes],
      [1, ['Predictions that are no class count as errors: perhaps.']],
    )
  })

  test('that are missing count for the champion and against the candidate', () => {
    const answers = {
      predictions: Float64Array.of(0, Number.NaN, 1),
      scores: Float64Array.of(0.1, Number.NaN, 0.8),
      failed: 1,
      errors: [],
      notes: [],
    }
    const labels = Float64Array.of(0, 1, 1)
    const right = filled(answers, labels, 2, 'right')
    assert.deepEqual(
      [[...right.predictions], [...(right.scores ?? [])]],
      [
        [0, 1, 1],
        [0.1, 1, 0.8],
      ],
    )
    const wrong = filled(answers, labels, 2, 'wrong')
    assert.deepEqual(
      [[...wrong.predictions], [...(wrong.scores ?? [])]],
      [
        [0, 0, 1],
        [0.1, 0, 0.8],
      ],
    )
    const three = {
      ...answers,
      scores: Float64Array.of(1, 0, 0, Number.NaN, Number.NaN, Number.NaN, 0, 1, 0),
    }
    assert.deepEqual([...(filled(three, labels, 3, 'wrong').scores ?? [])], [1, 0, 0, 0, 0, 1, 0, 1, 0])
    assert.ok(Number.isNaN(filled(answers, labels, 0, 'wrong').predictions[1]))
  })
})
