import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { ownPython, useOwnPython } from '../../../testing/own-python.ts'
import { addGate } from '../../testing/gates.ts'
import type { DeliveryStatus } from './deliveries.ts'

const secret = 'a secret that nobody guesses'
const commit = '1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b'
const url = 'https://github.com/acme/flights'
addGate('looks')

let t: TestApp
before(async () => {
  t = await startTestApp()
  useOwnPython(t.home)
  await ok('PUT', `${t.workspace}/components/train/versions/1`, {
    properties: {
      componentSpec: {
        $schema: 'https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json',
        type: 'command',
        name: 'train',
        version: '1',
        command: 'echo ${{inputs.commit}} > ${{outputs.out}}/commit.txt',
        environment: ownPython,
        inputs: { commit: { type: 'string' } },
        outputs: { out: { type: 'uri_folder' } },
      },
    },
  })
})
after(() => t.end())

async function ok(method: string, path: string, body?: unknown) {
  const answer = await t.send(method, path, body)
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}
const repositoryId = (name: string) => `${t.workspace}/providers/Twinloop/repositories/${name}`
const component = 'azureml:train@latest'
const inputs = { commit: '${{event.commit}}' }

/** Calls a webhook as its host does: without the administrator's token. */
async function call(host: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await t.app.fetch(
    new Request(`http://127.0.0.1/webhooks/${host}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
    }),
  )
  // oxlint-disable-next-line typescript/no-explicit-any -- what a test expects of a body, it asserts
  return { status: response.status, body: (await response.json()) as any }
}
const sign = (text: string, by = secret) => `sha256=${createHmac('sha256', by).update(text).digest('hex')}`
const fromGithub = (event: string, body: object, by = secret) => {
  const text = JSON.stringify(body)
  return call('github', text, {
    'x-github-event': event,
    'x-github-delivery': `d-${Math.random()}`,
    'x-hub-signature-256': sign(text, by),
  })
}
const repository = { html_url: url, clone_url: `${url}.git`, full_name: 'acme/flights' }
const pushOf = (ref: string, more: object = {}) => ({
  ref,
  after: commit,
  repository,
  commits: [{ id: commit, added: [], modified: ['mlops/train/pipeline.yml'], removed: [] }],
  ...more,
})
const settled = async (repositoryName: string, delivery: string) =>
  (await t.until(
    `${repositoryId(repositoryName)}/deliveries/${delivery}`,
    (p) => p['state'] !== undefined && p['state'] !== 'pending',
  )) as unknown as DeliveryStatus

describe('calls of GitHub', () => {
  before(async () => {
    await ok('PUT', repositoryId('flights'), {
      properties: {
        url,
        secret,
        rules: [
          { name: 'retrain', on: 'push', branches: ['main'], paths: ['mlops/**'], component, inputs },
          { name: 'try', on: 'pull_request', component, inputs },
        ],
      },
    })
  })

  test('start what a rule says, as a job of that commit, under the rights of who wrote the rule', async () => {
    const { status, body } = await fromGithub('push', pushOf('refs/heads/main'))
    assert.equal(status, 202, JSON.stringify(body))
    assert.deepEqual(
      body.deliveries.map((d: { repository: string; state: string }) => [d.repository, d.state]),
      [['flights', 'accepted']],
    )
    const { state, started = [] } = await settled('flights', body.deliveries[0].delivery)
    assert.equal(state, 'done', JSON.stringify(started))
    const job = await t.until(started[0]?.id ?? '', (p) => p['status'] === 'Completed')
    assert.equal((job['properties'] as Record<string, string>)['mlflow.source.git.commit'], commit)
    assert.equal(job['submittedBy'], 'administrator')
    assert.equal(job['experimentName'], 'flights-retrain')
  })

  test('that are repeated do nothing, also under another number', async () => {
    const body = pushOf('refs/heads/main', { pushed: 'once' })
    const [first, again] = [await fromGithub('push', body), await fromGithub('push', body)]
    assert.equal(first.body.deliveries[0].state, 'accepted')
    assert.equal(again.status, 202)
    assert.equal(again.body.deliveries[0].state, 'known already')
    assert.equal(again.body.deliveries[0].delivery, first.body.deliveries[0].delivery)
    // Twenty at once are one.
    const race = pushOf('refs/heads/main', { pushed: 'twenty times' })
    const answers = await Promise.all(Array.from({ length: 20 }, () => fromGithub('push', race)))
    assert.equal(answers.filter(({ body }) => body.deliveries[0].state === 'accepted').length, 1)
    await settled('flights', answers[0]?.body.deliveries[0].delivery)
  })

  test('that a killed server had begun to act on start nothing a second time', async () => {
    const { body } = await fromGithub('push', pushOf('refs/heads/main', { pushed: 'before the kill' }))
    const name: string = body.deliveries[0].delivery
    const before = await settled('flights', name)
    const jobs = async () => (await t.send('GET', `${t.workspace}/jobs`)).body.value.length
    const made = await jobs()
    // Killed after the job was made, before that was written down: the next server finds it so.
    const id = `${repositoryId('flights')}/deliveries/${name}`
    await t.app.platform.resources.setStatus(id.toLowerCase(), { state: 'pending', started: null })
    assert.deepEqual((await settled('flights', name)).started, before.started)
    assert.equal(await jobs(), made)
  })

  test('try a commit of a pull request once, and none of a fork', async () => {
    const proposal = (action: string, from: string) => ({
      action,
      number: 7,
      repository,
      pull_request: {
        head: { sha: commit, ref: 'faster', repo: { full_name: from } },
        base: { ref: 'main' },
      },
    })
    const jobs: (string | undefined)[] = []
    for (const action of ['opened', 'reopened']) {
      const { body } = await fromGithub('pull_request', proposal(action, 'acme/flights'))
      jobs.push((await settled('flights', body.deliveries[0].delivery)).started?.[0]?.id)
    }
    assert.match(jobs[0] ?? '', /\/jobs\/flights-try-1a2b3c4d5e6f-pr-7$/)
    assert.equal(jobs[1], jobs[0])
    const { body } = await fromGithub('pull_request', proposal('opened', 'mallory/flights'))
    const { state, reason } = await settled('flights', body.deliveries[0].delivery)
    assert.deepEqual([state, reason], ['ignored', 'no rule is about it'])
  })

  test('that nothing is about are kept with the reason', async () => {
    for (const [event, body, reason] of [
      ['ping', { zen: 'Keep it simple.', repository }, 'GitHub tries the webhook'],
      ['push', pushOf('refs/heads/dev'), 'no rule is about it'],
      ['push', { ...pushOf('refs/heads/main'), after: '0'.repeat(40) }, 'refs/heads/main was deleted'],
      ['issues', { action: 'opened', repository }, 'a issues starts nothing'],
    ] as const) {
      const answer = await fromGithub(event, body)
      assert.equal(answer.status, 202)
      const found = await settled('flights', answer.body.deliveries[0].delivery)
      assert.deepEqual([found.state, found.reason], ['ignored', reason])
    }
  })

  test('a form is read, whose signature is of the form', async () => {
    const form = new URLSearchParams({
      payload: JSON.stringify({ zen: 'As a form.', repository }),
    }).toString()
    const answer = await call('github', form, {
      'content-type': 'application/x-www-form-urlencoded',
      'x-github-event': 'ping',
      'x-hub-signature-256': sign(form),
    })
    assert.equal(answer.status, 202)
  })

  test('by whoever does not know the secret are told nothing', async () => {
    const known = pushOf('refs/heads/main', { pushed: 'by a stranger' })
    const unknown = {
      ...known,
      repository: { html_url: 'https://github.com/acme/other', full_name: 'acme/other' },
    }
    const text = JSON.stringify(known)
    const answers = [
      await fromGithub('push', known, 'another secret that is wrong'),
      await fromGithub('push', unknown),
      await call('github', text, { 'x-github-event': 'push' }),
      await call('github', text, { 'x-github-event': 'push', 'x-hub-signature-256': 'sha256=' }),
      // Signed, and changed afterwards.
      await call('github', text.replace('main', 'mainx'), { 'x-hub-signature-256': sign(text) }),
      // The secret of GitHub is not asked for at another host's address.
      await call('gitlab', { ...known, project: { web_url: url } }, { 'x-gitlab-token': secret }),
    ]
    for (const { status, body } of answers) {
      assert.equal(status, 401)
      assert.deepEqual(body, answers[0]?.body)
    }
  })

  test('that are no calls are refused', async () => {
    assert.equal((await call('bitbucket', {})).status, 404)
    assert.equal((await call('github', 'no JSON')).status, 400)
    assert.equal((await call('github', '[]')).status, 400)
    assert.equal((await call('github', `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`)).status, 400)
    assert.equal((await call('github', JSON.stringify({ a: 'x'.repeat(6 * 1024 * 1024) }))).status, 413)
  })

  test('deliveries are written by hosts alone, and what they did is kept', async () => {
    const { body } = await fromGithub('push', pushOf('refs/heads/main', { pushed: 'to be forgotten' }))
    const id = `${repositoryId('flights')}/deliveries/${body.deliveries[0].delivery}`
    await settled('flights', body.deliveries[0].delivery)
    assert.equal((await t.send('DELETE', id)).status, 409)
    const forged = {
      properties: { delivery: 'x', readings: [{ event: { kind: 'push', commit, branch: 'main' } }] },
    }
    assert.equal((await t.send('PUT', `${repositoryId('flights')}/deliveries/forged`, forged)).status, 403)
  })
})

test('calls of GitLab are known by their token, and by their key when they are tried again', async () => {
  await ok('PUT', repositoryId('on-gitlab'), {
    properties: {
      url: 'https://gitlab.com/acme/ml/flights',
      secret,
      rules: [{ on: 'tag', tags: ['v*'], component, inputs }],
    },
  })
  const body = {
    object_kind: 'tag_push',
    ref: 'refs/tags/v1.0',
    after: commit,
    project: { web_url: 'https://gitlab.com/acme/ml/flights' },
    commits: [],
    total_commits_count: 0,
  }
  assert.equal((await call('gitlab', body, { 'x-gitlab-token': 'wrong' })).status, 401)
  const headers = { 'x-gitlab-token': secret, 'idempotency-key': 'k-1' }
  const first = await call('gitlab', body, headers)
  const { state } = await settled('on-gitlab', first.body.deliveries[0].delivery)
  assert.equal(state, 'done')
  assert.equal((await call('gitlab', body, headers)).body.deliveries[0].state, 'known already')
})

test('calls of Azure DevOps are known by their password and start releases', async () => {
  await ok('PUT', `${t.workspace}/providers/Twinloop/releasePlans/flights`, {
    properties: { model: 'flights', start: { on: ['alert'] }, stages: [{ name: 'test', gates: ['looks'] }] },
  })
  const remote = 'https://dev.azure.com/acme/ml/_git/flights'
  await ok('PUT', repositoryId('on-azure'), {
    properties: { url: remote, secret, rules: [{ on: 'push', branches: ['main'], release: 'flights' }] },
  })
  const body = (id: string) => ({
    id,
    eventType: 'git.push',
    resource: {
      refUpdates: [{ name: 'refs/heads/main', oldObjectId: '0'.repeat(40), newObjectId: commit }],
      repository: { remoteUrl: 'https://acme@dev.azure.com/acme/ml/_git/flights' },
    },
  })
  const basic = (password: string) => ({
    authorization: `Basic ${Buffer.from(`twinloop:${password}`).toString('base64')}`,
  })
  assert.equal((await call('azure-devops', body('e-1'), basic('wrong'))).status, 401)
  const early = await call('azure-devops', body('e-1'), basic(secret))
  const failed = await settled('on-azure', early.body.deliveries[0].delivery)
  assert.equal(failed.state, 'failed')
  assert.match(failed.started?.[0]?.error ?? '', /flights/)

  const { platform } = t.app
  const workspace = await platform.resources.get(t.workspace)
  const path = 'LocalUpload/flights-1/model.txt'
  await platform.artifacts.put(
    { container: `${String(workspace.status['workspaceId'])}-blobstore`, path },
    Buffer.from('model'),
  )
  await ok('PUT', `${t.workspace}/models/flights/versions/1`, {
    properties: { modelUri: `azureml://datastores/workspaceblobstore/paths/${path}` },
  })
  const answer = await call('azure-devops', body('e-2'), basic(secret))
  const { state, started } = await settled('on-azure', answer.body.deliveries[0].delivery)
  assert.equal(state, 'done', JSON.stringify(started))
  assert.match(started?.[0]?.id ?? '', /releasePlans\/flights\/releases\/1$/)
})

