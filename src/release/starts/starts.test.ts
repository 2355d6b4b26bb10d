import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import type { ReleaseState } from '../releases/release.ts'
import { addGate } from '../testing/gates.ts'
import { approvals } from '../testing/people.ts'
import { startOnRegistration } from './on-events.ts'
import { startRelease } from './start.ts'

const waits = addGate('waits')
waits.advance = () => ({ doing: 'waits for its test', again: 3_600_000 })
addGate('passes')

let server: TestApp
const t = approvals(() => server)
before(async () => {
  server = await startTestApp()
})
after(() => server.end())

const plan = (name: string, properties: object = {}, gate = 'waits') =>
  t.ok('PUT', t.planId(name), {
    properties: { model: name, stages: [{ name: 'test', gates: [gate] }], ...properties },
  })
const releases = async (name: string): Promise<readonly { name: string; properties: ReleaseState }[]> =>
  (await t.ok('GET', `${t.planId(name)}/releases`)).value
const isIn = (state: string) => (found: ReleaseState) => found.state === state
const lastStart = async (name: string, done: (what: string) => boolean) =>
  (
    await server.until(t.planId(name), (p) => {
      const { what } = (p['lastStart'] ?? {}) as { what?: string }
      return what !== undefined && done(what)
    })
  )['lastStart'] as { by: string; what: string }

test('the same event starts one release, however often it is told', async () => {
  await plan('told')
  await t.register('told', '1')
  await t.until('told/1', isIn('running'))
  const event = {
    type: 'Microsoft.MachineLearningServices.ModelRegistered',
    subject: 'models/told:1',
    source: server.workspace,
    data: { ModelName: 'told', ModelVersion: '1', ModelTags: {} },
    seq: 1,
    id: 'e',
    time: new Date(),
  }
  await Promise.all([1, 2, 3].map(() => startOnRegistration.handle(event, server.app.platform)))
  assert.equal((await releases('told')).length, 1)
})

test('starts that come at the same time make one release of a version', async () => {
  await plan('raced', { start: 'by_hand', supersede: false })
  await t.register('raced', '1')
  await t.register('raced', '2')
  const { platform } = server.app
  const actor = platform.identity('release')
  const both = await Promise.all(
    ['1', '2', '1', '2', '1'].map((version) => startRelease(platform, actor, t.planId('raced'), { version })),
  )
  assert.equal(both.filter(({ created }) => created).length, 2)
  assert.deepEqual((await releases('raced')).map(({ name }) => name).toSorted(), ['1', '2'])
})

test('only versions with the tags of the plan are candidates, and by hand any is', async () => {
  await plan('tagged', { start: { on: ['model_registered'], tags: { candidate: 'true' } } })
  await t.register('tagged', '1')
  const none = await server.send('POST', `${t.planId('tagged')}/start`, {})
  assert.equal(none.status, 404)
  assert.match(none.body.error.message, /no version with candidate=true to release yet/)
  const wrong = await server.send('POST', `${t.planId('tagged')}/start`, { version: '12' })
  assert.match(wrong.body.error.message, /version '12' of model 'tagged' of workspace 'dev' does not exist/)
  const { body } = await server.send('POST', `${t.planId('tagged')}/start`, {
    version: '1',
    reason: 'to see',
  })
  assert.deepEqual([body.name, body.created, body.properties.startedBy.why], ['1', true, 'to see'])
  const again = await server.send('POST', `${t.planId('tagged')}/start`, { version: 'latest' })
  assert.deepEqual([again.body.name, again.body.created], ['1', false])
})

test('a newer candidate supersedes one that has not begun to deliver', async () => {
  await plan('newer')
  await t.register('newer', '1')
  await t.until('newer/1', isIn('running'))
  await t.register('newer', '2')
  const old = await t.until('newer/1', isIn('superseded'))
  assert.equal(old.reason, 'Release newer/2 of newer:2 took its place.')
  await t.until('newer/2', (s) => s.state === 'running' && s.stages[0]?.gates[0]?.state === 'running')
  const model = await t.ok('GET', `${server.workspace}/models/newer`)
  assert.deepEqual(model.properties.aliases, { challenger: '2' })
})

