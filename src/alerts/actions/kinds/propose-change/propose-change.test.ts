import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  devOpsRepository,
  githubRepository,
  gitlabRepository,
} from '../../../../release/ci/testing/change-hosts.ts'
import { startHost, type FakeHost } from '../../../../release/ci/testing/hosts.ts'
import type { Json } from '../../../../kernel/resources/resource.ts'
import { approvals } from '../../../../release/testing/people.ts'
import { ownPython, useOwnPython } from '../../../../testing/own-python.ts'
import { startTestApp, type TestApp } from '../../../../testing/app.ts'
import { incidentLab } from '../../testing/incidents.ts'
import { withSettings } from './declared-file.ts'
import { patchInWords, patchOf, proposalParameters } from './parameters.ts'

const file = 'infrastructure/compute.yml'
const declared =
  'name: cpu-cluster   # where training runs\ntype: amlcompute\nmax_instances: 2 # as we pay for\n'

test('a declared file keeps everything but its settings', () => {
  assert.equal(withSettings(declared, { max_instances: 4 }, file), declared.replace('2 #', '4 #'))
  assert.equal(withSettings(declared, { max_instances: 2, gone: null }, file), undefined)
  assert.match(
    withSettings(declared, { 'scale.max': 4, type: 'yes' }, file) ?? '',
    /# where training runs\ntype: yes\n[^]*scale:\n {2}max: 4/,
  )
  assert.equal(
    withSettings(declared, { type: null, tags: { of: ['ana'] } }, file),
    'name: cpu-cluster # where training runs\nmax_instances: 2 # as we pay for\ntags:\n  of:\n    - ana\n',
  )
  assert.throws(() => withSettings('a: [', { a: 1 }, file), /compute.yml is no YAML/)
})

