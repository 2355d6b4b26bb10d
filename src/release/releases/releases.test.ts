import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'
import type { GateResult } from '../gates/gate.ts'
import { addGate } from '../testing/gates.ts'
import { approvals } from '../testing/people.ts'
import type { ReleaseState } from './release.ts'

const looks = addGate('looks')
const compares = addGate('compares')
const scans = addGate('scans', { precautionary: true })

let server: TestApp
const t = approvals(() => server)
before(async () => {
  server = await startTestApp()
  useOwnPython(server.home)
  await t.ok('PUT', t.workspace('prod'), { location: 'local', properties: {} })
})
after(() => server.end())

const plan = (name: string, gates: readonly unknown[], more: object = {}) =>
  t.ok('PUT', t.planId(name), { properties: { model: name, stages: [{ name: 'test', gates }], ...more } })
const act = (label: string, action: string, body: object = {}) =>
  t.ok('POST', `${t.releaseId(label)}/${action}`, body)
const isIn = (state: string) => (found: ReleaseState) => found.state === state
const standing = ({ stages }: ReleaseState) =>
  stages.flatMap(({ gates }) => gates.map((gate) => `${gate.name} ${gate.state}`))
const found = (verdict: GateResult['verdict'], summary: string): { result: GateResult } => ({
  result: { verdict, summary, measures: [{ name: 'n', estimate: 1 }], notes: [], files: [] },
})

test('a registered version goes through gates in two workspaces and reigns', async () => {
  await plan('flights', [], {
    stages: [
      { name: 'test', gates: ['looks', { compares: { score: 2, min: 1 } }] },
      { name: 'production', workspace: 'prod', gates: ['looks'] },
    ],
  })
  await t.register('flights', '1')
  const state = await t.until('flights/1', isIn('succeeded'))
  assert.deepEqual(standing(state), ['looks passed', 'compares passed', 'looks passed'])
  const model = await t.ok('GET', `${server.workspace}/models/flights`)
  assert.deepEqual(model.properties.aliases, { champion: '1' })
  const copy = await t.ok('GET', `${t.workspace('prod')}/models/flights/versions/1`)
  assert.equal(copy.properties.publishedFrom.id, `${server.workspace}/models/flights/versions/1`)
  assert.match(
    copy.properties.modelUri,
    /workspaces\/prod\/datastores\/workspaceblobstore\/paths\/LocalUpload/,
  )
  assert.equal(state.startedBy.why, 'by the registration of flights:1')
  assert.ok(looks.asked.includes('flights/1') && compares.asked.includes('flights/1'))
})

test('a gate that fails blocks; tried again, only it looks, and what an attempt made is tidied up', async () => {
  await plan('retried', ['looks', { compares: { score: 0, min: 1 } }])
  await t.register('retried', '1')
  const blocked = await t.until('retried/1', isIn('blocked'))
  assert.equal(blocked.reason, 'compares failed in stage test.')
  const tidied = compares.tidied.length
  await act('retried/1', 'retry', { gate: 'compares' })
  const again = await t.until(
    'retried/1',
    (s) => s.state === 'blocked' && s.stages[0]?.gates[1]?.attempt === 2,
  )
  assert.equal(again.stages[0]?.gates[0]?.attempt, 1)
  const [first] = again.stages[0]?.gates[1]?.earlier ?? []
  assert.deepEqual([first?.attempt, first?.state, first?.result?.verdict], [1, 'failed', 'fail'])
  await t.until('retried/1', (s) => (s.leftovers ?? []).length === 0)
  assert.equal(compares.tidied.length, tidied + 1)
  await act('retried/1', 'cancel', { reason: 'no good' })
  assert.equal((await t.until('retried/1', isIn('cancelled'))).reason, 'no good')
  const refused = await server.send('POST', `${t.releaseId('retried/1')}/retry`, {})
  assert.equal(refused.status, 409)
  assert.match(refused.body.error.message, /retried\/1 is cancelled: start another one/)
})

test('a gate that crashes is an error and no failure; the next attempt may pass', async () => {
  await plan('crashed', ['looks'])
  const before = looks.advance
  looks.advance = () => {
    throw new TypeError('undefined is not a number')
  }
  await t.register('crashed', '1')
  const blocked = await t.until('crashed/1', isIn('blocked'))
  assert.deepEqual(standing(blocked), ['looks error'])
  assert.equal(blocked.stages[0]?.gates[0]?.error, 'undefined is not a number')
  looks.advance = before
  await act('crashed/1', 'retry')
  await t.until('crashed/1', isIn('succeeded'))
})

