import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { incidentLab } from '../actions/testing/incidents.ts'

const dayMs = 86_400_000

describe('incidents as lists show them', () => {
  let server: TestApp
  before(async () => (server = await startTestApp()))
  after(() => server.end())
  const t = incidentLab(() => server)
  const summaries = async (body: object = {}) => {
    const answer = await server.send('POST', `${server.workspace}/incidentSummaries`, body)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer.body
  }

  test('are those that fire and those that were over lately, with what waits for somebody', async () => {
    const { platform } = server.app
    const ago = (days: number) => new Date(Date.now() - days * dayMs)
    const notify = {
      kind: 'notify',
      parameters: { email: ['a@example.org'], budget: { per: '30d', at_most: 0 } },
    }
    const open = await t.fire(t.rule([notify]), t.alert({ firedAt: ago(90) }))
    const over = await t.fire(t.rule([]), t.alert({ firedAt: ago(50) }))
    const longOver = await t.fire(t.rule([], { name: 'other' }), t.alert({ firedAt: ago(60) }))
    await platform.resources.setStatus(over, { state: 'Resolved', resolvedAt: ago(10).toISOString() })
    await platform.resources.setStatus(longOver, { state: 'Resolved', resolvedAt: ago(40).toISOString() })
    await server.until(`${open}/actions/0-notify`, ({ awaiting }) => awaiting === 'approval')

    const { value } = await summaries()
    assert.deepEqual(
      value.map(({ id, state }: { id: string; state: string }) => [id, state]),
      [
        [over, 'Resolved'],
        [open, 'Firing'],
      ],
    )
    assert.deepEqual(value[1].actions, { approval: 1 })
    assert.equal(value[1].timeline, undefined)
    assert.equal((await summaries({ days: 60 })).value.length, 3)
    assert.deepEqual(
      (await summaries({ days: 60, rule: 'other' })).value.map((one: { rule: string }) => one.rule),
      ['other'],
    )
  })

  test('are not asked for by what is no number of days', async () => {
    const { status, body } = await server.send('POST', `${server.workspace}/incidentSummaries`, { days: 0 })
    assert.equal(status, 400)
    assert.match(JSON.stringify(body), /days/)
  })
})