test('an alias that is set starts a release; one that a release sets itself does not', async () => {
  await plan('named', { start: { alias: 'challenger' } }, 'passes')
  await t.register('named', '1')
  await t.ok('POST', `${server.workspace}/models/named/setAlias`, { alias: 'challenger', version: '1' })
  await t.until('named/1', isIn('succeeded'))
  await t.register('named', '2')
  await t.ok('POST', `${server.workspace}/models/named/setAlias`, { alias: 'other', version: '2' })
  await t.ok('POST', `${t.planId('named')}/start`, { version: '@other' })
  await t.until('named/2', isIn('succeeded'))
  // The release made its version the challenger and took that back: a third would have been there by the end of this.
  await t.ok('POST', `${server.workspace}/models/named/setAlias`, { alias: 'challenger', version: '1' })
  const third = await t.until('named/3', isIn('succeeded'))
  assert.match(third.startedBy.why, /^by alias challenger, which .* set to named:1 at /)
  assert.equal((await releases('named')).length, 3)
})

test('a schedule releases the newest version when it is due, and says so on the plan', async () => {
  await t.register('timed', '1')
  await plan('timed', { start: { schedule: { cron: '0 6 * * MON' } } }, 'passes')
  const { properties } = await t.ok('GET', t.planId('timed'))
  assert.match(properties.nextRun, /T06:00:00\.000Z$/)
  const due = new Date(Date.now() - 1000).toISOString()
  await server.app.platform.resources.setStatus(t.planId('timed').toLowerCase(), { nextRun: due })
  assert.deepEqual(await lastStart('timed', () => true).then(({ by, what }) => [by, what]), [
    `its schedule, due at ${due}`,
    'started timed/1',
  ])
  await t.until('timed/1', isIn('succeeded'))
  const after = await server.until(t.planId('timed'), (p) => p['nextRun'] !== due)
  assert.equal(after['nextRun'], properties.nextRun)
})

test('whoever may not start a release any more does not by a plan; nor does a plan act beyond its writer', async () => {
  const carl = await t.person('carl')
  const role = await t.give(carl, 'AzureML Data Scientist')
  const body = { properties: { model: 'gone', stages: [{ name: 'test', gates: ['passes'] }] } }
  await t.ok('PUT', t.planId('gone'), body, carl.as)
  await t.ok('DELETE', role)
  await t.register('gone', '1')
  const { what } = await lastStart('gone', (said) => said.startsWith('not started'))
  assert.match(what, /not started: carl may not do 'Twinloop\/releasePlans\/releases\/write'/)
  await t.ok('PUT', t.workspace('vault'), { location: 'local', properties: {} })
  await t.give(carl, 'AzureML Data Scientist')
  const beyond = {
    properties: { model: 'gone', stages: [{ name: 'x', workspace: 'vault', gates: ['passes'] }] },
  }
  const refused = await server.send('PUT', t.planId('gone'), beyond, carl.as)
  assert.equal(refused.status, 400)
  assert.equal(refused.body.error.target, 'properties.stages.0.workspace')
  assert.match(refused.body.error.message, /carl may not run jobs in workspace 'vault'/)
})

test('a plan is checked with every mistake at its place, and nothing is kept of it', async () => {
  const bad = {
    model: 'm',
    registry: 'shelff',
    stages: [{ name: 's', workspace: 'devv', gates: ['passes'], approval: { roles: ['Ownr'] } }],
  }
  const { status, body } = await server.send('PUT', t.planId('bad'), { properties: bad })
  assert.equal(status, 400)
  assert.deepEqual(
    body.error.details.map(({ target, message }: { target: string; message: string }) => [
      target,
      /did you mean '(.*)'/.exec(message)?.[1],
    ]),
    [
      ['properties.registry', undefined],
      ['properties.stages.0.approval.roles.0', 'Owner'],
      ['properties.stages.0.workspace', 'dev'],
    ],
  )
  assert.equal((await server.send('GET', t.planId('bad'))).status, 404)
  const good = { model: 'm', stages: [{ name: 's', gates: ['passes'] }] }
  const checked = await server.send('POST', `${t.planId('m')}/check`, { properties: good })
  assert.equal(checked.body.stages[0].gates[0].gate, 'passes')
  assert.equal((await server.send('GET', t.planId('m'))).status, 404)
})

test('a plan that this server cannot read any more keeps no other from starting, and can be repaired', async () => {
  await plan('unread')
  await plan('read', { model: 'unread' })
  const { platform } = server.app
  // As an older server may have left it.
  const retired = JSON.stringify({ model: 'unread', stages: [{ name: 'test', gates: ['retired'] }] })
  await platform.store.db
    .updateTable('resources')
    .set({ properties: retired })
    .where('key', '=', t.planId('unread').toLowerCase())
    .execute()
  await t.register('unread', '1')
  await t.until('read/1', isIn('running'))
  const { what } = await lastStart('unread', () => true)
  assert.match(what, /^not started: This release plan cannot be read: .*'retired'/)
  await plan('unread')
})
