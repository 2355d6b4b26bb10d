import assert from 'node:assert/strict'
import { startTestApp, type TestApp } from '../../src/testing/app.ts'

const minute = 60_000

/**
 * A server in which a queue was short for two hours, but for ten minutes an hour ago and the last three; with a rule that
 * fires and proposes more nodes, a rule whose action waits for approval, a routing, and a silence that comes again and again.
 */
export async function startWithAlerts(): Promise<TestApp> {
  const t = await startTestApp({ measureEverySeconds: 60 })
  const scope = t.workspace.toLowerCase()
  const now = Date.now()
  for (let ago = 120; ago >= 0; ago--) {
    const value = ago < 3 || (ago >= 60 && ago < 70) ? 30 : 3
    await t.app.platform.series.record(new Date(now - ago * minute), [
      { kind: 'gauge', name: 'queue_length', value, labels: { queue: 'a' }, scope },
      { kind: 'gauge', name: 'jobs_waiting', value, scope },
    ])
  }
  const put = async (path: string, properties: object, more: object = {}) => {
    const { status, body } = await t.send('PUT', `${t.workspace}/${path}`, { properties, ...more })
    assert.ok(status < 300, `PUT ${path}: ${status} ${JSON.stringify(body)}`)
  }
  const own = (path: string, properties: object) => put(`providers/Twinloop/${path}`, properties)
  await put(
    'computes/cpu',
    { computeType: 'AmlCompute', properties: { scaleSettings: { minNodeCount: 0, maxNodeCount: 2 } } },
    { location: 'local' },
  )
  await own('alertRouting/default', {
    receivers: [{ name: 'ops', email: ['ops@example.org'] }],
    route: { receiver: 'ops', group_by: ['alertname'] },
  })
  await own('silences/maintenance', {
    matchers: ['severity="info"'],
    from: '0 2 * * SUN',
    for: '4h',
    reason: 'the database is upgraded',
  })
  const when = { metric: 'jobs_waiting', aggregate: 'max', over: '5m', above: 10 }
  await own('alertRules/jobs-wait', {
    when,
    severity: 'page',
    actions: [
      { propose_change: { compute: 'cpu', by: 2, max: 8, reason: 'jobs wait' } },
      { notify: { email: ['boss@example.org'], budget: { per: '30d', at_most: 0 } } },
    ],
  })
  const incident = `${t.workspace}/providers/Twinloop/incidents/1`
  await t.until(`${incident}/actions/0-propose_change`, ({ state }) => state === 'Done')
  await t.until(`${incident}/actions/1-notify`, ({ awaiting }) => awaiting === 'approval')
  return t
}
