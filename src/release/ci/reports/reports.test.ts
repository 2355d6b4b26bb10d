import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { ownPython, useOwnPython } from '../../../testing/own-python.ts'
import { addGate } from '../../testing/gates.ts'
import { plain } from './words.ts'
import { asAzureDevOps, asGithub, asGitlab, startHost, type FakeHost } from '../testing/hosts.ts'

const token = 'a token of the host'
const commit = '1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b'
addGate('looks')

let t: TestApp
before(async () => {
  t = await startTestApp()
  useOwnPython(t.home)
})
after(() => t.end())

async function ok(method: string, path: string, body?: unknown) {
  const answer = await t.send(method, path, body)
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}
const repositoryId = (name: string) => `${t.workspace}/providers/Twinloop/repositories/${name}`

/** A repository whose host is told by a connection to `api`. */
async function know(name: string, url: string, host: string, api: string, pat = token) {
  await ok('PUT', `${t.workspace}/connections/${name}`, {
    properties: { category: 'Git', authType: 'PAT', target: api, credentials: { pat } },
  })
  await ok('PUT', repositoryId(name), { properties: { url, host, report: { connection: name } } })
}

/** Runs a job of the commit, and of a pull request if one is named; answers its id once it has ended. */
async function runJob(name: string, url: string, more: { command?: string; pullRequest?: number } = {}) {
  const id = `${t.workspace}/jobs/${name}`
  await ok('PUT', id, {
    properties: {
      jobType: 'Command',
      command: more.command ?? 'echo hello',
      environmentId: ownPython,
      experimentName: 'flights',
      properties: {
        'mlflow.source.git.commit': commit,
        'mlflow.source.git.repoURL': url,
        ...(more.pullRequest === undefined ? {} : { 'twinloop.pullRequest': String(more.pullRequest) }),
      },
    },
  })
  await t.until(id, (p) => ['Completed', 'Failed'].includes(String(p['status'])))
  return id
}

interface Shown {
  readonly name: string
  readonly properties: {
    readonly kind: string
    readonly about: string
    readonly state: string
    readonly lastError?: string
    readonly status?: { readonly state: string }
    readonly comment?: { readonly body: string }
  }
}

/** Resolves with the report of a kind once it tells of the end of the job and the host has taken it. */
async function sent(
  repository: string,
  kind: string,
  about: string,
  done = (shown: Shown) => shown.properties.state === 'sent',
) {
  const isIt = (shown: Shown) =>
    shown.properties.kind === kind && shown.properties.about === about && done(shown)
  const gone = new AbortController()
  const events = t.app.platform.events.tail(-1, gone.signal)[Symbol.asyncIterator]()
  for (let next = events.next(); ; next = events.next()) {
    const { value } = (await ok('GET', `${repositoryId(repository)}/reports`)) as {
      readonly value: readonly Shown[]
    }
    const found = value.find(isIt)
    if (found !== undefined) {
      gone.abort()
      return found
    }
    await next
  }
}
const ended = (state: string) => (shown: Shown) =>
  shown.properties.state === 'sent' && shown.properties.status?.state === state
const says = (text: string) => (shown: Shown) =>
  shown.properties.state === 'sent' && shown.properties.comment?.body.includes(text) === true

