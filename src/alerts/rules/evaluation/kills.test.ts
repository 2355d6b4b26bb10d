import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openAlertLab, type AlertLab } from '../../testing/lab.ts'
import { Killed, mortal } from '../../testing/mortal.ts'

describe('a server that is killed while an alert fires', () => {
  let lab: AlertLab
  before(async () => {
    lab = await openAlertLab()
    await lab.platform.resources.put(lab.actor, `${lab.workspace}/connections/ops`, {
      properties: { category: 'GenericHttp', target: 'http://127.0.0.1:9', authType: 'None' },
    })
    await lab.put('alertRouting/default', {
      receivers: [{ name: 'ops', webhook: 'ops' }],
      route: { group_wait: 0 },
    })
  })
  after(() => lab.end())

  /** A server does what there is to do, is killed, and another comes; false if it had nothing more to write. */
  async function killedAt(at: number, when: 'before' | 'after', rule: string): Promise<boolean> {
    let died = false
    const first = mortal(lab.platform, { at, when })
    const survived = async (work: () => Promise<unknown>) =>
      work().catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error
        died = true
      })
    await survived(async () => {
      await lab.look(rule, first)
      await lab.route(first)
    })
    // The next server comes a moment later.
    lab.pass(1)
    await lab.look(rule)
    await lab.route()
    return died
  }

  const incidentsOf = async (rule: string) =>
    (await lab.incidents()).filter(({ properties }) => properties.rule === rule)

  for (const when of ['before', 'after'] as const)
    test(`opens one incident, plans its action once and tells once, killed ${when} any of its writes`, async () => {
      let at = 0
      for (let died = true; died;) {
        at++
        const rule = `killed_${when}_${at}`
        lab.pass(60)
        await lab.measure(rule, 11)
        await lab.put(`alertRules/${rule}`, {
          when: { metric: rule, aggregate: 'last', over: '1m', above: 10 },
          actions: [{ notify: { webhook: 'ops' } }],
        })
        const told = (await lab.told()).length
        died = await killedAt(at, when, rule)
        const incidents = await incidentsOf(rule)
        assert.equal(incidents.length, 1, `killed ${when} write ${at}`)
        assert.equal((await lab.told()).length, told + 1, `told once, killed ${when} write ${at}`)
        const actions = await lab.platform.resources.list({
          type: 'incidents/actions',
          parent: incidents[0]?.id ?? '',
        })
        assert.equal(actions.length, 1, `acted once, killed ${when} write ${at}`)
      }
      assert.ok(at > 4, `there were ${at - 1} writes`)
      const numbers = (await lab.incidents()).map(({ name }) => Number(name)).toSorted((a, b) => a - b)
      assert.deepEqual(
        numbers,
        numbers.map((_, i) => i + 1),
        'no number was lost',
      )
    })

  for (const when of ['before', 'after'] as const)
    test(`resolves it once, killed ${when} any of its writes`, async () => {
      let at = 0
      for (let died = true; died;) {
        at++
        const rule = `over_${when}_${at}`
        lab.pass(120)
        await lab.measure(rule, 11)
        await lab.put(`alertRules/${rule}`, {
          when: { metric: rule, aggregate: 'last', over: '1m', above: 10 },
        })
        await lab.look(rule)
        await lab.route()
        lab.pass(300)
        await lab.measure(rule, 1)
        const told = (await lab.told()).length
        died = await killedAt(at, when, rule)
        const [incident] = await incidentsOf(rule)
        assert.equal(incident?.status.state, 'Resolved', `killed ${when} write ${at}`)
        const ends = incident.status.timeline.filter(({ what }) => what.startsWith('resolved'))
        assert.equal(ends.length, 1)
        assert.equal((await lab.told()).length, told + 1, `told once, killed ${when} write ${at}`)
      }
      assert.ok(at > 2)
    })
})
