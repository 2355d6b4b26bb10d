import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { testShell, type TestShell } from './io.ts'

describe('alerts on the command line', () => {
  let t: TestApp
  let shell: TestShell
  before(async () => {
    t = await startTestApp({ measureEverySeconds: 60 })
    shell = testShell({ url: t.app.platform.urls.http, token: t.token })
    shell.write({
      'rule.yml': `type: alert_rule
name: queue-too-long
when: { metric: queue_length, by: [queue], above: 10 }
severity: page
annotations: { note: "queue {{ labels.queue }} has {{ value }}" }
`,
      'wrong.yml': `type: alert_rule
name: wrong
when: { metric: queue_length, abve: 10 }
cool_down: 1x
`,
      'unknown.yml': `type: alert_rule
name: unknown
when:
  metric: queue_length
  above: 10
actions:
  - notify: { webhook: ops }
`,
      'story.yml': `type: alert_rule
name: flight-delay-is-getting-worse
when: { signal: model_performance, metric: roc_auc, below: 0.68, for: 2 windows }
severity: page
`,
      'routing.yml': `type: alert_routing
receivers:
  - { name: ops, email: [ops@example.org] }
  - { name: pager, email: [pager@example.org] }
route:
  receiver: ops
  group_by: [alertname]
  routes:
    - { matchers: [severity="page"], receiver: pager, group_wait: 0s }
`,
    })
    await t.app.platform.series.record(t.app.platform.clock(), [
      {
        kind: 'gauge',
        name: 'queue_length',
        value: 12,
        labels: { queue: 'a' },
        scope: t.workspace.toLowerCase(),
      },
      {
        kind: 'gauge',
        name: 'queue_length',
        value: 2,
        labels: { queue: 'b' },
        scope: t.workspace.toLowerCase(),
      },
    ])
  })
  after(async () => {
    shell.end()
    await t.end()
  })
  const ok = async (...argv: readonly string[]) => {
    const ran = await shell.run(...argv)
    assert.equal(ran.code, 0, ran.err)
    return ran
  }

  test('a rule that is wrong is shown at its line, whoever finds it', async () => {
    const wrong = await shell.run('alert-rule', 'create', '-f', 'wrong.yml')
    assert.equal(wrong.code, 1)
    assert.match(wrong.err, /wrong\.yml:3:31 {2}when\.abve is not a setting of a condition/)
    assert.match(wrong.err, /did you mean above\?/)
    assert.match(wrong.err, /wrong\.yml:4:12 {2}cool_down: "1x" is not a duration/)
    const unknown = await shell.run('alert-rule', 'create', '-f', 'unknown.yml')
    assert.equal(unknown.code, 1)
    assert.match(unknown.err, /unknown\.yml:7:15 .*connection 'ops' of workspace 'dev' does not exist/)
  })

  test('a rule is tried, kept, fires, and is shown', async () => {
    const tried = await ok('alert', 'test', '-f', 'rule.yml', '--days', '1')
    assert.match(tried.out, /^queue-too-long would have fired once in 24 hours/)
    assert.match(tried.out, /now: it is true/)
    await ok('alert-rule', 'create', '-f', 'rule.yml', '-o', 'none')
    await t.until(`${t.workspace}/providers/Twinloop/incidents/1`, ({ state }) => state === 'Firing')
    const listed = await ok('alert', 'list')
    assert.match(
      listed.out,
      /^● firing {2}page {2}queue-too-long {2}queue a {2}12 > 10 {2}\d+s {2}incident 1\n$/,
    )
    const shown = await ok('alert-rule', 'show', '-n', 'queue-too-long')
    assert.match(shown.out, /fires when average of queue_length > 10, looked at \d+s ago/)
    assert.match(shown.out, /✓ inactive {2}queue b {2}2\n/)
    const [alert] = JSON.parse((await ok('alert', 'list', '-o', 'json')).out) as { labels: object }[]
    assert.deepEqual(alert?.labels, { queue: 'a', alertname: 'queue-too-long', severity: 'page' })
  })

  test('what is left of a rule’s budgets, and incidents in short', async () => {
    shell.write({
      'told.yml': `type: alert_rule
name: told
when: { metric: queue_length, above: 1000 }
actions:
  - notify: { email: [ops@example.org], budget: { per: 1d, at_most: 3 } }
cool_down: 1h
`,
    })
    await ok('alert-rule', 'create', '-f', 'told.yml')
    assert.deepEqual(JSON.parse((await ok('alert-rule', 'budgets', '-n', 'told', '-o', 'json')).out), [
      { action: 'notify', cool_down: '1h', left: 3, at_most: 3, per: '1d' },
    ])
    assert.equal((await shell.run('alert-rule', 'budgets', '-n', 'none')).code, 1)
    const [one, ...others] = JSON.parse(
      (await ok('incident', 'summaries', '--days', '1', '--rule', 'queue-too-long', '-o', 'json')).out,
    ) as { name: string; state: string; actions: object }[]
    assert.deepEqual([one?.name, one?.state, one?.actions, others], ['1', 'Firing', {}, []])
    assert.equal((await ok('incident', 'summaries', '--rule', 'none', '-o', 'tsv')).out, '')
  })

  test('an incident is listed, shown, acknowledged and silenced', async () => {
    assert.match((await ok('incident', 'list')).out, / {2}1 {2}● firing {2}page {2}queue-too-long {2}queue a/)
    await ok('incident', 'acknowledge', '1', '-m', 'I look at it')
    await ok('incident', 'comment', '1', '-m', 'too few workers')
    const silenced = await ok('incident', 'silence', '1', '--for', '2h', '--reason', 'known')
    assert.match(silenced.err, /twinloop silence expire -n incident-1/)
    const shown = await ok('incident', 'show', '1')
    assert.match(shown.out, /^incident 1 {2}● firing {2}page {2}queue-too-long: queue a\n/)
    assert.match(shown.out, /note: queue a has 12/)
    assert.match(shown.out, /sees to it since/)
    assert.match(shown.out, /: too few workers\n/)
    const silences = JSON.parse((await ok('silence', 'list', '-o', 'json')).out) as { state: string }[]
    assert.deepEqual(
      silences.map(({ state }) => state),
      ['active'],
    )
    await ok('silence', 'expire', '-n', 'incident-1')
    assert.equal((await ok('silence', 'list', '-o', 'tsv')).out, '')
    assert.equal((await shell.run('incident', 'show')).code, 2)
  })

  test('a silence is made by flags, and refused at the command line', async () => {
    await ok(
      'silence',
      'create',
      '-n',
      'sundays',
      '-m',
      'severity="warning"',
      '--from',
      '0 2 * * SUN',
      '--for',
      '4h',
      '--time-zone',
      'Europe/Berlin',
      '--reason',
      'maintenance',
      '-o',
      'none',
    )
    const wrong = await shell.run('silence', 'create', '-m', 'severity~page', '--for', '4h', '--reason', 'x')
    assert.equal(wrong.code, 1)
    assert.match(wrong.err, /matchers\[0\].*is no matcher/)
  })

  test('a routing says who would be told', async () => {
    await ok('alert-routing', 'update', '-f', 'routing.yml', '-o', 'none')
    const to = async (...labels: readonly string[]) =>
      (
        JSON.parse((await ok('alert-routing', 'test', ...labels, '-o', 'json')).out) as { to: string[] }[]
      ).flatMap((one) => one.to)
    assert.deepEqual(await to('alertname=a', 'severity=page'), ['pager@example.org'])
    assert.deepEqual(await to('alertname=a', 'severity=warning'), ['ops@example.org'])
  })

  test('rules are changed, exported and deleted', async () => {
    const story = await ok('alert-rule', 'create', '-f', 'story.yml', '-o', 'none')
    assert.match(story.err, /warning: when\.signal: no monitor has a signal model_performance yet/)
    await ok('alert-rule', 'update', '-n', 'queue-too-long', '--set', 'when.above=50', '-o', 'none')
    const exported = await ok('alert', 'export', '--format', 'prometheus', '-f', 'rules.yml')
    assert.match(exported.err, /left out: flight-delay-is-getting-worse: 2 windows/)
    const yaml = readFileSync(join(shell.folder, 'rules.yml'), 'utf8')
    assert.match(
      yaml,
      /expr: avg by \(queue\) \(avg_over_time\(queue_length\{workspace="dev"\}\[5m\]\)\) > 50/,
    )
    await ok('alert-rule', 'delete', '-n', 'queue-too-long', '-y')
    await t.until(`${t.workspace}/providers/Twinloop/incidents/1`, ({ state }) => state === 'Resolved')
    assert.match((await ok('incident', 'list')).out, /^nothing is wrong\n$/)
    const all = await ok('incident', 'list', '--all', '-o', 'tsv', '--query', '[].state')
    assert.match(all.out, /Resolved/)
  })
})