test('what is to be changed is said as a size, as paths or as a patch', () => {
  const read = (given: object) => {
    const found = proposalParameters.safeParse(given)
    return found.success
      ? patchOf(found.data)
      : found.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  }
  const resource = 'schedules/nightly'
  assert.deepEqual(
    read({ resource, set: { 'properties.trigger.interval': 2, 'properties.isEnabled': true } }),
    {
      properties: { trigger: { interval: 2 }, isEnabled: true },
    },
  )
  assert.deepEqual(read({ resource, patch: { tags: { a: null } } }), { tags: { a: null } })
  assert.equal(
    patchInWords({ properties: { a: { b: [1], c: null } } }),
    'properties.a.b: [1], properties.a.c: gone',
  )
  for (const [given, message] of [
    [{}, /needs one of to: 4/],
    [{ to: 4 }, /^"max: needs max/],
    [{ by: 2, max: 4, set: { a: 1 } }, /^"set: needs resource/],
    [{ resource }, /needs one of set: /],
    [{ resource, set: {} }, /^"set: says nothing to change/],
    [{ resource, set: { 'properties.a': 1 }, patch: {} }, /needs one of set: /],
    [{ resource, set: { 'properties.a': 1 }, max: 4 }, /^"max: goes with a size/],
    [
      { resource, set: { 'trigger.interval': 1 } },
      /^"set: a resource has no 'trigger' .* begin with properties/,
    ],
    [
      { resource, patch: { properties: { credentials: { key: 'x' } } } },
      /^"patch: 'credentials' is a secret/,
    ],
    [{ resource, set: { 'properties.a': 1 }, file }, /^"file_set: needs what is to stand/],
    [{ resource, set: { 'properties.a': 1 }, file_set: { a: 1 } }, /^"file: needs the file/],
    [{ resource, set: { 'properties.a': 1 }, repository: 'infra' }, /^"repository: needs file/],
    [{ resource, set: { 'properties.a': 1 }, filed: 1 }, /filed/],
  ] as const)
    assert.match(JSON.stringify(read(given)), message)
})

describe('propose_change', () => {
  let server: TestApp
  const hosts: FakeHost[] = []
  const github = githubRepository(file, declared)
  const gitlab = gitlabRepository(file, declared)
  const devOps = devOpsRepository(file, declared)
  const t = incidentLab(() => server)
  const people = approvals(() => server)
  const compute = () => `${server.workspace}/computes/cpu-cluster`
  before(async () => {
    server = await startTestApp()
    useOwnPython(server.home)
    await people.ok('PUT', compute(), {
      location: 'local',
      properties: { computeType: 'AmlCompute', properties: { scaleSettings: { maxNodeCount: 2 } } },
    })
    const connect = async (name: string, url: string, host: string, answer: typeof github.answer) => {
      const fake = await startHost(answer)
      hosts.push(fake)
      const credentials = { category: 'Git', target: fake.url, authType: 'PAT', credentials: { pat: 'x' } }
      await people.ok('PUT', `${server.workspace}/connections/${name}`, { properties: credentials })
      await people.ok('PUT', `${server.workspace}/providers/Twinloop/repositories/${name}`, {
        properties: { url, host, report: { connection: name } },
      })
    }
    await connect('flights', 'https://github.example.org/acme/flights', 'github', github.answer)
    await connect('at-gitlab', 'https://gitlab.example.org/acme/ml/flights', 'gitlab', gitlab.answer)
    await connect('at-devops', 'https://dev.azure.com/acme/ml/_git/flights', 'azure_devops', devOps.answer)
  })
  after(async () => {
    await server.end()
    await Promise.all(hosts.map((host) => host.end()))
  })
  let rules = 0
  const run = (more: object = {}) => propose({ compute: 'cpu-cluster', by: 2, max: 8, ...more })
  const propose = async (parameters: Json) => {
    const name = `busy-${++rules}`
    const incident = await t.fire(
      t.rule([{ kind: 'propose_change', parameters }], { name, id: name }),
      t.alert({ summary: 'jobs wait 30 m' }),
    )
    const done = await t.settled(`${incident}/actions/0-propose_change`)
    return { incident, done, proposal: done.made?.[0] ?? '' }
  }
  const nodes = async () =>
    (await people.ok('GET', compute())).properties.properties.scaleSettings.maxNodeCount

  test('a person with the right approves it, and it is made in their name', async () => {
    const { incident, done, proposal } = await run()
    assert.match(
      done.reason,
      /^proposed to change the most nodes of compute cpu-cluster from 2 to 4: twinloop proposal show -n busy-1-/,
    )
    assert.equal(await nodes(), 2)
    const { properties } = await people.ok('GET', proposal)
    assert.equal(properties.state, 'Proposed')
    assert.match(
      properties.diff,
      /^--- a\/computes\/cpu-cluster\.yml\n[^]*- {6}maxNodeCount: 2\n\+ {6}maxNodeCount: 4\n/,
    )
    assert.equal(properties.reason, 'busy-1: jobs wait 30 m')
    const program = await people.program('robot', 'Contributor')
    const scientist = await people.person('sam', 'AzureML Data Scientist')
    const engineer = await people.person('eva', 'Contributor')
    for (const { as } of [program, scientist])
      assert.equal((await server.send('POST', `${proposal}/approve`, {}, as)).status, 403)
    await people.ok('POST', `${proposal}/approve`, { comment: 'black friday' }, engineer.as)
    await server.until(proposal, ({ state }) => state === 'Applied')
    assert.equal(await nodes(), 4)
    assert.equal((await server.app.platform.resources.get(compute())).modifiedBy, engineer.name)
    await server.until(incident, ({ timeline }) =>
      JSON.stringify(timeline).includes('made: computes/cpu-cluster'),
    )
    assert.match((await t.timeline(incident)).join('\n'), /approved by eva: black friday/)
    const again = await server.send('POST', `${proposal}/refuse`, {})
    assert.match(JSON.stringify(again.body), /is applied, by eva/)
  })

  test('is refused, and not made over what was changed meanwhile', async () => {
    const first = await run()
    await people.ok('POST', `${first.proposal}/refuse`, { comment: 'too dear' })
    assert.equal((await people.ok('GET', first.proposal)).properties.state, 'Refused')
    const second = await run()
    await people.ok('PATCH', compute(), {
      properties: { properties: { scaleSettings: { maxNodeCount: 3 } } },
    })
    const stale = await server.send('POST', `${second.proposal}/approve`, {})
    assert.match(JSON.stringify(stale.body), /was changed since this was proposed/)
    assert.equal(await nodes(), 3)
    const most = await run({ max: 3 })
    assert.match(most.done.reason, /stay at 3: 1 to 3 are allowed/)
    assert.equal(most.proposal, '')
  })

  test('any resource that is declared: shown, approved and made; refused where it is not there', async () => {
    const schedule = `${server.workspace}/schedules/nightly`
    const properties = {
      trigger: { triggerType: 'Recurrence', frequency: 'Day', interval: 1 },
      action: {
        actionType: 'CreateJob',
        jobDefinition: { jobType: 'Command', command: 'true', environmentId: ownPython },
      },
      isEnabled: false,
    }
    await people.ok('PUT', schedule, { properties })
    const set = { 'properties.trigger.interval': 7, 'properties.tags.by': 'alerts' }
    const { done, proposal } = await propose({ resource: 'schedules/nightly', set })
    assert.match(
      done.reason,
      /^proposed to change schedules\/nightly: properties\.trigger\.interval: 7, properties\.tags\.by: "alerts": twinloop proposal/,
    )
    const shown = await people.ok('GET', proposal)
    assert.match(shown.properties.diff, /- {4}interval: 1\n\+ {4}interval: 7\n/)
    assert.equal((await people.ok('GET', schedule)).properties.trigger.interval, 1)
    await people.ok('POST', `${proposal}/approve`, {})
    await server.until(proposal, ({ state }) => state === 'Applied')
    const made = (await people.ok('GET', schedule)).properties
    assert.deepEqual([made.trigger.interval, made.tags], [7, { by: 'alerts' }])
    const again = await propose({ resource: schedule, patch: { properties: { trigger: { interval: 7 } } } })
    assert.match(again.done.reason, /^schedules\/nightly is so already \(properties\.trigger\.interval: 7\)/)
    assert.equal(again.proposal, '')
    const wrong = await propose({
      resource: 'schedules/nightly',
      set: { 'properties.trigger.frequency': 'Dayly' },
    })
    await people.ok('POST', `${wrong.proposal}/approve`, {})
    const failed = await server.until(wrong.proposal, ({ state }) => state === 'Failed')
    assert.match(String(failed['problem']), /frequency/)
    const rule = `${server.workspace}/providers/Twinloop/alertRules/nightly`
    const gone = await server.send('PUT', rule, {
      properties: {
        when: { metric: 'job_wait_seconds', above: 60 },
        actions: [{ propose_change: { resource: 'schedules/nightli', set } }],
      },
    })
    assert.match(JSON.stringify(gone.body), /nightly/)
  })

  test('asks for the change of the declared file where it is kept, once', async () => {
    for (const [repository, kept] of [
      ['flights', github],
      ['at-gitlab', gitlab],
      ['at-devops', devOps],
    ] as const) {
      const { incident, done, proposal } = await run({ repository, file })
      assert.equal(done.state, 'Done', done.reason)
      const [branch = ''] = [...kept.branches.keys()].slice(1)
      assert.match(branch, /^twinloop\/busy-\d+-/)
      assert.equal(kept.branches.get(branch), declared.replace('2 #', '6 #'))
      assert.equal(kept.requests[0]?.title, 'the most nodes of compute cpu-cluster: 6')
      assert.match(kept.requests[0]?.body ?? '', /jobs wait 30 m[^]*```diff\n[^]*\+ {6}maxNodeCount: 6/)
      assert.match((await people.ok('GET', proposal)).properties.request, /^http/)
      const id = `${incident}/actions/0-propose_change`
      await server.app.platform.resources.setStatus(id, { state: 'Running' })
      await t.settled(id)
      assert.equal(kept.requests.length, 1)
    }
  })

  test('the declared file of a resource says what file_set has', async () => {
    const { proposal } = await propose({
      resource: 'computes/cpu-cluster',
      patch: { properties: { description: 'busy' } },
      repository: 'flights',
      file,
      file_set: { description: 'busy' },
    })
    assert.match((await people.ok('GET', proposal)).properties.request, /^http/)
    const branch = [...github.branches.keys()].at(-1) ?? ''
    assert.equal(github.branches.get(branch), `${declared.replace('   #', ' #')}description: busy\n`)
  })
})
