import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import type { ApprovalRecord, Decision, Requester } from '../releases/release.ts'
import {
  couldApprove,
  judge,
  standing,
  withDecision,
  type Approver,
  type CiClaim,
  type Delegation,
  type Situation,
} from './rule.ts'

const hour = 3_600_000
const engineer = 'ML Engineer'
const approver = (id: string, over: Partial<Approver> = {}): Approver => ({
  id,
  name: id,
  kind: 'User',
  enabled: true,
  roles: [engineer],
  owners: [],
  identities: [],
  ...over,
})
const program = (id: string, over: Partial<Approver> = {}) => approver(id, { kind: 'Application', ...over })
const requester = (id: string, over: Partial<Requester> = {}): Requester => ({
  id,
  name: id,
  why: 'started the release',
  ...over,
})
const rule = { roles: [engineer], count: 1, notRequester: true, withinMs: hour, notify: [], ci: false }

function situation(
  people: readonly Approver[],
  over: Partial<Omit<Situation, 'rule'>> & { readonly rule?: Partial<Situation['rule']> } = {},
): Situation {
  return {
    workspace: 'prod',
    requesters: [],
    approvers: new Map(people.map((a) => [a.id.toLowerCase(), a])),
    delegations: [],
    evidence: 'e1',
    now: 0,
    ...over,
    rule: { ...rule, ...over.rule },
  }
}
const record = (decisions: readonly Decision[] = [], over: Partial<ApprovalRecord> = {}): ApprovalRecord => ({
  state: 'open',
  requestedAt: new Date(0).toISOString(),
  expiresAt: new Date(hour).toISOString(),
  evidence: 'e1',
  requesters: [],
  decisions,
  ...over,
})
const decision = (id: string, over: Partial<Decision> = {}): Decision => ({
  verdict: 'approve',
  by: { id, name: id },
  role: engineer,
  at: new Date(0).toISOString(),
  via: 'cli',
  evidence: 'e1',
  ...over,
})
const may = (s: Situation, who: string, verdict: Decision['verdict'] = 'approve', claim?: CiClaim) => {
  const found = standing(s, who, verdict, claim)
  return 'refusal' in found ? found.refusal : (found.onBehalfOf?.id ?? 'own')
}
const delegation = (from: string, to: string, over: Partial<Delegation> = {}): Delegation => ({
  from,
  to,
  since: 0,
  until: hour,
  ...over,
})

