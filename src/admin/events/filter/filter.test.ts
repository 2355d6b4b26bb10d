import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { filterSchema, matches } from './filter.ts'

const event = {
  id: 'e1',
  type: 'Microsoft.MachineLearningServices.RunCompleted',
  subject: 'jobs/Plucky_heron',
  source: '/subscriptions/s/workspaces/dev',
  time: new Date('2026-11-23T10:00:00Z'),
  data: {
    runStatus: 'Failed',
    count: 7,
    ok: false,
    nothing: null,
    tags: ['a', 'B'],
    run: { type: 'Command' },
  },
}
const holds = (filter: object, of: Partial<typeof event> = {}) =>
  matches(filterSchema.parse(filter), { ...event, ...of })
const one = (operatorType: string, key: string, more: object = {}, rest: object = {}) =>
  holds({ advancedFilters: [{ operatorType, key, ...more }], ...rest })

describe('filters of event subscriptions', () => {
  test('types and subjects, in any case unless it is said', () => {
    assert.ok(holds({}))
    assert.ok(holds({ includedEventTypes: ['microsoft.machinelearningservices.runcompleted'] }))
    assert.ok(!holds({ includedEventTypes: ['Twinloop.AlertFired'] }))
    assert.ok(holds({ subjectBeginsWith: 'JOBS/', subjectEndsWith: 'heron' }))
    assert.ok(!holds({ subjectBeginsWith: 'JOBS/', isSubjectCaseSensitive: true }))
  })

  test('writes of resources are told of only where they are asked for, and subscriptions never of themselves', () => {
    const type = 'Microsoft.Resources.ResourceWriteSuccess'
    assert.ok(!holds({}, { type }))
    assert.ok(holds({ includedEventTypes: [type] }, { type }))
    const subject = '/workspaces/dev/providers/Twinloop/eventSubscriptions/ops'
    assert.ok(!holds({ includedEventTypes: [type] }, { type, subject }))
  })

  const cases: readonly [string, string, object, boolean][] = [
    ['StringIn', 'data.runStatus', { values: ['failed', 'Canceled'] }, true],
    ['StringIn', 'data.runStatus', { values: ['Completed'] }, false],
    ['StringNotIn', 'data.runStatus', { values: ['Completed'] }, true],
    ['StringNotIn', 'data.missing', { values: ['x'] }, true],
    ['StringIn', 'data.missing', { values: ['x'] }, false],
    ['StringBeginsWith', 'subject', { values: ['jobs/'] }, true],
    ['StringNotBeginsWith', 'subject', { values: ['jobs/'] }, false],
    ['StringEndsWith', 'type', { values: ['Completed', 'Started'] }, true],
    ['StringNotEndsWith', 'type', { values: ['Started'] }, true],
    ['StringContains', 'Data.Run.Type', { values: ['comm'] }, true],
    ['StringNotContains', 'data.run.type', { values: ['pipe'] }, true],
    ['NumberGreaterThan', 'data.count', { value: 6 }, true],
    ['NumberGreaterThan', 'data.count', { value: 7 }, false],
    ['NumberGreaterThanOrEquals', 'data.count', { value: 7 }, true],
    ['NumberLessThan', 'data.count', { value: 7 }, false],
    ['NumberLessThanOrEquals', 'data.count', { value: 7 }, true],
    ['NumberLessThan', 'data.runStatus', { value: 7 }, false],
    ['NumberIn', 'data.count', { values: [1, 7] }, true],
    ['NumberNotIn', 'data.count', { values: [1, 7] }, false],
    [
      'NumberInRange',
      'data.count',
      {
        values: [
          [0, 3],
          [5, 9],
        ],
      },
      true,
    ],
    ['NumberNotInRange', 'data.count', { values: [[5, 9]] }, false],
    ['BoolEquals', 'data.ok', { value: false }, true],
    ['BoolEquals', 'data.ok', { value: true }, false],
    ['IsNullOrUndefined', 'data.nothing', {}, true],
    ['IsNullOrUndefined', 'data.missing', {}, true],
    ['IsNotNull', 'data.nothing', {}, false],
    ['IsNotNull', 'data.missing', {}, false],
    ['IsNotNull', 'data.count', {}, true],
  ]
  for (const [operator, key, given, expected] of cases)
    test(`${operator} ${key} ${JSON.stringify(given)}`, () =>
      assert.equal(one(operator, key, given), expected))

  test('of lists any item may fit, and none may be what it is not to be', () => {
    const lists = { enableAdvancedFilteringOnArrays: true }
    assert.ok(one('StringIn', 'data.tags', { values: ['b'] }, lists))
    assert.ok(!one('StringNotIn', 'data.tags', { values: ['b'] }, lists))
    assert.ok(!one('StringIn', 'data.tags', { values: ['b'] }))
  })

  test('all filters have to hold', () => {
    const [a, b] = [
      { operatorType: 'StringIn', key: 'data.runStatus', values: ['Failed'] },
      { operatorType: 'NumberGreaterThan', key: 'data.count', value: 10 },
    ]
    assert.ok(!holds({ advancedFilters: [a, b] }))
  })

  test('what is none is refused with the nearest', () => {
    const issue = (filter: object) => filterSchema.safeParse(filter).error?.issues[0]?.message ?? ''
    assert.match(
      issue({ advancedFilters: [{ operatorType: 'StringInn', key: 'a', values: ['x'] }] }),
      /did you mean StringIn/,
    )
    assert.equal(
      issue({ advancedFilters: [{ operatorType: 'StringIn', key: 'a' }] }),
      'StringIn needs values',
    )
    assert.equal(
      issue({ advancedFilters: [{ operatorType: 'NumberLessThan', key: 'a', values: [1] }] }),
      'NumberLessThan needs value',
    )
  })
})
