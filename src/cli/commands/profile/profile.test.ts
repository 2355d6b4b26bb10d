import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Profile } from '../../../data/profile/profile.ts'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { testShell, type TestShell } from '../../testing/io.ts'
import { columnsOf, fit, visible, wrap } from './text.ts'
import { profileView, spark } from './view.ts'

describe('data profile', () => {
  let server: TestApp
  let shell: TestShell
  before(async () => {
    server = await startTestApp()
    shell = testShell({ url: server.app.platform.urls.http, token: server.token })
    const rows = (from: number) =>
      Array.from({ length: 200 }, (_, i) => `${i},${['AA', 'UA', 'DL'][i % 3]},${from + i * 2},${i % 2}`)
    shell.write({
      'first.csv': `id,carrier,fare,late\n${rows(0).join('\n')}\n`,
      'second.csv': `id,carrier,fare,late\n${rows(300).join('\n')}\n`,
    })
    for (const file of ['first.csv', 'second.csv']) {
      const { code, err } = await shell.run('data', 'create', '-n', 'trips', '-t', 'uri_file', '-p', file)
      assert.equal(code, 0, err)
    }
  })
  after(async () => {
    shell.end()
    await server.end()
  })

  test('tells of the latest version, a line for each column', async () => {
    const { code, out, err } = await shell.run('data', 'profile', '-n', 'trips')
    assert.equal(code, 0, err)
    assert.match(out, /^trips 2 · 200 rows · 4 columns · /)
    assert.match(out, /^fare +number +[▁▂▃▄▅▆▇█]+ +· +200 +300 … 698$/m)
    assert.match(out, /^carrier +category +█+ +· +3 +AA 34 % · UA 34 % · DL 33 %$/m)
    assert.match(out, /'id' looks like an identifier/)
  })

  test('takes an asset as a word, as other commands do', async () => {
    for (const [word, version] of [
      ['trips:1', 1],
      ['azureml:trips:1', 1],
      ['trips', 2],
      ['trips@latest', 2],
    ]) {
      const { out, err } = await shell.run('data', 'profile', String(word))
      assert.match(out, new RegExp(`^trips ${version} · `), err)
    }
    assert.match((await shell.run('data', 'profile')).err, /which data\?/)
    assert.match((await shell.run('data', 'profile', 'trips:1', '-n', 'trips')).err, /which data\?/)
    assert.match((await shell.run('data', 'profile', './first.csv')).err, /'.\/first.csv' is no asset/)
  })

  test('tells all of it as data', async () => {
    const { out } = await shell.run('data', 'profile', '-n', 'trips', '-v', '1', '-o', 'json')
    const profile = JSON.parse(out) as Profile
    assert.deepEqual([profile.rows, profile.source.version, profile.columns.length], [200, '1', 4])
    const picked = await shell.run(
      'data',
      'profile',
      '-n',
      'trips',
      '-v',
      '1',
      '--query',
      'columns[].name',
      '-o',
      'tsv',
    )
    assert.equal(picked.out, 'id\ncarrier\nfare\nlate\n')
  })

  test('compares, looks at a target, and writes the page', async () => {
    const line = [
      'data',
      'profile',
      '-n',
      'trips',
      '--target',
      'late',
      '--against',
      '1',
      '--report',
      'report.html',
    ]
    const { code, out, err } = await shell.run(...line)
    assert.equal(code, 0, err)
    assert.match(out, /What tells of late \(AUC of each column alone\)/)
    assert.match(out, /Against trips 1 \(200 rows\)/)
    assert.match(out, /^fare +2\.\d+ .* drifted$/m)
    assert.equal(err, 'report in report.html\n')
    assert.match(
      readFileSync(join(shell.folder, 'report.html'), 'utf8'),
      /^<!doctype html>[\s\S]*trips[\s\S]*<\/html>/i,
    )
  })

  test('says what is wrong', async () => {
    const wrong = async (...flags: string[]) => shell.run('data', 'profile', '-n', 'trips', ...flags)
    const column = await wrong('--target', 'lat')
    assert.equal(column.code, 1)
    assert.match(column.err, /There is no column 'lat'.*Did you mean 'late'\?/)
    assert.match((await wrong('--against', '7')).err, /has no version '7'/)
    assert.match((await wrong('-v', '9')).err, /'9'/)
    assert.match((await wrong('--report', 'no/such/folder.html')).err, /cannot be written/)
  })

  test('fits its terminal and keeps its cursor', async () => {
    const { out } = await shell.run('data', 'profile', '-n', 'trips', '-o', 'json')
    const profile = JSON.parse(out) as Profile
    const [first, ...others] = profile.columns
    assert.ok(first !== undefined)
    const hostile = {
      ...profile,
      columns: [{ ...first, name: '\u001B[31m漢字漢字漢字漢字漢字漢字\nx' }, ...others],
    }
    for (const width of [60, 80, 140]) {
      const lines = profileView(hostile, { width, mark: (_, text) => text }).split('\n')
      for (const line of lines) assert.ok(columnsOf(line) <= width, `${columnsOf(line)} > ${width}: ${line}`)
      assert.ok(!lines.join('').includes('\u001B'))
    }
  })

  test('cuts and wraps by what a terminal shows', () => {
    assert.equal(fit('漢字漢字', 5), '漢字…')
    assert.equal(fit('ab', 4, 'right'), '  ab')
    assert.equal(visible('a\u001Bb\u0007c\u202Ed'), 'a␛b␇c␡d')
    assert.deepEqual(wrap('one two three', 7), ['one two', 'three'])
    assert.equal(spark([0, 1, 100]), ' ▁█')
  })
})