test('what is not conclusive does not pass, what does not apply does, and a plan may end at a failure', async () => {
  const before = looks.advance
  looks.advance = () => found('inconclusive', '40 rows are too few')
  await plan('unsure', ['looks'], { on_failed_gate: 'end' })
  await t.register('unsure', '1')
  assert.deepEqual(standing(await t.until('unsure/1', isIn('blocked'))), ['looks inconclusive'])
  looks.advance = () => found('not_applicable', 'there is no champion yet')
  await act('unsure/1', 'retry')
  assert.deepEqual(standing(await t.until('unsure/1', isIn('succeeded'))), ['looks passed'])
  looks.advance = () => found('fail', 'worse')
  await t.register('unsure', '2')
  assert.equal((await t.until('unsure/2', isIn('failed'))).reason, 'looks failed in stage test.')
  looks.advance = before
})

test('precautionary gates go first: while they have not let pass, nothing else looks', async () => {
  await plan('careful', ['looks', 'scans'])
  const before = scans.advance
  scans.advance = () => found('fail', 'it runs os.system')
  await t.register('careful', '1')
  assert.deepEqual(standing(await t.until('careful/1', isIn('blocked'))), ['looks pending', 'scans failed'])
  assert.ok(!looks.asked.includes('careful/1'))
  scans.advance = before
  await act('careful/1', 'retry')
  await t.until('careful/1', isIn('succeeded'))
})

test('at most two gates run side by side, and a cancel ends the jobs that they made', async () => {
  const before = looks.advance
  looks.advance = async (context) => {
    await context.job('wait', async () => ({
      jobType: 'Command',
      command: 'sleep 600',
      environmentId: ownPython,
    }))
    return { doing: 'waits' }
  }
  const three = ['a', 'b', 'c'].map((name) => ({ name, looks: {} }))
  await plan('long', three)
  await t.register('long', '1')
  const running = await t.until('long/1', (s) => s.stages[0]?.gates.filter(({ doing }) => doing).length === 2)
  assert.deepEqual(standing(running), ['a running', 'b running', 'c pending'])
  await act('long/1', 'cancel')
  const state = await t.until('long/1', isIn('cancelled'))
  assert.equal(state.stages[0]?.gates[0]?.error, 'The release ended while it ran.')
  const jobs = state.stages[0]?.gates.flatMap((gate) => Object.values(gate.jobs ?? {})) ?? []
  assert.equal(jobs.length, 2)
  for (const job of jobs) await server.until(job, (p) => p['status'] === 'Canceled')
  const events = await server.app.platform.resources.find(t.releaseId('long/1'))
  assert.equal(events?.status['state'], 'cancelled')
  looks.advance = before
})

test('evidence is kept, replaced under the same name, and read by who may read the release only', async () => {
  const before = looks.advance
  looks.advance = async (context) => {
    const page = { name: 'page.html', title: 'A page', contentType: 'text/html' }
    await context.keep(page, '<p>first</p>')
    const file = await context.keep(page, '<script>alert(1)</script>')
    return { result: { ...found('pass', 'kept').result, files: [file] } }
  }
  await plan('kept', ['looks'])
  await t.register('kept', '1')
  const state = await t.until('kept/1', isIn('succeeded'))
  assert.equal(state.stages[0]?.gates[0]?.result?.files[0]?.bytes, 25)
  const at = `${t.releaseId('kept/1')}/evidence/test/looks/1/page.html`
  const page = await server.send('GET', at)
  assert.equal(page.body, '<script>alert(1)</script>')
  assert.match(page.headers.get('content-security-policy') ?? '', /^sandbox; default-src 'none'/)
  assert.equal((await server.send('GET', at.replace('page.html', 'other'))).status, 404)
  assert.equal((await server.send('GET', at.replace('test/looks/1/page.html', '..%2f..%2fx'))).status, 404)
  const nobody = await t.person('nobody')
  assert.equal((await server.send('GET', at, undefined, nobody.as)).status, 403)
  assert.equal((await server.send('GET', at, undefined, { authorization: 'Bearer x' })).status, 401)
  looks.advance = before
})

