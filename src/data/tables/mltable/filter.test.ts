import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileFilter, ExpressionError } from './filter.ts'

const columns = ['a', 'b', 'a b', 'Quoted "name"']

for (const [expression, sql] of [
  ['col("a") > 5', `("a" > 5)`],
  [`col('a') == 'it\\'s' and b != 1.5e3`, `(("a" = 'it''s') and ("b" != 1.5e3))`],
  ['not (a < 1 or b >= 2) and a <= 3', `((not (("a" < 1) or ("b" >= 2))) and ("a" <= 3))`],
  ['a + 1 * -2 > b % 3', `(("a" + (1 * (-2))) > ("b" % 3))`],
  ['col("a b").is_null()', `("a b" is null)`],
  ['is_null(b)', `("b" is null)`],
  ['b is not None', `("b" is not null)`],
  ['a not in [1, 2]', `("a" not in (1, 2))`],
  ['b.startswith("x")', `starts_with("b", 'x')`],
  ['A == True', `("a" = true)`],
  ['a > datetime(2020, 1, 31)', `("a" > make_timestamp(2020, 1, 31, 0, 0, 0))`],
  [`col("Quoted \\"name\\"") == "'; drop table x --"`, `("Quoted ""name""" = '''; drop table x --')`],
] as const)
  test(`${expression} is SQL`, () => assert.equal(compileFilter(expression, columns), sql))

for (const [expression, message, offset] of [
  ['', /the expression ends where a column, a value or a bracket is expected/, 0],
  ['a >', /the expression ends/, 3],
  ['a = 1', /'=' is written ==/, 2],
  ['a > 1 & b > 1', /'&' is written and/, 6],
  ['a > 1 b', /'b' stands where and, or, a comparison or the end is expected/, 6],
  ['col("c") > 1', /there is no column 'c'/, 4],
  ['col("a  b") > 1', /did you mean 'a b'\?/, 4],
  ['col(a) > 1', /expected$/, 4],
  ['a.startwith("x")', /there is no function startwith; did you mean startswith\?/, 2],
  ['a.startswith()', /takes 1 more value/, 2],
  ['read_text("/etc/passwd")', /there is no function read_text/, 0],
  ['a > 1; drop', /';' has no meaning here/, 5],
  ['datetime(2020) > a', /datetime takes/, 0],
] as const)
  test(`${expression} is refused at its place`, () => {
    assert.throws(
      () => compileFilter(expression, columns),
      (error) => error instanceof ExpressionError && message.test(error.message) && error.offset === offset,
    )
  })

test('no text makes SQL of anything but columns, literals and the known functions', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'a',
      'col("a")',
      '"',
      "'",
      '\\',
      ';',
      '--',
      '(',
      ')',
      'select',
      'and',
      '==',
      '1',
      '.',
      ' ',
      '/*',
    ),
    fc.string({ maxLength: 3 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      try {
        const sql = compileFilter(pieces.join(''), columns)
        const bare = sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, 'x')
        assert.match(
          bare,
          /^[x\d\s().,=!<>+\-*/%eE]*(?:(?:and|or|not|in|is|null|true|false|make_timestamp|starts_with|ends_with|contains)[x\d\s().,=!<>+\-*/%eE]*)*$/,
        )
        assert.ok(!bare.includes('--') || /-\(-|\(-/.test(bare))
      } catch (error) {
        assert.ok(error instanceof ExpressionError, String(error))
      }
    }),
  )
})

test('neither words of JavaScript nor brackets without end are an expression', () => {
  for (const expression of ['constructor(a)', 'a.toString()', '__proto__(a, a)'])
    assert.throws(() => compileFilter(expression, columns), /there is no function/)
  for (const expression of [
    '('.repeat(50_000),
    `a in ${'['.repeat(50_000)}`,
    `${'is_null('.repeat(50_000)}a`,
  ])
    assert.throws(() => compileFilter(expression, columns), /more than 100 brackets are open here/)
  assert.equal(compileFilter(`${'not '.repeat(50_001)}a`, columns), '(not "a")')
})
