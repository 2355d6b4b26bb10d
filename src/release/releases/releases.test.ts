import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { addGate } from '../testing/gates.ts'
import type { ReleaseState } from './release.ts'

const looks = addGate('looks')
const compares = addGate('compares')

let server: TestApp
before(async () => {
  server = await startTestApp()
  await ok('PUT', server.workspace.replace(/[^/]+$/, 'prod'), { location: 'local', properties: {} })
})
after(() => server.end())

async function ok(method: string, path: string, body?: unknown) {
  const answer = await server.send(method, path, body)
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** Registers a version whose files are one small blob. */
async function register(model: string, version: string, tags = {}) {
  const { platform } = server.app
  const workspace = await platform.resources.get(server.workspace)
  const path = `LocalUpload/${model}-${version}/model.txt`
  await platform.artifacts.put(
    { container: `${String(workspace.status['workspaceId'])}-blobstore`, path },
    Buffer.from(`model ${version}`),
  )
  await ok('PUT', `${server.workspace}/models/${model}/versions/${version}`, {
    properties: { modelUri: `azureml://datastores/workspaceblobstore/paths/${path}`, tags },
  })
}

const planId = (name: string) => `${server.workspace}/providers/Twinloop/releasePlans/${name}`
const put = (name: string, properties: object) => ok('PUT', planId(name), { properties })
const releaseId = (label: string) => planId(label.replace('/', '/releases/'))
const until = async (label: string, done: (state: ReleaseState) => boolean) =>
  (await server.until(
    releaseId(label),
    (p) => p['state'] !== undefined && done(p as ReleaseState),
  )) as ReleaseState
const isIn = (state: string) => (found: ReleaseState) => found.state === state

test('a registered version goes through gates in two workspaces and reigns', async () => {
  await put('flights', {
    model: 'flights',
    stages: [
      { name: 'test', gates: ['looks', { compares: { score: 2, min: 1 } }] },
      { name: 'production', workspace: 'prod', gates: ['looks'] },
    ],
  })
  await register('flights', '1')
  const state = await until('flights/1', isIn('succeeded'))
  assert.deepEqual(
    state.stages.map(({ name, state, gates }) => [
      name,
      state,
      gates.map((gate) => `${gate.name} ${gate.state}`),
    ]),
    [
      ['test', 'succeeded', ['looks passed', 'compares passed']],
      ['production', 'succeeded', ['looks passed']],
    ],
  )
  const model = await ok('GET', `${server.workspace}/models/flights`)
  assert.deepEqual(model.properties.aliases, { champion: '1' })
  const copy = await ok('GET', `${server.workspace.replace(/[^/]+$/, 'prod')}/models/flights/versions/1`)
  assert.equal(copy.properties.publishedFrom.id, `${server.workspace}/models/flights/versions/1`)
  assert.match(
    copy.properties.modelUri,
    /workspaces\/prod\/datastores\/workspaceblobstore\/paths\/LocalUpload/,
  )
  assert.equal(state.startedBy.why, 'by the registration of flights:1')
  assert.ok(looks.asked.includes('flights/1') && compares.asked.includes('flights/1'))
})

test('a gate that fails blocks; retried with another outcome the release goes on, its other gates stand', async () => {
  await put('retried', {
    model: 'retried',
    stages: [{ name: 'test', gates: ['looks', { compares: { score: 0, min: 1 } }] }],
  })
  await register('retried', '1')
  const blocked = await until('retried/1', isIn('blocked'))
  assert.equal(blocked.reason, 'compares failed in stage test.')
  await ok('POST', `${releaseId('retried/1')}/retry`, { gate: 'compares' })
  const again = await until('retried/1', (s) => s.state === 'blocked' && s.stages[0]?.gates[1]?.attempt === 2)
  assert.equal(again.stages[0]?.gates[0]?.attempt, 1)
  await ok('POST', `${releaseId('retried/1')}/cancel`, { reason: 'no good' })
  assert.equal((await until('retried/1', isIn('cancelled'))).reason, 'no good')
})

test('an approval by somebody in the role lets it go on', async () => {
  await put('asked', {
    model: 'asked',
    stages: [{ name: 'production', approval: { roles: ['Owner'], not_requester: false } }],
  })
  await register('asked', '1')
  await until('asked/1', isIn('waiting'))
  await ok('POST', `${releaseId('asked/1')}/approve`, { comment: 'good' })
  const state = await until('asked/1', isIn('succeeded'))
  assert.equal(state.stages[0]?.approval?.decisions[0]?.comment, 'good')
})