test('a waiver takes a second person with the right, a reason and an end', async () => {
  const before = looks.advance
  looks.advance = () => found('fail', 'too slow by a hair')
  await plan('waived', ['looks'])
  const [ada, bob, eve] = [
    await t.person('ada', 'Contributor'),
    await t.person('bob', 'Contributor'),
    await t.person('eve', 'AzureML Data Scientist'),
  ]
  await t.register('waived', '1', ada)
  await t.until('waived/1', isIn('blocked'))
  const waive = (person: { as: Record<string, string> }, body: object) =>
    server.send('POST', `${t.releaseId('waived/1')}/waive`, { gate: 'looks', ...body }, person.as)
  const reason = 'the load test shared its machine'
  const refused = async (answer: ReturnType<typeof waive>, status: number, message: RegExp) => {
    const { status: got, body } = await answer
    assert.equal(got, status)
    assert.match(body.error.message, message)
  }
  await refused(waive(ada, { reason }), 403, /ada registered the candidate, and a waiver takes two people/)
  await refused(
    waive(eve, { reason }),
    403,
    /eve may not do 'Twinloop\/releasePlans\/releases\/waive\/action'/,
  )
  await refused(waive(bob, { reason: 'because' }), 400, /a reason of at least ten letters/)
  await refused(waive(bob, { reason, days: 91 }), 400, /days/)
  await refused(
    waive(bob, { reason, expiresAt: '2020-01-01T00:00:00Z' }),
    400,
    /within 90 days, and after now/,
  )
  await refused(waive(bob, { reason, gate: 'lookz' }), 404, /has no gate 'lookz'; did you mean 'looks'\?/)
  assert.equal((await waive(bob, { reason, days: 14 })).status, 200)
  const state = await t.until('waived/1', isIn('succeeded'))
  assert.deepEqual(standing(state), ['looks waived'])
  assert.equal(state.stages[0]?.gates[0]?.waiver?.by.name, 'bob')
  await refused(waive(bob, { reason }), 409, /there is nothing to waive/)
  looks.advance = before
})

test('a waiver that ends while the release stands blocked by another gate lets nothing pass', async (context) => {
  const before = [looks.advance, compares.advance] as const
  looks.advance = () => found('fail', 'too slow by a hair')
  compares.advance = () => found('inconclusive', 'too few rows')
  await plan('lapsed', ['looks', 'compares'])
  const [ada, bob] = [await t.person('ada', 'Contributor'), await t.person('bob', 'Contributor')]
  await t.register('lapsed', '1', ada)
  await t.until('lapsed/1', (state) => standing(state).join() === 'looks failed,compares inconclusive')
  const waiver = { gate: 'looks', reason: 'the load test shared its machine', days: 1 }
  await server.send('POST', `${t.releaseId('lapsed/1')}/waive`, waiver, bob.as)
  await t.until('lapsed/1', (state) => standing(state).join() === 'looks waived,compares inconclusive')
  const { platform } = server.app
  const { clock } = platform
  context.mock.method(platform, 'clock', () => new Date(clock().getTime() + 2 * 86_400_000))
  compares.advance = () => found('pass', 'rows enough')
  await act('lapsed/1', 'retry', { gate: 'compares' })
  const state = await t.until('lapsed/1', ({ reason }) => reason.startsWith('looks failed in stage'))
  assert.equal(state.state, 'blocked')
  assert.deepEqual(standing(state), ['looks failed', 'compares passed'])
  assert.ok(state.timeline.some(({ what }) => what === 'the waiver of looks has expired'))
  ;[looks.advance, compares.advance] = before
})

test('a release is a record: it is not changed, and goes only with its plan', async () => {
  const id = t.releaseId('flights/1')
  const change = await server.send('PUT', id, { properties: { version: '2' } })
  assert.equal(change.status, 400)
  assert.equal((await server.send('PUT', id, { properties: { version: '1', why: 'other' } })).status, 400)
  assert.match((await server.send('DELETE', id)).body.error.message, /A release is kept as the record/)
  assert.equal((await server.send('DELETE', t.planId('flights'))).status, 200)
  assert.equal((await server.send('GET', id)).status, 404)
})
