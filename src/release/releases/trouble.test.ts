import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { addGate } from '../testing/gates.ts'
import { approvals } from '../testing/people.ts'
import { deliveries } from '../delivery/deliveries.ts'
import type { DeliveryContext } from '../delivery/delivery.ts'
import type { ReleaseState } from './release.ts'

addGate('passes')

let server: TestApp
const t = approvals(() => server)
before(async () => {
  server = await startTestApp()
  await t.ok('PUT', t.workspace('prod'), { location: 'local', properties: {} })
  await t.ok('PUT', registry(), { location: 'local', properties: {} })
})
after(() => server.end())

const registry = () => server.workspace.replace(/workspaces\/[^/]+$/, 'registries/shelf')
const isIn = (state: string) => (found: ReleaseState) => found.state === state

test('what stands in its way in a workspace blocks it with the reason, and a retry goes on when it has gone', async () => {
  await t.ok('PUT', t.planId('twice'), {
    properties: { model: 'twice', stages: [{ name: 'production', workspace: 'prod', gates: ['passes'] }] },
  })
  const there = `${t.workspace('prod')}/models/twice/versions/1`
  await t.ok('PUT', there, { properties: { modelUri: 'https://example.org/model' } })
  await t.register('twice', '1')
  const blocked = await t.until('twice/1', isIn('blocked'))
  assert.match(
    blocked.reason,
    /^Workspace 'prod' has another twice:1 already, registered by .*: it is no copy/,
  )
  await t.ok('DELETE', there)
  await t.ok('POST', `${t.releaseId('twice/1')}/retry`, {})
  await t.until('twice/1', isIn('succeeded'))
})

test('a version is published when all stages have succeeded, and reigns after that only', async () => {
  await t.ok('PUT', t.planId('shared'), {
    properties: { model: 'shared', registry: 'shelf', stages: [{ name: 'test', gates: ['passes'] }] },
  })
  await t.register('shared', '1')
  const state = await t.until('shared/1', isIn('succeeded'))
  assert.equal(state.published, `${registry()}/models/shared/versions/1`)
  const published = await t.ok('GET', state.published ?? '')
  assert.equal(published.properties.publishedFrom.id, `${server.workspace}/models/shared/versions/1`)
  const said = state.timeline.map(({ what }) => what)
  assert.ok(
    said.findIndex((what) => what.startsWith('published')) <
      said.findIndex((what) => what.startsWith('succeeded')),
  )
})

test('a registry that has other content under the version is told, not overwritten', async () => {
  await t.register('taken', '2')
  const source = `${server.workspace}/models/shared/versions/1`
  await t.ok('POST', `${registry()}/import`, {
    properties: { sourceAssetId: source, destinationName: 'taken', destinationVersion: '2' },
  })
  await t.ok('PUT', t.planId('taken'), {
    properties: {
      model: 'taken',
      registry: 'shelf',
      start: 'by_hand',
      stages: [{ name: 'test', gates: ['passes'] }],
    },
  })
  await t.ok('POST', `${t.planId('taken')}/start`, {})
  const blocked = await t.until('taken/1', isIn('blocked'))
  assert.match(blocked.reason, /Version 2 of 'taken' was published in registry 'shelf' with other content/)
  const model = await t.ok('GET', `${server.workspace}/models/taken`)
  assert.equal(model.properties.aliases?.champion, undefined)
})

test('a champion that came meanwhile has somebody look before anything is delivered', async () => {
  await t.register('moved', '1')
  await t.register('moved', '2')
  await t.ok('PUT', t.planId('moved'), {
    properties: {
      model: 'moved',
      start: 'by_hand',
      stages: [
        {
          name: 'production',
          gates: ['passes'],
          approval: { roles: ['Owner'], not_requester: false },
          deliver: {
            online: 'moved',
            freeze: { from: new Date().toISOString().slice(0, 10), for: '48h', reason: 'always' },
          },
        },
      ],
    },
  })
  await t.ok('POST', `${t.planId('moved')}/start`, { version: '2' })
  await t.until('moved/1', isIn('waiting'))
  await t.ok('POST', `${server.workspace}/models/moved/setAlias`, { alias: 'champion', version: '1' })
  await t.ok('POST', `${t.releaseId('moved/1')}/approve`, {})
  const frozen = await t.until('moved/1', (s) => s.reason.startsWith('Nothing is delivered until'))
  assert.match(frozen.reason, /\(always\)\.$/)
  await t.ok('PUT', t.planId('unfrozen'), {
    properties: {
      model: 'moved',
      start: 'by_hand',
      stages: [
        {
          name: 'production',
          gates: ['passes'],
          approval: { roles: ['Owner'], not_requester: false },
          deliver: { online: 'other' },
        },
      ],
    },
  })
  await t.ok('POST', `${t.planId('unfrozen')}/start`, { version: '2' })
  await t.until('unfrozen/1', isIn('waiting'))
  await t.ok('POST', `${server.workspace}/models/moved/deleteAlias`, { alias: 'champion' })
  await t.ok('POST', `${t.releaseId('unfrozen/1')}/approve`, {})
  const blocked = await t.until('unfrozen/1', isIn('blocked'))
  assert.match(blocked.reason, /^There is no champion any more, and it was moved:1 when the gates compared/)
  const promoted = await server.send('POST', `${t.releaseId('unfrozen/1')}/promote`, {})
  assert.equal(promoted.status, 409)
  await t.ok('POST', `${t.releaseId('unfrozen/1')}/cancel`, {})
  await t.until('unfrozen/1', isIn('cancelled'))
})

test('two plans that deliver to one endpoint do so one after the other', async (context) => {
  context.mock.method(deliveries, 'deliver', async ({ record }: DeliveryContext) => ({
    record: { ...record, state: 'running', doing: 'is on its way' },
    again: 60_000,
  }))
  for (const [plan, online] of [
    ['first', 'shared-door'],
    ['second', 'Shared-Door'],
    ['third', 'own-door'],
  ] as const) {
    await t.register(plan, '1')
    const stages = [{ name: 'production', gates: ['passes'], deliver: { online } }]
    await t.ok('PUT', t.planId(plan), { properties: { model: plan, start: 'by_hand', stages } })
    await t.ok('POST', `${t.planId(plan)}/start`, {})
    const state = await t.until(`${plan}/1`, ({ state: is }) => is === 'delivering' || is === 'waiting')
    assert.equal(state.state, plan === 'second' ? 'waiting' : 'delivering')
    if (plan === 'second') assert.equal(state.reason, 'Release first/1 is being delivered.')
  }
})
