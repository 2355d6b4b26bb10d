import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { dataTable } from '../output/data-table.ts'
import { testShell, type TestShell } from './io.ts'

let t: TestApp
let shell: TestShell

before(async () => {
  t = await startTestApp()
  shell = testShell({ url: t.app.platform.urls.http, token: t.token })
  shell.write({
    'flights.csv': 'carrier,delay,note\nAA,1.5,"x, ""y"""\nUA,NaN,\nB6,-3,"line\nbreak"\n',
    'zones.json': '[{"carrier":"AA","zone":1}]',
    'bad.csv': 'a,b\n1\n',
    'count.sql': 'select count(*) as n from flights',
  })
  await shell.run('data', 'create', '-n', 'flights', '-p', 'flights.csv')
})
after(async () => {
  shell.end()
  await t.end()
})

describe('data preview', () => {
  test('shows rows with the types of their columns', async () => {
    const { out, err } = await shell.run('data', 'preview', 'flights')
    assert.equal(
      out,
      [
        'carrier   delay  note',
        'varchar  double  varchar',
        'AA          1.5  x, "y"',
        'UA          NaN  null',
        'B6           -3  line⏎break',
        '',
      ].join('\n'),
    )
    assert.match(err, /^3 rows of csv, 1 file, \d+ bytes, in/)
  })

  test('takes a version, a label, a local file, and some columns', async () => {
    for (const argv of [
      ['-n', 'flights', '-v', '1'],
      ['-n', 'flights', '-l', 'latest'],
      ['-f', 'flights.csv'],
      ['flights:1'],
      ['azureml:flights@latest'],
    ]) {
      const { out, err } = await shell.run(
        'data',
        'preview',
        ...argv,
        '--rows',
        '1',
        '--columns',
        'delay',
        '-o',
        'csv',
      )
      assert.equal(out, 'delay\n1.5\n', err)
      assert.match(err, /the first 1 row /)
    }
  })

  for (const [argv, code, message] of [
    [['bad.csv'], 1, /bad\.csv:2 has 1 field where 2 are expected/],
    [['nope.csv'], 1, /there is no nope\.csv/],
    [['nope'], 1, /nope/],
    [[], 2, /which data\?/],
    [['flights', '-n', 'flights'], 2, /which data\?/],
    [['flights', '--columns', 'dely'], 1, /Did you mean 'delay'\?/],
  ] as const)
    test(`${argv.join(' ')}: refused`, async () => {
      const ran = await shell.run('data', 'preview', ...argv)
      assert.equal(ran.code, code)
      assert.match(ran.err, message)
      assert.equal(ran.out, '')
    })
})

describe('data query', () => {
  const ask = (...argv: readonly string[]) => shell.run('data', 'query', ...argv)

  test('answers in every format', async () => {
    const sql = 'select carrier, note from flights where delay < 2 order by 1'
    assert.equal((await ask(sql, '-o', 'csv')).out, 'carrier,note\nAA,"x, ""y"""\nB6,"line\nbreak"\n')
    assert.deepEqual(JSON.parse((await ask(sql, '-o', 'json')).out), [
      { carrier: 'AA', note: 'x, "y"' },
      { carrier: 'B6', note: 'line\nbreak' },
    ])
    assert.match((await ask(sql, '-o', 'yaml')).out, /^- carrier: AA\n/)
    assert.equal(
      (await ask('select carrier, delay from flights where note is null', '-o', 'tsv')).out,
      'UA\tNaN\n',
    )
    assert.equal((await ask(sql, '--query', '[0].carrier', '-o', 'tsv')).out, 'AA\n')
  })

  test('of a file, and of local data by a name', async () => {
    assert.equal((await ask('-f', 'count.sql', '-o', 'csv')).out, 'n\n3\n')
    const joined = 'select zone from flights:1 join zones using (carrier)'
    assert.equal((await ask(joined, '--table', 'zones=zones.json', '-o', 'csv')).out, 'zone\n1\n')
  })

  test('says where a question is wrong', async () => {
    const { code, err } = await ask('select carier from flights')
    assert.equal(code, 1)
    assert.match(err, /Did you mean 'carrier'\?\n\nLINE 1: select carier from flights\n {15}\^/)
    assert.equal((await ask()).code, 2)
    assert.equal((await ask('select 1', '--table', 'x')).code, 2)
  })
})

test('a table keeps to its width', () => {
  const columns = ['id', 'text', 'a', 'b', 'c'].map((name) => ({
    name,
    type: name === 'text' ? 'VARCHAR' : 'BIGINT',
  }))
  const rows = [[1, `${'日本'.repeat(9)} and more`, 100_000_000_000, 2, null]]
  const text = dataTable({ columns, rows }, 42, (_, plain) => plain)
  assert.equal(
    text,
    [
      '    id  text                             a',
      'bigint  varchar                     bigint',
      '     1  日本日本日本日本日…   100000000000',
      '2 more columns: b, c',
      '',
    ].join('\n'),
  )
  assert.equal(
    dataTable({ columns: [], rows: [] }, 40, (_, plain) => plain),
    '\n\n',
  )
})
