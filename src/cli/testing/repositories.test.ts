import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { testShell, type TestShell } from './io.ts'

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

const secret = 'nobody guesses this one'
const file = `type: repository
name: flights
url: https://github.com/acme/flights
rules:
  - { on: push, branches: [main], component: azureml:train@latest, inputs: { commit: "\${{event.commit}}" } }
`

describe('twinloop repository', () => {
  test('is made by a file and a secret, and says what its host is to call', async () => {
    shell.write({
      'train.yml':
        '$schema: commandComponent.schema.json\ntype: command\nname: train\nversion: "1"\ncommand: echo ${{inputs.commit}}\nenvironment: { image: x }\ninputs: { commit: { type: string } }\n',
    })
    assert.equal((await shell.run('component', 'create', '-f', 'train.yml')).code, 0)
    shell.write({ 'repository.yml': file })
    const made = await shell.run('repository', 'create', '-f', 'repository.yml', '--set', `secret=${secret}`)
    assert.equal(made.code, 0, made.err)
    const shown = JSON.parse(made.out) as Record<string, unknown>
    assert.match(String(shown['webhook_url']), /\/webhooks\/github$/)
    assert.equal(shown['host'], 'github')
    assert.doesNotMatch(made.out, /nobody guesses/)
    // Again without the secret: it stays.
    assert.equal((await shell.run('repository', 'create', '-f', 'repository.yml')).code, 0)
    const body = JSON.stringify({ zen: 'x', repository: { html_url: 'https://github.com/acme/flights' } })
    const answer = await fetch(`${t.app.platform.urls.http}/webhooks/github`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'ping',
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
      body,
    })
    assert.equal(answer.status, 202)
    const { deliveries } = (await answer.json()) as { readonly deliveries: readonly { delivery: string }[] }
    const id = `${t.workspace}/providers/Twinloop/repositories/flights/deliveries/${deliveries[0]?.delivery}`
    await t.until(id, (p) => p['state'] === 'ignored')
    const listed = await shell.run(
      'repository',
      'deliveries',
      '-n',
      'flights',
      '--query',
      '[].[state, reason]',
      '-o',
      'tsv',
    )
    assert.equal(listed.out.trim(), 'ignored\tGitHub tries the webhook')
    assert.equal((await shell.run('repository', 'reports', '-n', 'flights')).out.trim(), '[]')
    assert.match(
      (await shell.run('repository', 'list', '-o', 'table')).out,
      /flights +https:\/\/github\.com\/acme\/flights +github +1/,
    )
  })

  test('shows mistakes in rules at their places', async () => {
    shell.write({ 'wrong.yml': `${file.replace('branches', 'brunches')}  - { on: psuh, release: plan }\n` })
    const { code, err } = await shell.run('validate', 'wrong.yml')
    assert.equal(code, 1)
    assert.match(err, /wrong\.yml:5:17 {2}brunches is not a field of a rule\n[^]*did you mean branches\?/)
    assert.match(err, /wrong\.yml:6:11 {2}on is not one of push, tag, pull_request/)
  })

  test('that is not there is said so, with the nearest', async () => {
    const { code, err } = await shell.run('repository', 'deliveries', '-n', 'fligths')
    assert.equal(code, 1)
    assert.match(err, /fligths.*flights/s)
  })
})

test('a role is given on several workspaces by a file', async () => {
  for (const name of ['staging', 'production']) await shell.run('workspace', 'create', '-n', name)
  shell.write({
    'ci.yml': 'type: role_assignment\nassignee: ci\nrole: Contributor\nworkspaces: [staging, production]\n',
  })
  for (let i = 0; i < 2; i++)
    assert.equal((await shell.run('service-principal', 'create', '-n', 'ci', '--no-password')).code, 0)
  for (let i = 0; i < 2; i++) {
    const given = await shell.run('role', 'assign', '-f', 'ci.yml', '--query', '[].role', '-o', 'tsv')
    assert.equal(given.out.trim(), 'Contributor\nContributor', given.err)
  }
  const listed = await shell.run(
    'role',
    'list',
    '-w',
    'production',
    '--query',
    "[?principal=='ci'].role",
    '-o',
    'tsv',
  )
  assert.equal(listed.out.trim(), 'Contributor')
  const principals = await shell.run('service-principal', 'list', '--query', '[].passwords', '-o', 'tsv')
  assert.equal(principals.out.trim(), '0')
  const added = await shell.run(
    'service-principal',
    'add-password',
    '-n',
    'ci',
    '--query',
    'password',
    '-o',
    'tsv',
  )
  assert.ok(added.out.trim().length > 20)
  assert.equal((await shell.run('role', 'assign')).code, 2)
})

test('status waits for a server to be ready', async () => {
  const { code, out } = await shell.run('status', '--wait')
  assert.equal(code, 0)
  assert.equal((JSON.parse(out) as { state: string }).state, 'ready')
  const none = testShell({ url: 'http://127.0.0.1:9', token: 'x' })
  const late = await none.run('status', '--wait', '--timeout', '1')
  none.end()
  assert.equal(late.code, 1)
  assert.match(late.err, /not ready after 1 s\n.*TWINLOOP_URL is http:\/\/127\.0\.0\.1:9/)
})
