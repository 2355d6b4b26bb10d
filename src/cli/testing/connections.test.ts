import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import type { TestApp } from '../../testing/app.ts'
import { testShell } from './io.ts'
import type { TestShell } from './io.ts'

describe('connections from the command line', () => {
  let server: TestApp
  let shell: TestShell
  before(async () => {
    server = await startTestApp()
    shell = testShell({ url: server.app.platform.urls.http, token: server.token })
    shell.write({
      'sales.yml':
        'name: sales-db\ntype: postgresql\ntarget: postgresql://db:5432/sales\n' +
        'credentials: {type: username_password, username: reader, password: geheim}\n',
      'feed.yml': 'name: feed\ntype: python_feed\ntarget: https://feed/simple\n',
      'wrong.yml': 'name: x\ntype: postgres_sql\ntarget: y\ncredentials: {type: password}\n',
    })
  })
  after(async () => {
    shell.end()
    await server.end()
  })

  test('is made, shown without its secrets, changed and deleted', async () => {
    const made = await shell.run('connection', 'create', '-f', 'sales.yml')
    assert.equal(made.code, 0, made.err)
    assert.equal((await shell.run('connection', 'create', '-f', 'sales.yml')).code, 0, 'twice as once')
    assert.equal((await shell.run('connection', 'create', '-f', 'feed.yml')).code, 0)
    const shown = JSON.parse((await shell.run('connection', 'show', '-n', 'sales-db')).out)
    assert.deepEqual(
      [shown.type, shown.target, shown.credentials],
      ['postgresql', 'postgresql://db:5432/sales', { type: 'username_password', username: 'reader' }],
    )
    assert.doesNotMatch(made.out, /geheim/)
    const listed = await shell.run('connection', 'list', '-o', 'table')
    assert.match(listed.out, /sales-db +postgresql +postgresql:\/\/db:5432\/sales +username_password/)
    assert.match(listed.out, /feed +python_feed +https:\/\/feed\/simple +none/)
    const changed = await shell.run('connection', 'update', '-n', 'sales-db', '--set', 'metadata.owner=me')
    assert.deepEqual(JSON.parse(changed.out).metadata, { owner: 'me' })
    const moved = await shell.run(
      'connection',
      'update',
      '-n',
      'sales-db',
      '--set',
      'target=postgresql://x/y',
    )
    assert.match(moved.err, /give them again for the new target/)
    assert.equal((await shell.run('connection', 'delete', '-n', 'sales-db', '-y')).code, 0)
    assert.match((await shell.run('connection', 'show', '-n', 'sales-db')).err, /sales-db/)
  })

  test('a file with mistakes is told all of them', async () => {
    const { code, err } = await shell.run('connection', 'create', '-f', 'wrong.yml')
    assert.equal(code, 1)
    assert.match(err, /did you mean postgresql\?/)
    assert.match(err, /credentials.type: "password" is not one of/)
  })
})
