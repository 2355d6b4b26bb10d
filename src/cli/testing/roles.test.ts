import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import type { TestApp } from '../../testing/app.ts'
import { testShell } from './io.ts'
import type { TestShell } from './io.ts'

describe('who may do what, from the command line', () => {
  let server: TestApp
  let shell: TestShell
  before(async () => {
    server = await startTestApp()
    shell = testShell({ url: server.app.platform.urls.http, token: server.token })
  })
  after(async () => {
    shell.end()
    await server.end()
  })

  test('a program gets an identity, a role twice as once, and loses both', async () => {
    const made = await shell.run('service-principal', 'create', '-n', 'ci')
    assert.equal(made.code, 0, made.err)
    const { password, principal_id } = JSON.parse(made.out) as Record<string, string>
    const may = async () =>
      (
        await server.send('GET', `${server.workspace}/jobs`, undefined, {
          authorization: `Bearer ${password}`,
        })
      ).status
    assert.equal(await may(), 403)
    for (const _ of [1, 2]) {
      const given = await shell.run('role', 'assign', '--assignee', 'ci', '--role', 'Reader')
      assert.equal(given.code, 0, given.err)
    }
    assert.equal(await may(), 200)
    const roles = await shell.run(
      'role',
      'list',
      '--query',
      `[?principal_id=='${principal_id}'] | length(@)`,
      '-o',
      'tsv',
    )
    assert.equal(roles.out.trim(), '1')
    const named = await shell.run('role', 'list', '--query', '[].[principal, role]', '-o', 'tsv')
    assert.match(named.out, /^ci\tReader$/m)
    assert.equal((await shell.run('role', 'unassign', '--assignee', 'ci', '--role', 'Reader', '-y')).code, 0)
    assert.equal(await may(), 403)
    assert.equal((await shell.run('service-principal', 'delete', '-n', 'ci', '-y')).code, 0)
    assert.equal(await may(), 401)
  })

  test('a role that does not exist is refused with the nearest one', async () => {
    const refused = await shell.run('role', 'assign', '--assignee', 'ci', '--role', 'Contributer')
    assert.equal(refused.code, 1)
    assert.match(refused.err, /Did you mean 'Contributor'/)
  })
})
