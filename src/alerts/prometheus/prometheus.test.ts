import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { bucketsOf } from '../../statistics/latency/log-buckets.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { promtool, startAlertmanager, startPrometheus } from '../../testing/prometheus.ts'

const limit = { timeout: 60_000 }

describe('beside a real Prometheus and a real Alertmanager', () => {
  let t: TestApp
  before(async () => {
    t = await startTestApp({ measureEverySeconds: 1 })
  })
  after(() => t.end())
  const at = (path: string) => `${t.workspace}/providers/Twinloop/${path}`
  const rule = async (name: string, properties: object) => {
    const { status, body } = await t.send('PUT', at(`alertRules/${name}`), { properties })
    assert.ok(status < 300, JSON.stringify(body))
  }
  const exported = async () =>
    (await t.send('POST', `${t.workspace}/exportAlertRules`, {})).body as {
      readonly yaml: string
      readonly left: readonly { readonly rule: string }[]
    }

  test('exported rules load, and say the same of what we tell', limit, async (context) => {
    const tool = await promtool()
    if (tool === undefined) return context.skip('there is no prometheus')
    const scope = t.workspace.toLowerCase()
    const measure = (growth: number) =>
      t.app.platform.series.record(t.app.platform.clock(), [
        { kind: 'gauge', name: 'queue_length', scope, labels: { queue: 'a' }, value: 12 },
        { kind: 'gauge', name: 'queue_length', scope, labels: { queue: 'b' }, value: 2 },
        { kind: 'counter', name: 'tries_total', scope, labels: { queue: 'a' }, growth },
        { kind: 'histogram', name: 'wait_seconds', scope, buckets: bucketsOf([0.4, 0.4, 2]), sum: 2.8 },
      ])
    await measure(1)
    await t.app.platform.series.record(t.app.platform.clock(), [
      { kind: 'gauge', name: 'system_filesystem_utilization_ratio', labels: { host: 'h' }, value: 0.5 },
    ])
    await rule('queue-too-long', {
      when: { metric: 'queue_length', by: ['queue'], above: 10, keep_firing_for: '1h' },
      severity: 'page',
      annotations: { note: 'queue {{ labels.queue }} has {{ value }}' },
    })
    await rule('queue-not-too-long', {
      when: { metric: 'queue_length', by: ['queue'], above: 100 },
      every: '15s',
    })
    await rule('slow', { when: { metric: 'wait_seconds', aggregate: 'p90', above: '1s' } })
    await rule('disk', { when: { metric: 'system_filesystem_utilization_ratio', above: '0.1%' } })
    await rule('gone', { when: { absent: 'heart_beats' } })
    await rule('budget', {
      when: { burn_rate: { bad: 'failures_total', all: 'tries_total', objective: '99%' } },
    })
    await rule('strange', { when: { anomaly: { metric: 'queue_length' } } })
    const { yaml, left } = await exported()
    assert.deepEqual(left, [
      {
        rule: 'strange',
        why: 'what is usual at a time of the day is not a question that PromQL can be asked',
      },
    ])
    const file = join(t.home, 'exported.rules.yml')
    writeFileSync(file, yaml)
    const checked = spawnSync(tool, ['check', 'rules', file], { encoding: 'utf8' })
    assert.equal(checked.status, 0, `${checked.stdout}${checked.stderr}\n${yaml}`)

    const prometheus = await startPrometheus(new URL(t.app.platform.urls.http).host, {
      token: t.token,
      rules: yaml.replaceAll(/interval: \w+/g, 'interval: 1s'),
    })
    assert.ok(prometheus)
    try {
      const timer = setInterval(() => void measure(3), 500)
      timer.unref()
      const firing = (name: string) =>
        prometheus.value(`count(ALERTS{alertname="${name}", alertstate="firing"})`)
      assert.equal(await firing('queue-too-long'), 1)
      assert.equal(await firing('slow'), 1)
      assert.equal(await firing('disk'), 1)
      assert.equal(await firing('gone'), 1)
      assert.equal(await prometheus.value('count(ALERTS) or vector(0)'), 4, 'and nothing else')
      assert.equal(
        await prometheus.value(
          'sum(twinloop_alerts{alertname="queue-too-long", state="firing", severity="page"})',
        ),
        1,
      )
      assert.equal(await prometheus.value('queue_length{workspace="dev", queue="b"}'), 2)
      clearInterval(timer)
    } finally {
      await prometheus.end()
    }
  })

  test(
    'Alertmanager takes our alerts while they fire, and hears when they are over',
    limit,
    async (context) => {
      const alertmanager = await startAlertmanager()
      if (alertmanager === undefined) return context.skip('there is no alertmanager')
      context.after(() => alertmanager.end())
      const scope = t.workspace.toLowerCase()
      const measure = (value: number) =>
        t.app.platform.series.record(t.app.platform.clock(), [
          { kind: 'gauge', name: 'pushed', scope, value },
        ])
      const routed = await t.send('PUT', at('alertRouting/default'), {
        properties: { alertmanagers: [alertmanager.url] },
      })
      assert.equal(routed.status, 201, JSON.stringify(routed.body))
      await measure(11)
      await rule('pushed', {
        when: { metric: 'pushed', aggregate: 'max', above: 10 },
        severity: 'page',
        labels: { team: 'ml' },
      })
      const of = (alerts: readonly { readonly labels: Readonly<Record<string, string>> }[]) =>
        alerts.filter(({ labels }) => labels['alertname'] === 'pushed')
      const [alert] = (await alertmanager.alerts((all) => of(all).length === 1)).filter(
        ({ labels }) => labels['alertname'] === 'pushed',
      )
      assert.deepEqual(alert?.labels, { alertname: 'pushed', severity: 'page', team: 'ml', workspace: 'dev' })
      assert.equal(alert.annotations['summary'], 'max of pushed 11 > 10 over 5m')
      assert.ok(Date.parse(alert.endsAt) > Date.now() + 60_000)
      const { body } = await t.send('GET', at('alertRouting/default'))
      assert.equal(body.properties.alertmanagerStates[0].state, 'ok')
      await t.send('DELETE', at('alertRules/pushed'))
      await alertmanager.alerts((all) => of(all).length === 0)
    },
  )

  test('an Alertmanager that does not answer is told on the routing', async () => {
    await t.send('PUT', at('alertRouting/default'), { properties: { alertmanagers: ['http://127.0.0.1:9'] } })
    const found = await t.until(at('alertRouting/default'), ({ alertmanagerStates }) => {
      const [state] = (alertmanagerStates ?? []) as readonly { readonly state: string }[]
      return state?.state === 'failed'
    })
    assert.match(JSON.stringify(found['alertmanagerStates']), /http:\/\/127.0.0.1:9/)
  })
})
