import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { UserError } from '../../kernel/errors.ts'
import { experiments, loggedModels, modelVersions, runs } from './entities.ts'
import { parseFilter, parseOrderBy } from './parse.ts'

const brief = (text: string, entity = runs) =>
  parseFilter(entity, text).map((c) => [c.field.kind, c.field.key, c.comparator, c.value])

test('every form of a field, an operator and a value is understood', () => {
  const cases: [string, unknown[]][] = [
    ['metrics.auc > 0.5', [['metric', 'auc', '>', 0.5]]],
    ['metric.`a b` <= -1e-3', [['metric', 'a b', '<=', -0.001]]],
    ['metrics."m/1" != .5', [['metric', 'm/1', '!=', 0.5]]],
    ["params.depth = '3'", [['param', 'depth', '=', '3']]],
    ['parameters.depth LIKE "3%"', [['param', 'depth', 'LIKE', '3%']]],
    ["tags.mlflow.parentRunId = 'r'", [['tag', 'mlflow.parentRunId', '=', 'r']]],
    ["tag.`mlflow.user` iLiKe 'A%'", [['tag', 'mlflow.user', 'ILIKE', 'A%']]],
    ['tags.x IS NULL', [['tag', 'x', 'IS NULL', null]]],
    ['params.x is   not null', [['param', 'x', 'IS NOT NULL', null]]],
    ["status = 'FINISHED'", [['attribute', 'status', '=', 'FINISHED']]],
    ["attributes.`Run name` = 'a'", [['attribute', 'run_name', '=', 'a']]],
    ['attr.Created>=5', [['attribute', 'start_time', '>=', 5]]],
    ["run_id IN ('a','b')", [['attribute', 'run_id', 'IN', ['a', 'b']]]],
    ["run_id not  in ( 'a' )", [['attribute', 'run_id', 'NOT IN', ['a']]]],
    ["dataset.context = 'train'", [['dataset', 'context', '=', 'train']]],
    [
      "metrics.a > 1 and params.b = 'and' AND tags.c != ''",
      [
        ['metric', 'a', '>', 1],
        ['param', 'b', '=', 'and'],
        ['tag', 'c', '!=', ''],
      ],
    ],
    ["params.q = 'it''s'", [['param', 'q', '=', "it's"]]],
    ['', []],
    ['   ', []],
  ]
  for (const [text, expected] of cases) assert.deepEqual(brief(text), expected, text)
  assert.deepEqual(brief('version_number >= 2', modelVersions), [['attribute', 'version_number', '>=', 2]])
  assert.deepEqual(brief("model_id IN ('m-1')", loggedModels), [['attribute', 'model_id', 'IN', ['m-1']]])
})

test('a wrong filter says where and what was expected', () => {
  const cases: [string, RegExp][] = [
    ['metrics.auc', /position 11: expected a comparison operator after 'auc', found its end/],
    ['metrics.auc >', /expected a number, since metric 'auc' is numeric, found its end/],
    ["metrics.auc > '1'", /expected a number/],
    ["metrics.auc LIKE 'a'", /expected one of >, >=, =, !=, <, <= after the metric 'auc'/],
    ['params.depth = 3', /expected a value in quotes/],
    ["params.depth > '3'", /expected one of =, !=, LIKE, ILIKE/],
    ["params.depth = 'a", /quote ' that opens here is never closed/],
    ['metrics.a > 1 OR metrics.b > 1', /expected AND or the end, found 'OR metrics.b > 1'/],
    ['metrics.a > 1 AND', /expected a comparison after AND/],
    ['(metrics.a > 1)', /expected a field such as metrics.accuracy/],
    ['metrcs.a > 1', /'metrcs' is no kind of field; did you mean 'metrics.a'\?/],
    ["stats = 'x'", /runs have no attribute 'stats'; did you mean 'status'\?/],
    ["status IN ('a')", /expected one of/],
    ['run_id IN ()', /expected a value in quotes/],
    ["run_id IN ('a'", /expected ',' or '\)'/],
    ["dataset.nme = 'a'", /did you mean 'name'\?/],
  ]
  for (const [text, message] of cases)
    assert.throws(
      () => parseFilter(runs, text),
      (error) => error instanceof UserError && error.kind.status === 400 && message.test(error.message),
      text,
    )
  assert.throws(() => parseFilter(experiments, 'metrics.a > 1'), /experiments cannot be searched by metrics/)
})

test('an ordering names a field once, and one that can be ordered by', () => {
  const [first, second] = parseOrderBy(runs, ['metrics.`a b` desc', 'start_time'])
  assert.deepEqual([first?.field.key, first?.descending, second?.descending], ['a b', true, false])
  assert.throws(() => parseOrderBy(runs, ['metrics.a', 'metrics.a DESC']), /duplicate/)
  assert.throws(() => parseOrderBy(runs, ['metrics.a sideways']), /expected ASC, DESC or the end/)
  assert.throws(() => parseOrderBy(runs, ['dataset.name']), /cannot order runs by 'name'/)
  assert.throws(() => parseOrderBy(modelVersions, ['run_id']), /cannot order/)
})

test('what is quoted comes back, whatever it is', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 })
  fc.assert(
    fc.property(
      text.filter((k) => k !== ''),
      text,
      (key, value) => {
        const filter = `tags.\`${key.replaceAll('`', '``')}\` = '${value.replaceAll("'", "''")}'`
        assert.deepEqual(brief(filter), [['tag', key, '=', value]])
      },
    ),
  )
})

test('any text is a filter or a bad request, and never anything else', () => {
  const words = [
    'metrics',
    '.',
    'a',
    ' ',
    '>',
    '=',
    "'",
    '"',
    '`',
    '(',
    ')',
    ',',
    '1',
    'AND',
    'IN',
    'LIKE',
    'IS NULL',
  ]
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 12 }), (parts) => {
      try {
        parseFilter(runs, parts.join(''))
      } catch (error) {
        assert.ok(error instanceof UserError && error.kind.status === 400)
      }
    }),
  )
})