describe('who may decide', () => {
  test('people with one of the roles, in any spelling of their id', () => {
    const s = situation([
      approver('Ana'),
      approver('ben', { roles: ['Reader'] }),
      approver('cy', { roles: [] }),
    ])
    assert.equal(may(s, 'ANA'), 'own')
    assert.match(may(s, 'ben'), /needs the role 'ML Engineer' at workspace 'prod' \(has Reader\)/)
    assert.match(may(s, 'cy'), /needs the role/)
    assert.match(may(s, 'nobody'), /known here/)
  })

  test('not somebody who is disabled, nor the platform itself', () => {
    const s = situation([approver('ana', { enabled: false }), approver('bot', { kind: 'ManagedIdentity' })])
    assert.match(may(s, 'ana'), /enabled/)
    assert.match(may(s, 'bot'), /no person/)
  })

  test('not whoever asked for the release, however they are spelt; but they may refuse it', () => {
    const s = situation([approver('ana')], { requesters: [requester('ANA')] })
    assert.match(may(s, 'ana'), /ana started the release, and somebody else/)
    assert.equal(may(s, 'ana', 'refuse'), 'own')
    assert.equal(may({ ...s, rule: { ...s.rule, notRequester: false } }, 'ana'), 'own')
  })

  test('not whoever stands behind the program that asked for it', () => {
    const behind = requester('ana', { behind: 'ci', why: 'has a password of ci, which started the release' })
    const s = situation([approver('ana')], { requesters: [requester('ci'), behind] })
    assert.match(may(s, 'ana'), /password of ci/)
  })

  test('somebody who stands in, as long as they are let and the other holds the role', () => {
    const people = [approver('ana'), approver('ben', { roles: [] })]
    const s = situation(people, { delegations: [delegation('ana', 'ben')] })
    assert.equal(may(s, 'ben'), 'ana')
    assert.match(may({ ...s, now: hour }, 'ben'), /needs the role/)
    assert.match(may({ ...s, now: -1 }, 'ben'), /needs the role/)
    const lost = situation([approver('ana', { roles: [] }), approver('ben', { roles: [] })], {
      delegations: s.delegations,
    })
    assert.match(may(lost, 'ben'), /needs the role/)
    const gone = situation([approver('ana', { enabled: false }), approver('ben', { roles: [] })], {
      delegations: s.delegations,
    })
    assert.match(may(gone, 'ben'), /needs the role/)
  })

  test('a delegation is not passed on', () => {
    const people = [approver('ana'), approver('ben', { roles: [] }), approver('cy', { roles: [] })]
    const s = situation(people, { delegations: [delegation('ana', 'ben'), delegation('ben', 'cy')] })
    assert.match(may(s, 'cy'), /needs the role/)
  })

  test('a requester neither stands in nor is stood in for', () => {
    const people = [approver('ana'), approver('ben', { roles: [] })]
    const delegations = [delegation('ana', 'ben')]
    assert.match(may(situation(people, { delegations, requesters: [requester('ben')] }), 'ben'), /started/)
    assert.match(may(situation(people, { delegations, requesters: [requester('ana')] }), 'ben'), /needs/)
  })

  test('a program only where the plan lets CI, and only with what CI claims', () => {
    const claim = { person: 'github:octocat', run: 'https://ci/1' }
    const s = situation([program('gate')], { rule: { ci: true } })
    assert.equal(may(s, 'gate', 'approve', claim), 'github:octocat')
    assert.match(may(s, 'gate'), /for whom it decides/)
    assert.match(may(situation([program('gate')]), 'gate', 'approve', claim), /`ci: true`/)
    assert.match(
      may(situation([program('gate', { roles: [] })], { rule: { ci: true } }), 'gate', 'approve', claim),
      /needs/,
    )
    assert.match(
      may(situation([approver('ana')], { rule: { ci: true } }), 'ana', 'approve', claim),
      /is a person/,
    )
  })

  test('no program that started the release, that a requester holds, or that decides for one', () => {
    const claim = { person: 'github:octocat', run: 'https://ci/1' }
    const ask = (requesters: readonly Requester[]) =>
      may(
        situation(
          [program('gate', { owners: ['Ana', 'root'] }), approver('oc', { identities: ['GitHub:Octocat'] })],
          {
            rule: { ci: true },
            requesters,
          },
        ),
        'gate',
        'approve',
        claim,
      )
    assert.equal(ask([]), 'oc')
    assert.match(ask([requester('gate')]), /gate started the release/)
    assert.match(ask([requester('ana')]), /in the hands of ana/)
    assert.match(ask([requester('oc')]), /decides for oc, who started/)
    // Whoever made both of CI's programs has not asked for the release.
    assert.equal(ask([requester('train'), requester('root', { behind: 'train' })]), 'oc')
  })
})

