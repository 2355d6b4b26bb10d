import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { approvals } from '../../release/testing/people.ts'
import { startTestApp } from '../../testing/app.ts'
import type { TestApp } from '../../testing/app.ts'
import { testShell } from './io.ts'
import type { TestShell } from './io.ts'

describe('people and what they decide, from the command line', () => {
  let server: TestApp
  let shells: Readonly<Record<'root' | 'ana' | 'ben' | 'ci', TestShell>>
  const a = approvals(() => server)
  const shell = (token: string) => testShell({ url: server.app.platform.urls.http, token })
  const tokenFor = async (root: TestShell, name: string) =>
    (await root.run('user', 'add-token', '-n', name, '--query', 'token', '-o', 'tsv')).out.trim()
  before(async () => {
    server = await startTestApp()
    const root = shell(server.token)
    for (const argv of [
      ['user', 'create', '-n', 'ana', '--display-name', 'Ana Silva', '--mail', 'ana@example.org'],
      ['user', 'create', '-n', 'ben', '--mail', 'ben@example.org', '--identity', 'github:octocat'],
      ['role', 'assign', '--assignee', 'ana', '--role', 'ML Engineer'],
      ['role', 'assign', '--assignee', 'ben', '--role', 'Reader'],
    ]) {
      const ran = await root.run(...argv)
      assert.equal(ran.code, 0, ran.err)
    }
    const ci = await root.run('service-principal', 'create', '-n', 'ci', '--query', 'password', '-o', 'tsv')
    await root.run('role', 'assign', '--assignee', 'ci', '--role', 'ML Engineer')
    shells = {
      root,
      ana: shell(await tokenFor(root, 'ana')),
      ben: shell(await tokenFor(root, 'ben')),
      ci: shell(ci.out.trim()),
    }
  })
  after(async () => {
    for (const each of Object.values(shells)) each.end()
    await server.end()
  })

  test('a person is listed, keeps what is not said again, and is shut out', async () => {
    const { root } = shells
    await root.run('user', 'create', '-n', 'cy', '--mail', 'cy@example.org')
    const cy = shell(await tokenFor(root, 'cy'))
    const named = await root.run(
      'user',
      'create',
      '-n',
      'cy',
      '--display-name',
      'Cy',
      '--query',
      'mail',
      '-o',
      'tsv',
    )
    assert.equal(named.out.trim(), 'cy@example.org')
    assert.match(
      (await root.run('user', 'list', '-o', 'table')).out,
      /ana +Ana Silva +ana@example\.org +true/,
    )
    assert.equal((await root.run('user', 'disable', '-n', 'cy')).code, 0)
    assert.notEqual((await cy.run('workspace', 'show')).code, 0)
    assert.match((await root.run('user', 'sign-in-link', '-n', 'ana')).out, /\?otk=/)
    assert.equal((await root.run('user', 'delete', '-n', 'cy', '-y')).code, 0)
    cy.end()
  })

  test('a release is approved with a comment, and says what is still needed', async () => {
    const by = await a.person('dana', 'AzureML Data Scientist')
    await a.waiting('asked', { roles: ['ML Engineer'], count: 2, ci: true }, { by })
    const approved = await shells.ana.run('release', 'approve', 'asked/1', '-m', 'worth it')
    assert.equal(approved.code, 0, approved.err)
    assert.equal(approved.err, 'asked/1: approved it as ML Engineer: worth it (1 more is needed)\n')
    const refused = await shells.ben.run('release', 'approve', 'asked/1')
    assert.equal(refused.code, 1)
    assert.match(refused.err, /ben needs the role 'ML Engineer' at workspace 'dev'/)
    const ci = await shells.ci.run(
      'release',
      'approve',
      'asked',
      '--on-behalf-of',
      'github:octocat',
      '--run',
      'https://ci.example.org/7',
    )
    assert.equal(ci.err, 'asked/1: approved it as ML Engineer for ben in https://ci.example.org/7\n')
  })

  test('a refusal wants its reason', async () => {
    await a.waiting('refused', { roles: ['ML Engineer'] })
    assert.match((await shells.ana.run('release', 'refuse', 'refused/1')).err, /needs its reason/)
    const refused = await shells.ana.run('release', 'refuse', 'refused/1', '-m', 'ORD got worse')
    assert.equal(refused.err, 'refused/1: refused it as ML Engineer: ORD got worse\n')
  })

  test('somebody stands in until it is withdrawn', async () => {
    const { ana, ben } = shells
    const made = await ana.run(
      'release',
      'delegate',
      '--to',
      'ben',
      '--until',
      '7d',
      '--reason',
      'on holiday',
      '--query',
      'name',
      '-o',
      'tsv',
    )
    assert.equal(made.code, 0, made.err)
    assert.match(
      (await ben.run('release', 'delegations', '-o', 'table')).out,
      /Ana Silva +ben .+ true +on holiday/,
    )
    await a.waiting('stood-in', { roles: ['ML Engineer'] })
    assert.match((await ben.run('release', 'approve', 'stood-in/1')).err, /as ML Engineer for Ana Silva/)
    assert.equal((await ana.run('release', 'undelegate', '-n', made.out.trim())).code, 0)
    const bad = await ana.run('release', 'delegate', '--to', 'ben', '--until', 'soon', '--reason', 'x')
    assert.match(bad.err, /neither a time nor how long/)
  })

  test('what could not be delivered is listed and sent again', async () => {
    await shells.root.run('user', 'create', '-n', 'dee', '--mail', 'dee@example.org')
    await a.waiting('told', { roles: ['ML Engineer'], notify: ['boss@example.org'] })
    const { platform } = server.app
    const failed = async () =>
      platform.resources.list({ type: 'notices', where: { 'status.state': 'failed' } })
    const tail = platform.events.tail(0, AbortSignal.timeout(10_000))[Symbol.asyncIterator]()
    while ((await failed()).length === 0) await tail.next()
    const listed = await shells.root.run('notice', 'list', '--state', 'failed', '-o', 'table')
    assert.match(listed.out, /failed +boss@example\.org +Approve told:1 for production\?/)
    assert.match((await shells.root.run('notice', 'resend')).err, /1 sent again/)
  })
})
