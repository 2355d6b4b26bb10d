import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { releasesReconciler } from '../releases/reconcilers.ts'
import { addGate } from '../testing/gates.ts'
import { approvals, type TestPerson } from '../testing/people.ts'

const looks = addGate('approval-looks')
const engineer = 'ML Engineer'
const rule = { roles: [engineer] }

describe('approvals of releases', () => {
  let t: TestApp
  const a = approvals(() => t)
  let [ana, ben, dana] = [{} as TestPerson, {} as TestPerson, {} as TestPerson]
  before(async () => {
    t = await startTestApp()
    ana = await a.person('ana', engineer, { displayName: 'Ana Silva' })
    ben = await a.person('ben', engineer)
    dana = await a.person('dana', 'AzureML Data Scientist')
  })
  after(() => t.end())

  test('somebody else with the role lets it go on; it is in timeline and audit', async () => {
    const label = await a.waiting('plain', rule, { by: dana })
    const { status, body } = await a.decide(ana, label, 'approve', { comment: 'worth it', via: 'cli' })
    assert.deepEqual([status, body.state, body.missing], [200, 'approved', 0])
    const state = await a.until(label, (s) => s.state === 'succeeded')
    assert.ok(
      state.timeline.some(
        ({ who, what }) => who === 'Ana Silva' && what === 'approved it as ML Engineer: worth it',
      ),
    )
    const audit = await a.ok('GET', `${a.releaseId(label)}/providers/Twinloop/audit`)
    assert.ok(
      (audit.value as { actor: string; operation: string }[]).some(
        (row) => row.actor === ana.id && row.operation === 'Twinloop/releasePlans/releases/approve/action',
      ),
    )
  })

  test('says for whom it waits, and whose word does not count', async () => {
    const label = await a.waiting('says', rule, { by: ben })
    const { reason } = await a.until(label, (s) => s.state === 'waiting')
    assert.match(reason, /waits for one approval by ML Engineer at workspace 'dev': Ana Silva\.$/)
    const own = await a.decide(ben, label, 'approve')
    assert.deepEqual([own.status, own.body.error.code], [403, 'AuthorizationFailed'])
    assert.match(own.body.error.message, /ben registered the candidate, and somebody else has to approve it/)
    const scientist = await a.decide(dana, label, 'approve')
    assert.equal(scientist.status, 403)
    assert.match(scientist.body.error.message, /dana needs the role 'ML Engineer' at workspace 'dev'/)
    const root = await t.send('POST', `${a.releaseId(label)}/approve`, {})
    assert.equal(root.status, 403, 'an owner who is not in a role of the rule')
  })

  test('a refusal needs its reason, ends the release, and cannot be approved away', async () => {
    const label = await a.waiting('refused', { ...rule, count: 2 }, { by: dana })
    assert.equal((await a.decide(ana, label, 'approve')).status, 200)
    const empty = await a.decide(ben, label, 'refuse', { comment: '  ' })
    assert.deepEqual([empty.status, empty.body.error.target], [400, 'comment'])
    assert.equal((await a.decide(ben, label, 'refuse', { comment: 'too slow' })).status, 200)
    const state = await a.until(label, (s) => s.state === 'refused')
    assert.equal(state.reason, 'ben refused stage production: too slow')
    for (const person of [ana, ben]) assert.equal((await a.decide(person, label, 'approve')).status, 409)
  })

  test('a role that is taken before the count is reached takes its approval along', async () => {
    const eve = await a.person('eve')
    const role = await a.give(eve, engineer)
    const label = await a.waiting('taken', { ...rule, count: 2 }, { by: dana })
    assert.equal((await a.decide(eve, label, 'approve')).body.missing, 1)
    await a.ok('DELETE', role)
    const second = await a.decide(ana, label, 'approve')
    assert.deepEqual([second.body.state, second.body.missing], ['open', 1])
    assert.equal((await a.decide(ben, label, 'approve')).body.state, 'approved')
  })

  test('a role that is given again counts when the release is looked at next', async () => {
    const ina = await a.person('ina')
    const role = await a.give(ina, engineer)
    const label = await a.waiting('again', { ...rule, count: 2 }, { by: dana })
    await a.decide(ina, label, 'approve')
    await a.ok('DELETE', role)
    assert.equal((await a.decide(ana, label, 'approve')).body.state, 'open')
    await a.give(ina, engineer)
    t.app.platform.wake(releasesReconciler, a.releaseId(label).toLowerCase())
    await a.until(label, (s) => s.state === 'succeeded')
  })

  test('nobody decides about a release that is cancelled', async () => {
    const label = await a.waiting('cancelled', { ...rule, count: 2 }, { by: dana })
    await a.ok('POST', `${a.releaseId(label)}/cancel`, {})
    for (const verdict of ['approve', 'refuse'] as const) {
      const { status, body } = await a.decide(ana, label, verdict, { comment: 'too late' })
      assert.equal(status, 409)
      assert.match(body.error.message, /waits for no approval: it is (being )?cancelled/)
    }
    const { stages } = await a.until(label, (s) => s.state === 'cancelled')
    assert.deepEqual(stages[0]?.approval?.decisions, [])
  })

  test('a person who is disabled counts no more', async () => {
    await a.person('fay', engineer).then(async (fay) => {
      const label = await a.waiting('disabled', { ...rule, count: 2 }, { by: dana })
      assert.equal((await a.decide(fay, label, 'approve')).body.missing, 1)
      await a.ok('PUT', '/providers/Twinloop/users/fay', { properties: { accountEnabled: false } })
      assert.equal((await a.decide(ana, label, 'approve')).body.missing, 1)
    })
  })

  test('two who approve at once are two, and one who approves twice at once is one', async () => {
    const label = await a.waiting('race', { ...rule, count: 2 }, { by: dana })
    const [x, y] = await Promise.all([a.decide(ana, label, 'approve'), a.decide(ana, label, 'approve')])
    assert.deepEqual([x.body.missing, y.body.missing], [1, 1])
    const both = await a.waiting('race2', { ...rule, count: 2 }, { by: dana })
    const states = await Promise.all([ana, ben].map((person) => a.decide(person, both, 'approve')))
    assert.deepEqual(new Set(states.map(({ body }) => String(body.state))), new Set(['approved', 'open']))
    await a.until(both, (s) => s.state === 'succeeded')
  })

  test('other evidence voids what was decided upon the earlier one', async () => {
    const label = await a.waiting('retried', { ...rule, count: 2 }, { by: dana, gates: ['approval-looks'] })
    const first = await a.until(label, (s) => s.state === 'waiting')
    const { evidence } = first.stages[0]?.approval ?? assert.fail()
    assert.equal((await a.decide(ana, label, 'approve', { evidence })).body.missing, 1)
    // As a gate that is looked at again while the approval is open would leave it.
    const stages = first.stages.map((stage) => ({
      ...stage,
      approval: { ...stage.approval, decisions: [{ ...approvalOf(ana), evidence }] },
      gates: stage.gates.map((gate) => ({ ...gate, attempt: 2 })),
    }))
    await t.app.platform.resources.setStatus(a.releaseId(label).toLowerCase(), { stages })
    const anew = await a.until(label, (s) => s.stages[0]?.approval?.evidence !== evidence)
    assert.match(anew.reason, /waits for 2 approvals/)
    const stale = await a.decide(ben, label, 'approve', { evidence })
    assert.equal(stale.status, 409)
    assert.match(stale.body.error.message, /has changed since: look at it again/)
    assert.equal((await a.decide(ben, label, 'approve')).body.missing, 1)
    assert.equal((await a.decide(ana, label, 'approve')).body.state, 'approved')
  })
  const approvalOf = ({ id, name }: TestPerson) => ({
    verdict: 'approve',
    by: { id, name },
    role: engineer,
    at: new Date().toISOString(),
    via: 'rest',
  })

  test('expires when nobody decides', async () => {
    const label = await a.waiting('expires', { ...rule, within: '1s' }, { by: dana })
    const state = await a.until(label, (s) => s.state === 'expired')
    assert.match(state.reason, /Stage production was not approved until/)
    assert.equal((await a.decide(ana, label, 'approve')).status, 409)
  })

  test('whoever submits by a program, or has its password, has asked for it, too', async () => {
    const ci = await a.program('ci-train', 'AzureML Data Scientist')
    const { body } = await t.send('POST', '/providers/Twinloop/servicePrincipals/ci-train/addPassword', {})
    assert.ok(body.secretText)
    const gil = await a.person('gil', engineer)
    await a.give(gil, 'Owner', '')
    await a.ok('POST', '/providers/Twinloop/servicePrincipals/ci-train/addPassword', {}, gil.as)
    const label = await a.waiting('program', rule, { by: ci })
    const refused = await a.decide(gil, label, 'approve')
    assert.equal(refused.status, 403)
    assert.match(refused.body.error.message, /gil has a password of ci-train, which registered the candidate/)
    assert.equal((await a.decide(ana, label, 'approve')).body.state, 'approved')
  })

  test('the token of a job does not speak for whoever submitted it', async () => {
    const label = await a.waiting('job', rule, { by: dana })
    const token = await t.app.platform.access.issueToken(ana.id, {
      purpose: 'job:x',
      confinedTo: t.workspace,
    })
    const answer = await t.send(
      'POST',
      `${a.releaseId(label)}/approve`,
      {},
      { authorization: `Bearer ${token}` },
    )
    assert.equal(answer.status, 403)
    assert.match(answer.body.error.message, /confined to/)
  })

  test('whoever cannot read the release is not told of it', async () => {
    const label = await a.waiting('hidden', rule, { by: dana })
    const stranger = await a.person('stranger')
    assert.equal((await a.decide(stranger, label, 'approve')).status, 403)
  })

  test('a plan that asks for what cannot be is refused, with the nearest right thing', async () => {
    const wrong = async (approval: object) => {
      const properties = { model: 'wrong', stages: [{ name: 'production', approval }] }
      const { status, body } = await t.send('PUT', a.planId('wrong'), { properties })
      assert.equal(status, 400)
      return JSON.stringify(body.error)
    }
    assert.match(
      await wrong({ roles: ['ML Enginer'] }),
      /there is no role 'ML Enginer'; did you mean 'ML Engineer'/,
    )
    assert.match(
      await wrong({ roles: ['Reader'] }),
      /'Reader' may not approve releases; Owner, Contributor, ML Engineer/,
    )
    await a.ok('PUT', `${t.workspace}/connections/ops`, {
      properties: { category: 'GenericHttp', target: 'http://127.0.0.1:1' },
    })
    assert.match(
      await wrong({ ...rule, notify: ['opps'] }),
      /no connection 'opps' in this workspace; did you mean 'ops'/,
    )
    assert.match(await wrong({ ...rule, notify: ['a b@example.org'] }), /no address for mail/)
    const many = Array.from({ length: 21 }, (_, i) => `p${i}@example.org`)
    assert.match(await wrong({ ...rule, notify: many }), /21 receivers are more than 20/)
  })

  test('roles count at the stage’s workspace, where they are inherited', async () => {
    await a.ok('PUT', a.workspace('prod'), { location: 'local', properties: {} })
    const hal = await a.person('hal', 'Reader')
    const group = t.workspace.split('/providers/')[0] ?? ''
    await a.ok('PUT', a.planId('elsewhere'), {
      properties: { model: 'elsewhere', stages: [{ name: 'production', workspace: 'prod', approval: rule }] },
    })
    await a.register('elsewhere', '1', dana)
    await a.until('elsewhere/1', (s) => s.state === 'waiting')
    const here = await a.decide(ana, 'elsewhere/1', 'approve')
    assert.equal(here.status, 403)
    assert.match(here.body.error.message, /needs the role 'ML Engineer' at workspace 'prod'/)
    const inherited = await a.give(hal, engineer, group)
    assert.equal((await a.decide(hal, 'elsewhere/1', 'approve')).body.state, 'approved')
    await a.ok('DELETE', inherited)
  })

  test('a gate is asked before anybody is', () => {
    assert.ok(looks.asked.includes('retried/1'))
  })
})