describe('a repository', () => {
  const put = (properties: object) => t.send('PUT', repositoryId('wrong'), { properties })

  test('keeps its secret to itself, and says where its webhook is to call', async () => {
    const { body } = await t.send('GET', repositoryId('flights'))
    assert.doesNotMatch(JSON.stringify(body), /nobody guesses/)
    assert.match(body.properties.webhookUrl, /\/webhooks\/github$/)
    assert.equal(body.properties.owner, undefined)
  })

  for (const [what, properties, expected] of [
    ['an address that is none', { url: 'flights' }, /no address of a repository/],
    [
      'a host that cannot be told',
      { url: 'https://code.example.org/a/b' },
      /say host: github, gitlab, azure_devops/,
    ],
    ['a secret that can be guessed', { url, secret: 'short' }, /shorter than 16 characters/],
    [
      'a component that there is not',
      { url, rules: [{ on: 'push', component: 'azureml:trian' }] },
      /trian.*train/,
    ],
    ['a plan that there is not', { url, rules: [{ on: 'push', release: 'none' }] }, /none/],
    [
      'paths where the host tells none',
      { url: 'https://dev.azure.com/a/b/_git/c', rules: [{ on: 'push', paths: ['x'], component }] },
      /Azure DevOps does not say which files/,
    ],
    ['a connection that there is not', { url, report: { connection: 'none' } }, /none/],
    [
      'a field of a rule that there is not',
      { url, rules: [{ on: 'push', component, brunches: [] }] },
      /did you mean branches/,
    ],
  ] as const)
    test(`with ${what} is refused`, async () => {
      const { status, body } = await put(properties)
      assert.ok(status === 400 || status === 404, `${status}`)
      assert.match(JSON.stringify(body), expected)
    })
})