describe('an approval', () => {
  const three = [approver('ana'), approver('ben'), approver('cy')]

  test('is given by so many different people', () => {
    const s = situation(three, { rule: { count: 2 } })
    const one = withDecision(s, record(), decision('ana'))
    const same = withDecision(s, one, decision('ANA', { comment: 'again' }))
    assert.deepEqual([one.state, same.state, same.decisions.length], ['open', 'open', 1])
    assert.equal(same.decisions[0]?.comment, 'again')
    assert.equal(withDecision(s, same, decision('ben')).state, 'approved')
  })

  test('ends with one refusal, also of who had approved', () => {
    const s = situation(three, { rule: { count: 2 } })
    const one = withDecision(s, record(), decision('ana'))
    assert.equal(withDecision(s, one, decision('ana', { verdict: 'refuse' })).state, 'refused')
    const refused = withDecision(s, one, decision('ben', { verdict: 'refuse' }))
    assert.equal(judge({ ...s, rule: { ...s.rule, count: 1 } }, refused).state, 'refused')
  })

  test('expires', () => {
    const s = situation(three)
    assert.equal(judge({ ...s, now: hour - 1 }, record()).state, 'open')
    assert.equal(judge({ ...s, now: hour }, record()).state, 'expired')
    assert.equal(judge({ ...s, now: hour }, record([decision('ana')])).state, 'expired')
    assert.equal(
      judge({ ...s, now: hour }, record([decision('ana')], { state: 'approved' })).state,
      'approved',
    )
  })

  test('does not count whose role was taken meanwhile, and says so', () => {
    const before = situation(three, { rule: { count: 2 } })
    const one = withDecision(before, record(), decision('ana'))
    const after = situation([approver('ana', { roles: [] }), approver('ben')], { rule: { count: 2 } })
    const two = withDecision(after, one, decision('ben'))
    assert.equal(two.state, 'open')
    const found = judge(after, two)
    assert.deepEqual([found.missing, found.void.map(({ decision: d }) => d.by.id)], [1, ['ana']])
    assert.match(found.void[0]?.why ?? '', /needs the role/)
  })

  test('does not count what was decided upon other evidence', () => {
    const s = situation(three, { evidence: 'e2' })
    const found = judge(s, record([decision('ana')]))
    assert.equal(found.state, 'open')
    assert.match(found.void[0]?.why ?? '', /has changed/)
  })

  test('counts one right once, whoever uses it', () => {
    const people = [approver('ana'), approver('ben', { roles: [] }), approver('cy', { roles: [] })]
    const delegations = [delegation('ana', 'ben'), delegation('ana', 'cy')]
    const s = situation(people, { delegations, rule: { count: 2 } })
    const forAna = (id: string) => decision(id, { onBehalfOf: { id: 'ana', name: 'ana' } })
    const all = [forAna('ben'), forAna('cy'), decision('ana')]
    const found = judge(s, record(all))
    assert.deepEqual([found.counted.length, found.void.length, found.state], [1, 2, 'open'])
  })

  test('a delegation that has run out still counts for what was decided in it; one that was withdrawn does not', () => {
    const people = [approver('ana'), approver('ben', { roles: [] }), approver('cy')]
    const stoodIn = decision('ben', { onBehalfOf: { id: 'ana', name: 'ana' }, at: new Date(5).toISOString() })
    const later = { rule: { count: 2 }, now: 20 }
    const ran = situation(people, { ...later, delegations: [delegation('ana', 'ben', { until: 10 })] })
    assert.equal(withDecision(ran, record([stoodIn]), decision('cy')).state, 'approved')
    const withdrawn = situation(people, later)
    assert.equal(withDecision(withdrawn, record([stoodIn]), decision('cy')).state, 'open')
    const lostRole = situation([approver('ana', { roles: [] }), ...people.slice(1)], {
      ...later,
      delegations: ran.delegations,
    })
    assert.equal(withDecision(lostRole, record([stoodIn]), decision('cy')).state, 'open')
  })

  test('CI’s approval is one, whomever it names', () => {
    const s = situation([program('gate'), approver('oc', { identities: ['github:octocat'] })], {
      rule: { ci: true, count: 2 },
    })
    const by = (person: string) =>
      decision('gate', { via: 'ci', run: 'https://ci/1', onBehalfOf: { id: person, name: person } })
    const one = withDecision(s, record(), by('github:a'))
    const two = withDecision(s, one, by('github:b'))
    assert.deepEqual([two.state, two.decisions.length], ['open', 1])
    // The person whom CI has asked is not a second one.
    const known = withDecision(s, record([by('oc')]), decision('oc'))
    assert.equal(judge(s, known).counted.length, 1)
  })

  test('tells who could still approve', () => {
    const people = [...three, approver('dee', { roles: [] }), approver('eve', { roles: [] }), program('gate')]
    const s = situation(people, {
      rule: { count: 3 },
      requesters: [requester('cy')],
      delegations: [delegation('ana', 'dee'), delegation('ben', 'eve')],
    })
    const found = judge(s, record([decision('ana')]))
    assert.deepEqual(
      couldApprove(s, found).map(({ id }) => id),
      ['ben', 'eve'],
    )
  })
})

