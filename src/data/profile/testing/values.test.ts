import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { startLab, type ProfileLab } from './table.ts'

describe('what a profile makes of values', () => {
  let lab: ProfileLab
  before(async () => {
    lab = await startLab()
  })
  after(() => lab.end())

  const column = async (sql: string) => {
    const profile = await lab.profile({ data: sql })
    const [first] = profile.columns
    assert.ok(first !== undefined)
    return { ...first, codes: profile.warnings.map(({ code }) => code) }
  }

  test('NaN is missing, infinities are counted and left out', async () => {
    const { missing, numeric, codes, distinct } = await column(
      `select unnest([1.5, 2.5, 'nan'::double, 'inf'::double, '-inf'::double, null, 4.0]) as x`,
    )
    assert.deepEqual(missing, { count: 2, fraction: 2 / 7, nulls: 1, nans: 1, empty: 0 })
    assert.deepEqual([numeric?.min, numeric?.max, numeric?.infinite, numeric?.sum], [1.5, 4, 2, 8])
    assert.equal(distinct.count, 5)
    assert.ok(codes.includes('infinite'))
  })

  test('of a handful of rows nothing is said about columns that go together', async () => {
    const codes = async (rows: number) =>
      (await lab.profile({ data: `select i % 10 as i, 3 * (i % 10) as j from range(${rows}) t(i)` })).warnings
        .map(({ code }) => code)
        .includes('correlated')
    assert.deepEqual([await codes(5), await codes(50)], [false, true])
  })

  test('huge integers keep their digits where they are told one by one', async () => {
    const { top, numeric } = await column(
      `select 170141183460469231731687303715884105727::hugeint as x from range(3)`,
    )
    assert.equal(top[0]?.value, '170141183460469231731687303715884105727')
    assert.equal(numeric?.min, 1.7014118346046923e38)
  })

  test('the widest range there is has no histogram, and figures all the same', async () => {
    const { histogram, numeric } = await column(`select unnest([-1.7e308, 0, 1.7e308]) as x`)
    assert.equal(histogram, undefined)
    assert.deepEqual([numeric?.min, numeric?.quantiles.p50, numeric?.max], [-1.7e308, 0, 1.7e308])
  })

  test('any doubles can be profiled, also beside others and for a target', async () => {
    const doubles = fc.array(fc.oneof(fc.double(), fc.constantFrom(1e308, -1e308, 5e-324, -0)), {
      minLength: 2,
      maxLength: 12,
    })
    const rows = (values: readonly number[]) =>
      `select unnest([${values.map((v) => `'${v}'::double`).join(', ')}]) as x, unnest(range(${values.length})) as y`
    await fc.assert(
      fc.asyncProperty(doubles, doubles, async (values, others) => {
        const profile = await lab.profile({ data: rows(values), before: rows(others) }, { target: 'y' })
        assert.equal(profile.rows, values.length)
      }),
      { numRuns: 25, seed: 3 },
    )
  })

  test('one row, and no row, are profiles', async () => {
    const { numeric, semanticType } = await column('select 5 as x')
    assert.equal(semanticType, 'constant')
    assert.deepEqual([numeric?.mean, numeric?.std, numeric?.skewness], [5, null, null])
    const none = await column('select 5 as x where false')
    assert.deepEqual([none.numeric?.mean, none.distinct.count, none.codes], [null, 0, ['empty_table']])
    const kinds = (await lab.profile({ data: "select 5 as n, 'a' as s, true as b where false" })).columns
    assert.deepEqual(
      kinds.map((c) => c.semanticType),
      ['numeric', 'text', 'boolean'],
      'without rows a column is no constant',
    )
    const nothing = await column('select null::varchar as x from range(9)')
    assert.ok(nothing.codes.includes('empty_column'))
    const { duplicateRows, notes } = await lab.profile({ data: 'select 5 as x where false' })
    assert.deepEqual([duplicateRows, notes], [{ count: 0, exact: true }, []])
  })

  test('identifiers are told from amounts, codes and prose', async () => {
    const kinds = async (sql: string) =>
      (await lab.profile({ data: sql })).columns.map((c) => [c.name, c.semanticType])
    const words = `['lorem', 'ipsum', 'dolor', 'sit', 'amet']`
    assert.deepEqual(
      await kinds(`select i as row_id, i * 7919 % 1000 + i / 1000 as amount, (i % 4)::integer as code, (i % 2)::integer as flag,
        md5(i::varchar) as hash, array_to_string([${words}[1 + i % 5], ${words}[1 + (i // 5) % 5], 'number', i::varchar], ' ') as remark,
        ['red', 'green'][1 + i % 2] as colour, ['yes', 'no'][1 + i % 2] as agreed, date '2020-01-01' + i::integer as day, [i] as list
        from range(1000) t(i)`),
      [
        ['row_id', 'identifier'],
        ['amount', 'numeric'],
        ['code', 'categorical'],
        ['flag', 'boolean'],
        ['hash', 'identifier'],
        ['remark', 'text'],
        ['colour', 'categorical'],
        ['agreed', 'boolean'],
        ['day', 'datetime'],
        ['list', 'nested'],
      ],
    )
  })

  test('texts are told by their lengths, shapes and what they read as', async () => {
    const { text, codes } = await column(
      `select unnest(['AB123', 'CD456', 'ABCDEFGH', ' x', '', '12', '2020-01-31', 'ä漢😀', 'a@b.org']) as x`,
    )
    assert.deepEqual([text?.minLength, text?.maxLength, text?.padded], [0, 10, 1])
    assert.deepEqual(text?.patterns[0], { pattern: 'AA999', count: 2 })
    assert.ok(text?.patterns.some(({ pattern }) => pattern === 'A…'))
    assert.deepEqual(text?.reads, { numbers: 1, dates: 1, booleans: 0, emails: 1, urls: 0, uuids: 0 })
    assert.ok(codes.includes('mixed_types') && codes.includes('empty_text') && codes.includes('padded'))
  })

  test('numbers that came as text are pointed at', async () => {
    const { codes } = await column(`select (i * 1.5)::varchar as x from range(100) t(i)`)
    assert.ok(codes.includes('numbers_as_text'))
  })

  test('times are told by range, grain, gaps and future', async () => {
    const { datetime, histogram } = await column(
      `select timestamp '2025-12-01' + interval (i) day as x from range(40) t(i) where i not between 10 and 14`,
    )
    assert.deepEqual([datetime?.min, datetime?.max], ['2025-12-01T00:00:00', '2026-01-09T00:00:00'])
    assert.deepEqual([datetime?.granularity, datetime?.future], ['day', 8])
    assert.deepEqual(datetime?.gaps, {
      unit: 'day',
      missing: 5,
      longest: [{ from: '2025-12-11T00:00:00', to: '2025-12-15T00:00:00', units: 5 }],
    })
    assert.equal(
      histogram?.counts.reduce((a, b) => a + b, 0),
      35,
    )
  })

  test('names that would break SQL are names', async () => {
    const names = ['a"b', "it's", 'ä 漢字 😀', '; drop table data; --', '$1', 'select']
    const sql = names.map((name, i) => `${i} + j as "${name.replaceAll('"', '""')}"`).join(', ')
    const profile = await lab.profile({ data: `select ${sql} from range(30) t(j)` }, { target: "it's" })
    assert.deepEqual(
      profile.columns.map(({ name }) => name),
      names,
    )
    assert.equal(profile.target?.features.length, 0)
  })

  test('duplicate rows are counted, and copies of columns found', async () => {
    const { duplicateRows, warnings } = await lab.profile({
      data: `select i % 50 as a, i % 50 as b, (i % 50)::varchar as c from range(120) t(i)`,
    })
    assert.deepEqual(duplicateRows, { count: 70, exact: true })
    assert.ok(warnings.some(({ code, column: of }) => code === 'equal_columns' && of === 'b'))
  })

  test('a sample is the same whenever it is taken', async () => {
    const data = `select i as k, (i * 7919 % 10007) as a, (i * 104729 % 10007) as b from range(50_000) t(i)`
    const [one, other] = [
      await lab.profile({ data }, { sample: 2000 }),
      await lab.profile({ data: `${data} order by a` }, { sample: 2000 }),
    ]
    assert.ok(one.associations.sampled && one.associations.rows > 1000 && one.associations.rows < 3000)
    assert.equal(one.associations.rows, other.associations.rows)
    assert.match(one.notes.join(), /50,000 rows, chosen by a hash/)
  })

  test('quantiles of very many values are exact, however they lie', async () => {
    const n = 300_001
    for (const sql of [
      'i * 1.0::double',
      'exp(i / 20_000)',
      'case when i = 0 then 1e18 else i::double end',
    ]) {
      const { numeric } = await column(`select ${sql} as x from range(${n}) t(i)`)
      const values = await lab.session([], (session) =>
        session.all(
          `select quantile_cont(x, [0.01, 0.5, 0.99]) from (select ${sql} as x from range(${n}) t(i))`,
        ),
      )
      assert.deepEqual(
        [numeric?.quantiles.p1, numeric?.quantiles.p50, numeric?.quantiles.p99],
        values.rows[0]?.[0],
        sql,
      )
    }
  })
})
