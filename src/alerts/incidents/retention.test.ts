import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Json } from '../../kernel/resources/resource.ts'
import { incidentActionsType } from '../actions/incident-action.ts'
import { openAlertLab, type AlertLab } from '../testing/lab.ts'
import { forgetOldIncidents } from './retention.ts'

const daySeconds = 86_400

describe('what is over', () => {
  let lab: AlertLab
  before(async () => (lab = await openAlertLab()))
  after(() => lab.end())

  const idOf = (path: string) => `${lab.workspace}/providers/Twinloop/${path}`
  const make = (path: string, properties: Json, status: Json) =>
    lab.platform.resources.put(
      lab.platform.identity('alerts'),
      idOf(path),
      { properties },
      { along: { status } },
    )
  const incident = (number: number, state: string) =>
    make(
      `incidents/${number}`,
      { rule: 'slow', ruleId: 'slow', labels: {}, firing: `${number}`, firedAt: '2026-01-01T00:00:00Z' },
      { state, severity: 'page', annotations: {}, value: 1, summary: '', timeline: [] },
    )
  const action = async (number: number, name: string, more: Json, status: Json) => {
    const path = `incidents/${number}/actions/${name}`
    await make(path, { kind: 'notify', phase: 'firing', coolDownMs: 0, ...more }, {})
    await lab.platform.resources.setStatus(idOf(path), { history: [], attempts: 0, ...status })
  }
  const left = async () => (await lab.incidents()).map(({ name }) => Number(name)).toSorted((a, b) => a - b)
  const startedNow = () => lab.platform.clock().toISOString()

  test('goes after its time with what was done about it; what fires, goes on or still counts stays', async () => {
    await incident(1, 'Firing')
    await incident(2, 'Resolved')
    await action(2, '0-notify', {}, { state: 'Done', startedAt: startedNow() })
    await incident(3, 'Resolved')
    await action(3, '0-retrain', {}, { state: 'Waiting', awaiting: 'approval' })
    await incident(4, 'Resolved')
    const budget = { perMs: 500 * daySeconds * 1000, atMost: 1 }
    await action(4, '0-retrain', { budget }, { state: 'Done', startedAt: startedNow() })
    for (let number = 5; number < 10; number++) await incident(number, 'Resolved')

    lab.pass(399 * daySeconds)
    await forgetOldIncidents(lab.platform)
    assert.equal((await left()).length, 9)
    lab.pass(2 * daySeconds)
    const kept = { ...lab.platform, config: { ...lab.platform.config, incidentsKeptDays: 0 } }
    await forgetOldIncidents(kept)
    assert.equal((await left()).length, 9, '0: for ever')

    await forgetOldIncidents(lab.platform)
    assert.deepEqual(await left(), [1, 3, 4])
    const actions = await lab.platform.resources.list({
      type: incidentActionsType,
      parent: idOf('incidents/2'),
    })
    assert.deepEqual(actions, [])
    lab.pass(100 * daySeconds)
    await forgetOldIncidents(lab.platform)
    assert.deepEqual(await left(), [1, 3], 'the budget counts it no more')
  })

  test('a proposed change stays until it is decided', async () => {
    await lab.platform.resources.put(lab.actor, `${lab.workspace}/computes/cpu`, {
      location: 'local',
      properties: { computeType: 'AmlCompute', properties: {} },
    })
    const target = `${lab.workspace}/computes/cpu`
    for (const name of ['open', 'refused'])
      await make(`changeProposals/${name}`, { target, patch: { tags: { a: name } }, reason: 'slow' }, {})
    await lab.platform.resources.setStatus(idOf('changeProposals/refused'), { state: 'Refused' })
    lab.pass(401 * daySeconds)
    await forgetOldIncidents(lab.platform)
    const names = (await lab.platform.resources.list({ type: 'changeProposals' })).map(({ name }) => name)
    assert.deepEqual(names, ['open'])
  })
})
