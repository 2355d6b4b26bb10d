import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import type { TestApp } from '../../testing/app.ts'
import { testShell } from './io.ts'
import type { TestShell } from './io.ts'

describe('data import and data export', () => {
  let t: TestApp
  let shell: TestShell
  before(async () => {
    t = await startTestApp()
    shell = testShell({ url: t.app.platform.urls.http, token: t.token })
  })
  after(async () => {
    shell.end()
    await t.end()
  })

  test('are followed to their end, listed and shown', async () => {
    shell.write({
      'up/a.csv': 'id,name\n1,a\n2,b\n',
      'import.yml': `name: names
type: mltable
source:
  type: file_system
  path: azureml://datastores/workspaceblobstore/paths/up
incremental: { column: id }
`,
    })
    const made = await shell.run('data', 'create', '-n', 'raw', '-p', 'up', '--query', 'path', '-o', 'tsv')
    const path = made.out.trim()
    const imported = await shell.run(
      'data',
      'import',
      '-f',
      'import.yml',
      '--stream',
      '--set',
      `source.path=${path}`,
    )
    assert.equal(imported.code, 0, imported.err)
    assert.match(imported.err, /✓ names-\d{8}T\d{6}-[0-9a-f]{4} {2}Completed {2}2 rows {2}names:1\n$/)
    const again = await shell.run(
      'data',
      'import',
      '-f',
      'import.yml',
      '--stream',
      '--set',
      `source.path=${path}`,
    )
    assert.match(again.err, /Completed {2}nothing beyond 2 {2}names:1\n$/)
    const list = await shell.run(
      'data-import',
      'list',
      '--query',
      '[].[asset, status, progress.rows]',
      '-o',
      'json',
    )
    assert.deepEqual(JSON.parse(list.out), [
      ['names', 'Completed', 0],
      ['names', 'Completed', 2],
    ])
    const to = 'azureml://datastores/workspaceblobstore/paths/out/names.csv'
    const exported = await shell.run(
      'data',
      'export',
      '-n',
      'names',
      '--to',
      to,
      '--sql',
      'select name from data',
      '--stream',
    )
    assert.equal(exported.code, 0, exported.err)
    const [name = ''] = (await shell.run('data-export', 'list', '--query', '[].name', '-o', 'tsv')).out.split(
      '\n',
    )
    const shown = JSON.parse((await shell.run('data-export', 'show', '-n', name)).out)
    assert.deepEqual(
      [shown.target, shown.uris, shown.progress.rows],
      [{ type: 'file_system', path: to }, [to], 2],
    )
  })

  test('a failure is told with its reason and an exit code', async () => {
    const failed = await shell.run(
      'data',
      'export',
      '-n',
      'names',
      '--to',
      'azureml://datastores/workspaceblobstore/paths/x/',
      '--sql',
      'select nme from data',
      '--stream',
    )
    assert.equal(failed.code, 1)
    assert.match(failed.err, /Failed.*\n.*nme/s)
  })

  test('what is missing is asked for', async () => {
    assert.match((await shell.run('data', 'export', '-n', 'names')).err, /where to\?/)
    assert.match((await shell.run('data', 'export', '--to', 'x')).err, /what is to be exported\?/)
    shell.write({ 'bad.yml': 'name: x\nsource: { type: databse }\n' })
    assert.match((await shell.run('data', 'import', '-f', 'bad.yml')).err, /did you mean database/)
  })
})
