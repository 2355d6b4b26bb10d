import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { approvals } from '../../release/testing/people.ts'
import type { ActionContext, ActionProgress } from './action.ts'
import { checkActions } from './planning/check.ts'
import { planActions } from './planning/plan.ts'
import { rehearseActions } from './planning/rehearse.ts'
import { addAction, incidentLab } from './testing/incidents.ts'

/** What the kind `staged` does at each of its steps, by the word that it is told. */
const staged: Record<string, (context: ActionContext) => ActionProgress | Promise<ActionProgress>> = {}
const asked: string[] = []
addAction({
  name: 'staged',
  summary: 'An action of a test.',
  parameters: z.strictObject({ as: z.string(), over: z.boolean().default(false) }),
  afterwards: ['release'],
  rehearse: async ({ as }: { as: string }) => `does ${as}`,
  async advance({ as }: { as: string }, context: ActionContext) {
    asked.push(`${as} ${context.key}`)
    return staged[as]?.(context) ?? { done: `did ${as}` }
  },
  async resolve({ as }: { as: string }, context: ActionContext) {
    asked.push(`${as} is over ${JSON.stringify(context.state)}`)
    return { done: 'took it back' }
  },
} as never)

describe('actions of incidents', () => {
  let server: TestApp
  const t = incidentLab(() => server)
  const people = approvals(() => server)
  before(async () => {
    server = await startTestApp()
  })
  after(() => server.end())
  const does = (as: string, more: object = {}) => ({ kind: 'staged', parameters: { as, ...more } })
  const reached = async (incident: string, name: string, ...states: readonly string[]) =>
    t.settled(`${incident}/actions/${name}`, ...states)
  const askedOf = (as: string) => asked.filter((one) => one.startsWith(`${as} `)).length

  test('are done once, told in the timeline, and done again when it is over', async () => {
    staged['steps'] = ({ state }) =>
      state['step'] === undefined
        ? { doing: 'takes the first step', state: { step: 1 }, again: 1 }
        : { done: 'did it', made: ['a thing'], state: { step: 2 } }
    const rule = t.rule([does('steps'), does('other')])
    const alert = t.alert()
    const incident = await t.fire(rule, alert)
    const { platform } = server.app
    await Promise.all(
      [1, 2, 3].map(async () => planActions(platform, await platform.resources.get(incident), rule, alert)),
    )
    const done = await reached(incident, '0-staged')
    assert.deepEqual([done.state, done.reason, done.made], ['Done', 'did it', ['a thing']])
    assert.equal((await reached(incident, '1-staged')).state, 'Done')
    await server.until(incident, ({ timeline }) => (timeline as unknown[]).length === 3)
    assert.deepEqual((await t.timeline(incident)).toSorted(), [
      'staged: did it',
      'staged: did other',
      'staged: takes the first step',
    ])
    assert.deepEqual([askedOf('steps'), askedOf('other')], [2, 1])
    await t.resolve(incident)
    assert.equal((await reached(incident, '0-staged-resolved')).reason, 'took it back')
    assert.ok(asked.includes('steps is over {"step":2}'))
    const { body } = await server.send('GET', `${incident}/actions`)
    assert.equal(body.value.length, 4)
  })

  test('cool down for the same alert, and not for another', async () => {
    const rule = t.rule([does('cool')], { coolDownMs: 3_600_000, id: 'cool', name: 'cool' })
    const first = await t.fire(rule)
    assert.equal((await reached(first, '0-staged')).state, 'Done')
    const second = await t.fire(rule)
    const skipped = await reached(second, '0-staged')
    assert.equal(skipped.state, 'Skipped')
    assert.match(skipped.reason, /^It was skipped: cool-down until .*: 0-staged of incident \d+ did it at/)
    const other = await t.fire(rule, t.alert({ labels: { endpoint: 'taxis' } }))
    assert.equal((await reached(other, '0-staged')).state, 'Done')
    await server.until(second, ({ timeline }) =>
      String((timeline as { what: string }[])[0]?.what).includes('cool-down'),
    )
  })

  test('two firings at once do not both begin within a cool-down', async () => {
    const rule = t.rule([does('race')], { coolDownMs: 3_600_000, id: 'race', name: 'race' })
    const incidents = await Promise.all([1, 2, 3, 4].map(() => t.fire(rule)))
    const states = await Promise.all(incidents.map(async (id) => (await reached(id, '0-staged')).state))
    assert.deepEqual(states.toSorted(), ['Done', 'Skipped', 'Skipped', 'Skipped'])
    assert.equal(askedOf('race'), 1)
  })

  test('over their budget they ask a person, who may let them pass or not', async () => {
    const planned = does('costly', { budget: { per: '30d', at_most: 1 } })
    const rule = t.rule([planned], { id: 'costly', name: 'costly' })
    assert.equal((await reached(await t.fire(rule), '0-staged')).state, 'Done')
    const waiting = async () => {
      const incident = await t.fire(rule)
      const id = `${incident}/actions/0-staged`
      const found = await server.until(id, ({ awaiting }) => awaiting === 'approval')
      assert.match(String(found['reason']), /over budget: done \d times? in 30 days, and 1 are allowed/)
      return { incident, id }
    }
    const [approved, refused, lapsed] = [await waiting(), await waiting(), await waiting()]
    const program = await people.program('robot', 'ML Engineer')
    const scientist = await people.person('sam', 'AzureML Data Scientist')
    const engineer = await people.person('eva', 'ML Engineer')
    assert.equal((await server.send('POST', `${approved.id}/approve`, {}, program.as)).status, 403)
    assert.equal((await server.send('POST', `${approved.id}/approve`, {}, scientist.as)).status, 403)
    const { body } = await server.send('POST', `${approved.id}/approve`, { comment: 'go' }, engineer.as)
    assert.equal(body.approvedBy, 'eva')
    assert.equal((await t.settled(approved.id)).state, 'Done')
    await t.post(`${refused.id}/refuse`, { comment: 'not now' })
    assert.match((await t.settled(refused.id)).reason, /refused it: not now/)
    await t.resolve(lapsed.incident)
    assert.match((await t.settled(lapsed.id)).reason, /over before anybody approved/)
    assert.equal((await server.send('POST', `${lapsed.id}/approve`, {})).status, 409)
    assert.equal(askedOf('costly'), 2)
  })

  test('of a silenced alert are skipped, and done when the silence is over and it still fires', async () => {
    const rule = t.rule([does('quiet')], { id: 'quiet', name: 'quiet' })
    const alert = t.alert()
    const incident = await t.fire(rule, alert, { silencedBy: 'maintenance' })
    const skipped = await reached(incident, '0-staged')
    assert.equal(skipped.reason, 'It was skipped: silenced by maintenance.')
    const { resources } = server.app.platform
    await resources.setStatus(incident, { silencedBy: null })
    await planActions(server.app.platform, await resources.get(incident), rule, alert)
    assert.equal((await reached(incident, '0-staged', 'Done')).state, 'Done')
  })

  test('what fails is tried again with pauses, given up, and can be tried again by hand', async () => {
    let broken = true
    staged['broken'] = () => {
      if (broken) throw new Error('the network is down')
      return { done: 'did it in the end' }
    }
    const incident = await t.fire(t.rule([does('broken')], { id: 'broken', name: 'broken' }))
    const id = `${incident}/actions/0-staged`
    const { resources } = server.app.platform
    for (let attempt = 1; attempt < 8; attempt++) {
      const found = await server.until(id, ({ attempts }) => attempts === attempt)
      const pause = Date.parse(String(found['nextAttemptAt'])) - Date.now()
      assert.ok(pause > 0 && pause <= 600_000, String(pause))
      await resources.setStatus(id, { nextAttemptAt: null })
    }
    const failed = await t.settled(id)
    assert.equal(failed.reason, 'It failed 8 times: the network is down')
    broken = false
    await t.post(`${id}/retry`)
    assert.equal((await t.settled(id, 'Done')).reason, 'did it in the end')
    assert.equal((await server.send('POST', `${id}/retry`, {})).status, 409)
  })

  test('what the writer of the rule may not do, or names wrongly, is refused at once', async () => {
    staged['wrong'] = () => {
      throw errors.notFound("Endpoint 'fligths' does not exist.")
    }
    const rule = t.rule([does('wrong')], { id: 'wrong', name: 'wrong' })
    const refused = await reached(await t.fire(rule), '0-staged')
    assert.deepEqual([refused.state, refused.reason], ['Refused', "Endpoint 'fligths' does not exist."])
    assert.equal(askedOf('wrong'), 1)
  })

  test('are made by rules alone', async () => {
    const incident = await t.fire(t.rule([]))
    const { status, body } = await server.send('PUT', `${incident}/actions/0-staged`, {
      properties: { kind: 'staged', phase: 'firing' },
    })
    assert.equal(status, 403, JSON.stringify(body))
  })

  test('mistakes in a rule are told with their place and the nearest right thing', async () => {
    const { platform } = server.app
    const actor = platform.identity('alerts')
    const mistakes = await checkActions({
      platform,
      actor,
      workspaceId: server.workspace,
      actions: [
        { kind: 'stagd', parameters: {} },
        {
          kind: 'staged',
          parameters: { az: 'x', ['then' as string]: 'realease', cool_down: 'soon', budget: { per: '1d' } },
        },
        { kind: 'notify', parameters: { emial: 'a@example.org' } },
        { kind: 'notify', parameters: { webhook: 'opps', email: 'nobody' } },
        { kind: 'notify', parameters: {} },
      ],
    })
    const told = mistakes.map(({ message, hint }) => [message, hint].filter(Boolean).join(' | '))
    assert.deepEqual(told, [
      "actions[0].stagd: there is no action 'stagd' | did you mean staged?",
      'actions[1].staged: staged needs as',
      'actions[1].staged.az is not a parameter of staged | did you mean as?',
      "actions[1].staged.cool_down: 'soon' is not a duration, such as 30m, 36h, 90d, 2w",
      'actions[1].staged.budget: budget needs at_most',
      "actions[1].staged.then: 'realease' is nothing that can be done after staged | did you mean release?",
      'actions[2].notify.emial is not a parameter of notify | did you mean email?',
      "actions[3].notify.email[0]: 'nobody' is no mail address",
      'actions[4].notify: says nobody to tell: email, webhook, slack, teams, pagerduty or alertmanager',
    ])
    const named = await checkActions({
      platform,
      actor,
      workspaceId: server.workspace,
      actions: [{ kind: 'notify', parameters: { webhook: 'opps' } }],
    })
    assert.match(named[0]?.message ?? '', /^actions\[0\]\.notify\.webhook\[0\]: .*'opps'.* does not exist/)
  })

  test('can be rehearsed without being done', async () => {
    const { platform } = server.app
    const said = await rehearseActions(platform, {
      workspaceId: server.workspace,
      actor: platform.identity('alerts'),
      rule: t.rule([
        does('dry'),
        { kind: 'notify', parameters: { email: ['ana@example.org'] } },
        { kind: 'x', parameters: {} },
      ]),
      alert: t.alert(),
    })
    assert.equal(said[0]?.would, 'does dry')
    assert.match(said[1]?.problem ?? '', /There is no mail server/)
    assert.match(said[2]?.problem ?? '', /there is no action 'x'/)
    assert.equal(askedOf('dry'), 0)
  })
})