describe('whatever happens', () => {
  const ids = ['ana', 'ben', 'cy', 'dee', 'gate']
  const someone = fc.constantFrom(...ids)
  const people = fc
    .array(fc.record({ role: fc.boolean(), enabled: fc.boolean() }), { minLength: 5, maxLength: 5 })
    .map((all) =>
      all.map(({ role, enabled }, i) =>
        approver(ids[i] ?? '', {
          enabled,
          roles: role ? [engineer] : ['Reader'],
          kind: ids[i] === 'gate' ? 'Application' : 'User',
        }),
      ),
    )
  const world = fc.record({
    people,
    later: people,
    requesters: fc.array(someone, { maxLength: 2 }),
    delegations: fc.array(fc.tuple(someone, someone), { maxLength: 4 }),
    count: fc.integer({ min: 1, max: 3 }),
    tries: fc.array(fc.record({ who: someone, upper: fc.boolean() }), { maxLength: 8 }),
  })

  /** Lets everybody try who may, at each try in the world as it is then. */
  function play({
    people,
    later,
    requesters,
    delegations,
    count,
    tries,
  }: {
    readonly people: readonly Approver[]
    readonly later: readonly Approver[]
    readonly requesters: readonly string[]
    readonly delegations: readonly (readonly [string, string])[]
    readonly count: number
    readonly tries: readonly { readonly who: string; readonly upper: boolean }[]
  }) {
    const over = {
      rule: { count },
      requesters: requesters.map((id) => requester(id)),
      delegations: delegations.map(([from, to]) => delegation(from, to)),
    }
    let kept = record()
    let now = situation(people, over)
    for (const [i, { who, upper }] of tries.entries()) {
      if (kept.state !== 'open') break
      now = situation(i % 2 === 0 ? people : later, over)
      const id = upper ? who.toUpperCase() : who
      const right = standing(now, id, 'approve')
      if (!('refusal' in right)) kept = withDecision(now, kept, decision(id, right))
    }
    return { kept, now }
  }

  test('nothing is approved without so many enabled people whose role holds at that moment, none of whom asked for it', () => {
    fc.assert(
      fc.property(world, (w) => {
        const { kept, now } = play(w)
        if (kept.state !== 'approved') return
        const { counted } = judge(now, { ...kept, state: 'open' })
        const fold = (of: readonly string[]) => new Set(of.map((id) => id.toLowerCase()))
        const by = fold(counted.map((d) => d.by.id))
        const rights = fold(counted.map((d) => (d.onBehalfOf ?? d.by).id))
        assert.ok(by.size >= w.count && rights.size >= w.count)
        for (const id of [...by, ...rights]) {
          assert.ok(!w.requesters.includes(id), 'a requester counts')
          assert.notEqual(now.approvers.get(id)?.kind, 'Application')
          assert.equal(now.approvers.get(id)?.enabled, true)
        }
        for (const id of rights) assert.deepEqual(now.approvers.get(id)?.roles, [engineer])
      }),
    )
  })

  test('taking roles away approves nothing that was open', () => {
    fc.assert(
      fc.property(world, someone, (w, who) => {
        const { kept, now } = play(w)
        if (judge(now, kept).state !== 'open') return
        const approvers = new Map(now.approvers).set(who, approver(who, { roles: [] }))
        assert.equal(judge({ ...now, approvers }, kept).state, 'open')
      }),
    )
  })

  test('whoever could still approve brings it nearer', () => {
    fc.assert(
      fc.property(world, (w) => {
        const { kept, now } = play(w)
        const found = judge(now, kept)
        if (found.state !== 'open') return
        for (const { id } of couldApprove(now, found)) {
          const right = standing(now, id, 'approve')
          assert.ok(!('refusal' in right))
          assert.equal(judge(now, withDecision(now, kept, decision(id, right))).missing < found.missing, true)
        }
      }),
    )
  })
})
