import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startHost, type FakeHost } from '../../../../release/ci/testing/hosts.ts'
import { devOpsWorkItems, githubIssues, gitlabIssues } from '../../../../release/ci/testing/task-hosts.ts'
import { startTestApp, type TestApp } from '../../../../testing/app.ts'
import { checkActions } from '../../planning/check.ts'
import { rehearseActions } from '../../planning/rehearse.ts'
import { incidentLab } from '../../testing/incidents.ts'

const token = 'very-secret'

describe('development_task', () => {
  let server: TestApp
  const hosts: FakeHost[] = []
  const github = githubIssues(token)
  const gitlab = gitlabIssues(token)
  const devOps = devOpsWorkItems(token)
  const t = incidentLab(() => server)
  before(async () => {
    server = await startTestApp()
    const connect = async (name: string, url: string, host: string, answer: typeof github.answer) => {
      const fake = await startHost(answer)
      hosts.push(fake)
      await put(`connections/${name}`, {
        category: 'Git',
        target: fake.url,
        authType: 'PAT',
        credentials: { pat: token },
      })
      await put(`providers/Twinloop/repositories/${name}`, { url, host, report: { connection: name } })
    }
    await connect('flights', 'https://github.example.org/acme/flights', 'github', github.answer)
    await connect('at-gitlab', 'https://gitlab.example.org/acme/ml/flights', 'gitlab', gitlab.answer)
    await connect('at-devops', 'https://dev.azure.com/acme/ml/_git/flights', 'azure_devops', devOps.answer)
    await put('providers/Twinloop/alertRules/slow', { when: { metric: 'queue_length', above: 3 } })
    const { series } = server.app.platform
    for (let i = 1; i <= 3; i++)
      await series.record(new Date(Date.now() - i * 300_000), [
        { kind: 'gauge', name: 'queue_length', scope: server.workspace.toLowerCase(), value: 10 - i },
      ])
  })
  after(async () => {
    await server.end()
    await Promise.all(hosts.map((host) => host.end()))
  })
  const put = async (path: string, properties: object) => {
    const { status, body } = await server.send('PUT', `${server.workspace}/${path}`, { properties })
    assert.ok(status < 300, JSON.stringify(body))
  }
  const rule = (parameters: object) =>
    t.rule([{ kind: 'development_task', parameters: parameters as never }], {
      annotations: { description: 'Slow since the *new* model' },
    })
  const run = async (parameters: object) => {
    const incident = await t.fire(rule(parameters))
    return { incident, done: await t.settled(`${incident}/actions/0-development_task`) }
  }

  test('opens an issue in GitHub with the evidence, once, and comments when it is over', async () => {
    const { incident, done } = await run({ repository: 'flights', assignees: ['ana'] })
    assert.equal(done.reason, 'opened issue 1 in flights: https://github.example.org/acme/flights/issues/1')
    const [issue] = github.issues
    const body = String(issue?.body['body'])
    assert.equal(issue?.body['title'], 'slow: roc_auc 0.61 < 0.68')
    assert.deepEqual([issue?.body['labels'], issue?.body['assignees']], [['twinloop'], ['ana']])
    assert.match(body, /Slow since the \\\*new\\\* model/)
    assert.match(body, /\| endpoint \| flights \|/)
    assert.match(body, /average of queue\\_length, which is not to be > 3[^]*\| \d{4}-.* UTC \| 7 \|/)
    assert.match(body, /```sh\ntwinloop incident show \d+ -w dev\n/)
    assert.match(body, /\[The incident\]\(http:\/\/127/)
    // Killed between opening and writing that down, it finds what it opened.
    const id = `${incident}/actions/0-development_task`
    await server.app.platform.resources.setStatus(id, { state: 'Running' })
    assert.equal((await t.settled(id)).state, 'Done')
    assert.equal(github.issues.length, 1)
    await t.resolve(incident)
    await t.settled(`${id}-resolved`)
    assert.match(issue?.comments[0] ?? '', /^It is over since .*It was: roc_auc 0\.61 < 0\.68\./)
    assert.equal(issue?.state, 'open')
  })

  test('in GitLab, with people by their numbers, and closes it', async () => {
    const { incident, done } = await run({
      repository: 'at-gitlab',
      assignees: ['ana', 'nobody'],
      close: true,
    })
    assert.equal(done.state, 'Done', done.reason)
    assert.deepEqual(gitlab.issues[0]?.body['assignee_ids'], [7])
    await t.resolve(incident)
    await t.settled(`${incident}/actions/0-development_task-resolved`)
    assert.deepEqual([gitlab.issues[0]?.state, gitlab.issues[0]?.comments.length], ['closed', 1])
  })

  test('in Azure DevOps as a work item of the wanted type, in HTML', async () => {
    const { done, incident } = await run({
      repository: 'at-devops',
      kind: 'Bug',
      title: 'Slow: {{ labels.endpoint }} at {{ value }}',
    })
    assert.match(done.reason, /^opened issue 100 in at-devops: http/)
    const item = devOps.items[0] ?? assert.fail()
    assert.equal(devOps.fieldOf(item, 'System.Title'), 'Slow: flights at 0.61')
    assert.match(
      devOps.fieldOf(item, 'System.Description'),
      /<table><tr>[^]*<td>flights<\/td>[^]*<pre>twinloop incident show/,
    )
    const id = `${incident}/actions/0-development_task`
    await server.app.platform.resources.setStatus(id, { state: 'Running' })
    await t.settled(id)
    assert.equal(devOps.items.length, 1)
    await t.resolve(incident)
    await t.settled(`${id}-resolved`)
    assert.equal(item.comments.length, 1)
  })

  test('is tried again while the host is away, and refused when it refuses for good', async () => {
    hosts[0]?.next.push({ status: 502, body: {} })
    const incident = await t.fire(rule({ repository: 'flights' }))
    const id = `${incident}/actions/0-development_task`
    const failed = await server.until(id, ({ attempts }) => attempts === 1)
    assert.match(String(failed['reason']), /tried again in 5 s: 127.*answered 502/)
    await server.app.platform.resources.setStatus(id, { nextAttemptAt: null })
    assert.equal((await t.settled(id)).state, 'Done')
  })

  test('mistakes are told when the rule is written, and what it would do can be asked', async () => {
    const context = {
      platform: server.app.platform,
      actor: server.app.platform.identity('alerts'),
      workspaceId: server.workspace,
    }
    const messages = async (parameters: object) =>
      (
        await checkActions({
          ...context,
          actions: [{ kind: 'development_task', parameters: parameters as never }],
        })
      ).map(({ message }) => message)
    assert.match((await messages({ repository: 'fligths' }))[0] ?? '', /Did you mean 'flights'/)
    assert.match(
      (await messages({}))[0] ?? '',
      /Several repositories are connected: say repository: .*flights/,
    )
    const [said] = await rehearseActions(context.platform, {
      ...context,
      rule: rule({ repository: 'flights' }),
      alert: t.alert(),
    })
    assert.equal(
      said?.would,
      'opens an issue in https://github.example.org/acme/flights: slow: roc_auc 0.61 < 0.68',
    )
  })
})