describe('GitHub', () => {
  const fake = asGithub(token)
  const url = 'https://github.com/acme/flights'
  let host: FakeHost
  before(async () => {
    host = await startHost(fake.answer)
    await know('flights', url, 'github', host.url)
  })
  after(() => host.end())

  test('is told of a job, from waiting to its end', async () => {
    const job = await runJob('told', 'git@github.com:acme/flights.git')
    await sent('flights', 'status', job, ended('success'))
    const last = fake.statuses.at(-1) ?? {}
    assert.equal(last['commit'], commit)
    assert.equal(last['context'], 'twinloop/flights')
    assert.match(String(last['description']), /^Completed after \d+ s$/)
    assert.match(String(last['target_url']), /\/studio\/jobs\/told$/)
    assert.equal(fake.statuses[0]?.['state'], 'pending')
    assert.deepEqual(fake.comments, [], 'no pull request, no comment')
  })

  test('is told why a job failed, in as many characters as it takes', async () => {
    const job = await runJob('failing', url, { command: 'echo a reason >&2; exit 3' })
    await sent('flights', 'status', job, ended('failure'))
    const { state, description } = fake.statuses.at(-1) ?? {}
    assert.equal(state, 'failure')
    assert.match(String(description), /^Failed after \d+ s: /)
    assert.ok(String(description).length <= 140)
  })

  test('has one comment for all the jobs of a pull request, which is changed in place', async () => {
    for (let i = 0; i < 150; i++) fake.comments.push({ id: i + 1, body: 'somebody else' })
    const first = await runJob('proposed', url, { pullRequest: 7 })
    await sent('flights', 'comment', first, says('✅'))
    const again = await runJob('proposed-again', url, { pullRequest: 7 })
    await sent('flights', 'comment', again, says('✅'))
    const own = fake.comments.slice(150)
    assert.equal(own.length, 1)
    const body = own[0]?.body ?? ''
    assert.match(body, /^<!-- twinloop\/flights of flights -->\n### ✅ flights\n\nCompleted after/)
    assert.match(body, /\[proposed-again\]\(http/)
  })

  test('is asked for the comment that a killed server had just written, rather than given another', async () => {
    const { value } = (await ok('GET', `${repositoryId('flights')}/reports`)) as {
      readonly value: readonly Shown[]
    }
    const comment = value.find(({ properties }) => properties.kind === 'comment')?.name ?? ''
    const key = `${repositoryId('flights')}/reports/${comment}`.toLowerCase()
    await t.app.platform.resources.setStatus(key, { state: 'pending', remoteId: null, attempts: 0 })
    await t.until(key, (p) => p['state'] === 'sent')
    assert.equal(fake.comments.slice(150).length, 1)
  })

  test('that is out of order for a while is told later', async () => {
    host.next.push({ status: 502 }, { status: 502 })
    const before = host.calls.length
    const job = await runJob('patient', url)
    await sent('flights', 'status', job, ended('success'))
    assert.ok(host.calls.length >= before + 3)
    assert.equal(fake.statuses.at(-1)?.['state'], 'success')
  })

  test('never gets the token sent on to where it leads', async () => {
    const elsewhere = await startHost(() => ({ status: 200, body: {} }))
    host.next.push({ status: 307, headers: { location: `${elsewhere.url}/steal` } })
    const job = await runJob('led-astray', url)
    await sent('flights', 'status', job, ended('success'))
    assert.deepEqual(elsewhere.calls, [])
    await elsewhere.end()
  })

  test('that knows no such token is told so beside the report, without the token', async () => {
    await know('stranger', 'https://github.com/acme/other', 'github', host.url, 'another token')
    const job = await runJob('unknown', 'https://github.com/acme/other.git')
    const { properties } = await sent('stranger', 'status', job, (s) => s.properties.lastError !== undefined)
    assert.equal(properties.state, 'pending')
    assert.match(properties.lastError ?? '', /^127\.0\.0\.1:\d+ answered 401: Bad credentials$/)
  })

  test('is told of releases of models that came of its commits', async () => {
    const { platform } = t.app
    await ok('PUT', `${t.workspace}/providers/Twinloop/releasePlans/flights`, {
      properties: { model: 'flights', stages: [{ name: 'test', gates: ['looks'] }] },
    })
    const id = `${t.workspace}/jobs/maker`
    await ok('PUT', id, {
      properties: {
        jobType: 'Command',
        command: 'mkdir -p ${{outputs.model}} && echo model > ${{outputs.model}}/model.txt',
        environmentId: ownPython,
        outputs: { model: { jobOutputType: 'custom_model', assetName: 'flights' } },
        properties: {
          'mlflow.source.git.commit': commit,
          'mlflow.source.git.repoURL': url,
          'twinloop.pullRequest': '7',
        },
      },
    })
    const release = `${t.workspace}/providers/Twinloop/releasePlans/flights/releases/1`
    await t.until(release, (p) => p['state'] === 'succeeded')
    await sent('flights', 'status', release, ended('success'))
    await sent('flights', 'comment', release, says('succeeded'))
    const status = fake.statuses.findLast(({ context }) => context === 'twinloop/release/flights')
    assert.match(String(status?.['description']), /^flights\/1 succeeded: /)
    const body = fake.comments.at(-1)?.body ?? ''
    assert.match(body, /### Release \[flights\/1\]\(http\S+\/approvals\?release=\S+\): succeeded/)
    assert.match(body, /\| test \| looks \| ✅ passed \| looks looked \|/)
    assert.equal((await platform.resources.get(release)).status['state'], 'succeeded')
  })
})

test('GitLab is told, and told again what it shows already', async () => {
  const fake = asGitlab(token)
  const host = await startHost(fake.answer)
  const url = 'https://gitlab.example.org/acme/ml/flights'
  await know('on-gitlab', url, 'gitlab', host.url)
  const job = await runJob('on-gitlab', url, { pullRequest: 7 })
  await sent('on-gitlab', 'status', job, ended('success'))
  await sent('on-gitlab', 'comment', job, says('✅'))
  assert.deepEqual(
    [fake.statuses[0]?.['state'], fake.statuses.at(-1)?.['state'], fake.statuses.at(-1)?.['name']],
    ['running', 'success', 'twinloop/flights'],
  )
  assert.equal(fake.notes.length, 1)
  await host.end()
})

test('Azure DevOps is told, with a thread that asks for no answer', async () => {
  const fake = asAzureDevOps(token)
  const host = await startHost(fake.answer)
  const url = 'https://dev.azure.com/acme/ml/_git/flights'
  await know('on-azure', url, 'azure_devops', host.url)
  const job = await runJob('on-azure', url, { pullRequest: 7 })
  await sent('on-azure', 'status', job, ended('success'))
  await sent('on-azure', 'comment', job, says('✅'))
  assert.deepEqual(fake.statuses.at(-1)?.['context'], { genre: 'twinloop', name: 'flights' })
  assert.equal(fake.statuses.at(-1)?.['state'], 'succeeded')
  assert.equal(fake.threads.length, 1)
  await host.end()
})

test('what is no markup in a job stays none in a comment', () => {
  assert.equal(
    plain('a | b\n<img src=x> @team `x` [l](http://e)'),
    String.raw`a \| b &lt;img src=x> @${'\u200B'}team \`x\` \[l\]\(http://e\)`,
  )
})

test('reports are written by the platform alone', async () => {
  const properties = { kind: 'status', about: 'x', since: 'y' }
  const { status } = await t.send('PUT', `${repositoryId('flights')}/reports/forged`, { properties })
  assert.equal(status, 403)
})
