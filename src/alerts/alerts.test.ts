import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../testing/app.ts'

describe('alerts about what is measured', () => {
  let t: TestApp
  let at: (path: string) => string
  before(async () => {
    t = await startTestApp()
    at = (path) => `${t.workspace}/providers/Twinloop/${path}`
  })
  after(() => t.end())
  const gauge = (name: string, value: number, labels: Record<string, string> = {}) =>
    t.app.platform.series.record(t.app.platform.clock(), [
      { kind: 'gauge', name, value, labels, scope: t.workspace.toLowerCase() },
    ])

  test('a rule that holds fires, and opens one incident', async () => {
    await gauge('queue_length', 12, { queue: 'a' })
    const { status, body } = await t.send('PUT', at('alertRules/queue-too-long'), {
      properties: {
        when: { metric: 'queue_length', by: ['queue'], above: 10 },
        severity: 'page',
        annotations: { summary: 'queue {{ labels.queue }} has {{ value }}' },
      },
    })
    assert.equal(status, 201, JSON.stringify(body))
    const incident = await t.until(at('incidents/1'), ({ state }) => state === 'Firing')
    assert.equal(incident['summary'], 'average of queue_length 12 > 10 over 5m')
    assert.deepEqual(incident['annotations'], { summary: 'queue a has 12' })
    const shown = await t.send('GET', at('alertRules/queue-too-long'))
    assert.equal(shown.body.properties.evaluation.state, 'firing', JSON.stringify(shown.body))
  })

  test('a rule that is deleted resolves what it opened, and says why', async () => {
    assert.equal((await t.send('DELETE', at('alertRules/queue-too-long'))).status, 202)
    const incident = await t.until(at('incidents/1'), ({ state }) => state === 'Resolved')
    const timeline = incident['timeline'] as readonly { readonly what: string }[]
    assert.equal(timeline.at(-1)?.what, 'resolved: its rule was deleted')
  })
})