describe('standing in', () => {
  let t: TestApp
  const a = approvals(() => t)
  let [ana, ben, dana] = [{} as TestPerson, {} as TestPerson, {} as TestPerson]
  before(async () => {
    t = await startTestApp()
    ana = await a.person('ana', engineer)
    ben = await a.person('ben', 'Reader')
    dana = await a.person('dana', 'AzureML Data Scientist')
  })
  after(() => t.end())

  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  const delegate = (by: TestPerson, name: string, properties: object) =>
    t.send(
      'PUT',
      `${t.workspace}/providers/Twinloop/approvalDelegations/${name}`,
      { properties: { until: inDays(7), reason: 'on holiday', ...properties } },
      by.as,
    )

  test('a person lets another decide for them, who counts as them', async () => {
    const made = await delegate(ana, 'holiday', { to: 'BEN@example.org' })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.deepEqual(
      [made.body.properties.from, made.body.properties.to, made.body.properties.inForce],
      [ana.id, ben.id, true],
    )
    const label = await a.waiting('one', { roles: [engineer], count: 2 }, { by: dana })
    const { body } = await a.decide(ben, label, 'approve')
    assert.deepEqual([body.decision.onBehalfOf.id, body.missing], [ana.id, 1])
    const both = await a.decide(ana, label, 'approve')
    assert.equal(both.body.missing, 1, 'one right, used twice')
  })

  test('nobody delegates what is not theirs, nor what was delegated to them', async () => {
    const cases = [
      [dana, { to: 'ben' }, 403, /no role in this workspace that may approve/],
      [ana, { to: 'ana' }, 400, /somebody else/],
      [ana, { to: 'bem' }, 400, /Did you mean 'ben'/],
      [ana, { from: 'dana', to: 'ben' }, 403, /somebody else's/],
      [ana, { to: 'ben', until: inDays(-1) }, 400, /not after its beginning/],
      [ana, { to: 'ben', until: inDays(200) }, 400, /90 days/],
      [ana, { to: 'ben', since: inDays(-3) }, 400, /nobody stood in before/],
      [ana, { to: 'ben', reason: ' ' }, 400, /reason/],
    ] as const
    for (const [by, properties, status, message] of cases) {
      const answer = await delegate(by, 'bad', properties)
      assert.equal(answer.status, status, JSON.stringify([properties, answer.body]))
      assert.match(answer.body.error.message, message)
    }
    // Reader may not even write one.
    assert.equal((await delegate(ben, 'on', { to: 'dana' })).status, 403)
    await a.give(ben, 'AzureML Data Scientist')
    const chain = await delegate(ben, 'on', { to: 'dana' })
    assert.match(chain.body.error.message, /not passed on/)
    const root = await t.send('PUT', `${t.workspace}/providers/Twinloop/approvalDelegations/bad`, {
      properties: { from: 'ana', to: 'ben', until: inDays(1), reason: 'because I can' },
    })
    assert.equal(root.status, 403, 'not even the administrator')
  })

  test('one that is withdrawn voids what was decided by it', async () => {
    await delegate(ana, 'short', { to: 'ben' })
    const cy = await a.person('cy', engineer)
    const label = await a.waiting('withdrawn', { roles: [engineer], count: 2 }, { by: dana })
    assert.equal((await a.decide(ben, label, 'approve')).body.missing, 1)
    for (const name of ['short', 'holiday'])
      await a.ok('DELETE', `${t.workspace}/providers/Twinloop/approvalDelegations/${name}`, undefined, ana.as)
    assert.equal((await a.decide(cy, label, 'approve')).body.missing, 1)
    assert.equal((await a.decide(ben, label, 'approve')).status, 403)
  })
})

describe('CI decides', () => {
  let t: TestApp
  const a = approvals(() => t)
  let [gate, dana] = [{} as TestPerson, {} as TestPerson]
  before(async () => {
    t = await startTestApp()
    gate = await a.program('ci-production', 'Release Approver')
    dana = await a.person('dana', 'AzureML Data Scientist', { identities: ['github:dana-d'] })
    await a.person('olga', 'Reader', { identities: ['github:octocat'] })
  })
  after(() => t.end())
  const claim = { onBehalfOf: 'github:octocat', run: 'https://github.com/acme/flights/actions/runs/1' }
  const ciRule = { roles: ['Release Approver'], ci: true }

  test('where the plan lets it, for whom it has asked, with the run as evidence', async () => {
    const label = await a.waiting('ci', ciRule, { by: dana })
    const { status, body } = await a.decide(gate, label, 'approve', claim)
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual(
      [body.decision.via, body.decision.run, body.decision.onBehalfOf.name, body.state],
      ['ci', claim.run, 'olga', 'approved'],
    )
  })

  test('not where the plan says nothing, not without a claim, and not for who asked', async () => {
    const closed = await a.waiting('closed', { roles: ['Release Approver'] }, { by: dana })
    assert.match((await a.decide(gate, closed, 'approve', claim)).body.error.message, /`ci: true`/)
    const label = await a.waiting('claims', ciRule, { by: dana })
    assert.match((await a.decide(gate, label, 'approve')).body.error.message, /for whom it decides/)
    const { run, onBehalfOf } = claim
    assert.equal((await a.decide(gate, label, 'approve', { onBehalfOf })).status, 400)
    assert.equal((await a.decide(gate, label, 'approve', { via: 'ci' })).status, 400)
    assert.equal(
      (await a.decide(gate, label, 'approve', { onBehalfOf, run: 'javascript:alert(1)' })).status,
      400,
    )
    assert.equal((await a.decide(gate, label, 'approve', { onBehalfOf: 'octocat', run })).status, 400)
    const own = await a.decide(gate, label, 'approve', { run, onBehalfOf: 'GitHub:Dana-D' })
    assert.match(own.body.error.message, /decides for dana, who registered the candidate/)
  })

  test('not by a program that a requester holds', async () => {
    const max = await a.person('max', 'AzureML Data Scientist')
    await a.give(max, 'Owner', '')
    await a.program('max-own', 'Release Approver', max)
    const label = await a.waiting('held', ciRule, { by: max })
    // By a program of a program of theirs, neither.
    const step = await a.program('max-step', undefined, max)
    await a.give(step, 'Owner', '')
    await a.program('max-far', 'Release Approver', step)
    const far = await a.ok('POST', '/providers/Twinloop/servicePrincipals/max-far/addPassword', {}, step.as)
    const asFar = { authorization: `Bearer ${far.secretText}` }
    const further = await t.send('POST', `${a.releaseId(label)}/approve`, claim, asFar)
    assert.match(further.body.error.message, /max-far is in the hands of max/)
    const own = await a.ok('POST', '/providers/Twinloop/servicePrincipals/max-own/addPassword', {}, max.as)
    const as = { authorization: `Bearer ${own.secretText}` }
    const answer = await t.send('POST', `${a.releaseId(label)}/approve`, claim, as)
    assert.match(answer.body.error.message, /in the hands of max, who registered the candidate/)
    assert.equal((await a.decide(gate, label, 'approve', claim)).status, 200)
  })
})
