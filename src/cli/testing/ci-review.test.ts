import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parse } from 'yaml'
import { approvals, type TestPerson } from '../../release/testing/people.ts'
import { startTestApp } from '../../testing/app.ts'
import type { TestApp } from '../../testing/app.ts'
import { testShell } from './io.ts'

/** What the page on approvals tells to write into CI's files, in order: GitHub's and Azure DevOps'. */
const page = readFileSync(join(import.meta.dirname, '../../../docs/approvals.md'), 'utf8')
const files = Array.from(page.matchAll(/```yaml\n(# \S+\n[^]*?)```/g), ([, text = '']) => parse(text))
const commandOf = (step: string) => step.split(' ').slice(2)

describe('a job takes over what its environment’s reviewers have decided', () => {
  let server: TestApp
  let ci: Server
  const a = approvals(() => server)
  let [gate, dana] = [{} as TestPerson, {} as TestPerson]
  const answers = new Map<string, { readonly status?: number; readonly body: unknown }>()
  const asked: { readonly url: string; readonly authorization: string | undefined }[] = []
  before(async () => {
    ci = createServer((request, response) => {
      const url = request.url ?? ''
      asked.push({ url, authorization: request.headers.authorization })
      const { status = 200, body } = answers.get(url) ?? { status: 404, body: { message: 'Not Found' } }
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    ci.listen(0, '127.0.0.1')
    await once(ci, 'listening')
    server = await startTestApp()
    gate = await a.program('ci-production', 'Release Approver')
    dana = await a.person('dana', 'AzureML Data Scientist', { identities: ['github:dana-d'] })
    await a.person('olga', undefined, { identities: ['github:octocat', 'azure-devops:olga@example.org'] })
  })
  after(async () => {
    await server.end()
    ci.close()
  })
  const url = () => `http://127.0.0.1:${(ci.address() as AddressInfo).port}`
  const rule = { roles: ['Release Approver'], ci: true }
  const run = async (variables: Record<string, string>, argv: readonly string[]) => {
    const shell = testShell(
      { url: server.app.platform.urls.http, token: gate.as.authorization.slice('Bearer '.length) },
      variables,
    )
    try {
      return await shell.run(...argv)
    } finally {
      shell.end()
    }
  }
  const github = (over: Record<string, string> = {}) => ({
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: url(),
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'acme/flights',
    GITHUB_RUN_ID: '77',
    GITHUB_TOKEN: 'ghs_x',
    ...over,
  })
  const reviewed = (
    ...reviews: readonly [state: string, login: string, environment: string, comment?: string][]
  ) =>
    answers.set('/repos/acme/flights/actions/runs/77/approvals', {
      body: reviews.map(([state, login, name, comment = '']) => ({
        state,
        comment,
        user: { login },
        environments: [{ id: 1, name }],
      })),
    })

  test('on GitHub, by the line of the documentation', async () => {
    const { approve } = (files[0] as { jobs: Record<string, { env: object; steps: { run: string }[] }> }).jobs
    assert.ok(approve !== undefined && 'GITHUB_TOKEN' in approve.env)
    await a.waiting('flight-delay', rule, { by: dana })
    reviewed(['approved', 'octocat', 'production', 'looks good'])
    const ran = await run(github(), commandOf(approve.steps[0]?.run ?? ''))
    assert.equal(ran.code, 0, ran.err)
    assert.equal(
      ran.err,
      'flight-delay/1: approved it as Release Approver for olga in https://github.com/acme/flights/actions/runs/77: looks good\n',
    )
    assert.equal(asked.at(-1)?.authorization, 'Bearer ghs_x')
  })

  test('a rejection is a refusal, and nobody lets through what they asked for', async () => {
    await a.waiting('rejected', rule, { by: dana })
    reviewed(['approved', 'dana-d', 'production'])
    const own = await run(github(), ['release', 'review', 'rejected'])
    assert.match(own.err, /decides for dana, who registered the candidate/)
    reviewed(['approved', 'octocat', 'production'], ['rejected', 'octocat', 'production'])
    const refused = await run(github(), ['release', 'review', 'rejected', '--environment', 'Production'])
    assert.match(refused.err, /refused it as Release Approver for olga .*: refused in GitHub/)
    await a.until('rejected/1', (s) => s.state === 'refused')
  })

  test('what is missing is said: reviewers, the environment, a permission, a token, a CI', async () => {
    await a.waiting('missing', rule, { by: dana })
    const review = (variables: Record<string, string>, ...more: readonly string[]) =>
      run(variables, ['release', 'review', 'missing', ...more])
    reviewed()
    assert.match((await review(github())).err, /nobody has reviewed this run[^]*required reviewers/)
    reviewed(['approved', 'octocat', 'staging'], ['approved', 'octocat', 'production'])
    assert.match((await review(github())).err, /reviewed for staging and production[^]*--environment staging/)
    assert.match(
      (await review(github(), '--environment', 'prod')).err,
      /nobody has reviewed the environment prod/,
    )
    assert.match((await review(github({ GITHUB_RUN_ID: '78' }))).err, /answers 404[^]*actions: read/)
    assert.match((await review(github({ GITHUB_TOKEN: '' }))).err, /GITHUB_TOKEN is not set[^]*github\.token/)
    const nowhere = await review({})
    assert.deepEqual([nowhere.code, /jobs of GitHub and Azure Pipelines/.test(nowhere.err)], [2, true])
    assert.equal((await a.until('missing/1', () => true)).state, 'waiting')
  })

  test('on Azure Pipelines, the approvers of the stage that the job is in', async () => {
    const { stages } = files[1] as {
      stages: {
        jobs: { strategy: { runOnce: { deploy: { steps: { script: string; env: object }[] } } } }[]
      }[]
    }
    const [step] = stages[0]?.jobs[0]?.strategy.runOnce.deploy.steps ?? []
    assert.ok(step !== undefined && 'SYSTEM_ACCESSTOKEN' in step.env)
    const variables = {
      TF_BUILD: 'True',
      SYSTEM_COLLECTIONURI: `${url()}/acme/`,
      SYSTEM_TEAMPROJECT: 'Flight Delays',
      BUILD_BUILDID: '9',
      SYSTEM_STAGENAME: 'production',
      SYSTEM_ACCESSTOKEN: 'x',
    }
    const project = '/acme/Flight%20Delays/_apis'
    const record = (id: string, type: string, parentId: string | null, identifier: string | null = null) => ({
      id,
      type,
      parentId,
      identifier,
      name: type,
    })
    answers.set(`${project}/build/builds/9/timeline?api-version=7.1`, {
      body: {
        records: [
          record('s1', 'Stage', null, 'staging'),
          record('c1', 'Checkpoint', 's1'),
          record('a1', 'Checkpoint.Approval', 'c1'),
          record('s2', 'Stage', null, 'production'),
          record('c2', 'Checkpoint', 's2'),
          record('a2', 'Checkpoint.Approval', 'c2'),
        ],
      },
    })
    answers.set(`${project}/pipelines/approvals?approvalIds=a2&$expand=steps&api-version=7.1`, {
      body: {
        value: [
          {
            id: 'a2',
            steps: [
              { status: 'pending', assignedApprover: { uniqueName: 'ben@example.org' } },
              {
                status: 'approved',
                comment: 'go',
                lastModifiedOn: '2026-11-23T06:00:00Z',
                actualApprover: { uniqueName: 'olga@example.org', displayName: 'Olga' },
              },
            ],
          },
        ],
      },
    })
    await a.register('flight-delay', '2', dana)
    await a.until('flight-delay/2', (s) => s.state === 'waiting')
    const ran = await run(variables, commandOf(step.script))
    assert.equal(
      ran.err,
      `flight-delay/2: approved it as Release Approver for olga in ${url()}/acme/Flight%20Delays/_build/results?buildId=9: go\n`,
    )
    const elsewhere = await run({ ...variables, SYSTEM_STAGENAME: 'test' }, [
      'release',
      'review',
      'flight-delay',
    ])
    assert.match(elsewhere.err, /nobody has approved the stage test/)
  })
})
