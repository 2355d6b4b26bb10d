import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { testShell, type TestShell } from './io.ts'

const page = readFileSync(new URL('../../../docs/monitoring-performance.md', import.meta.url), 'utf8')

describe('monitors of how good a model is, from the terminal', () => {
  let t: TestApp
  let shell: TestShell
  before(async () => {
    t = await startTestApp()
    shell = testShell({ url: t.app.platform.urls.http, token: t.token })
  })
  after(async () => {
    shell.end()
    await t.end()
  })

  test('the example of the page is one', async () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? []
    assert.match(example, /model_performance/)
    shell.write({ 'quality.yml': example })
    const { code, err } = await shell.run('validate', 'quality.yml')
    assert.equal(code, 0, err)
  })

  test('a monitor of files is made, run and read', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => {
      const score = (((i * 7919) % 1000) + 0.5) / 1000
      return [
        new Date(Date.UTC(2026, 1, 28) + i * 60_000).toISOString(),
        score,
        Number(score > 0.5),
        ((i * 104_729) % 997) / 997 < score ? 'true' : 'false',
        i % 2 ? 'm' : 'f',
      ].join(',')
    })
    shell.write({
      'loans/loans.csv': `seen,score,decision,paid,sex\n${rows.join('\n')}\n`,
      'loans.yml': `name: loans
trigger: { type: recurrence, frequency: day, interval: 1, start_time: "2100-01-01T00:00:00" }
create_monitor:
  compute: { instance_type: standard_e4s_v3 }
  monitoring_target: { ml_task: classification }
  monitoring_signals:
    performance:
      type: model_performance
      production_data: &loans
        input_data: { path: ./loans, type: uri_folder }
        data_column_names: { target_column: paid, prediction_column: decision, probability_column: score, time_column: seen }
      metric_thresholds: { classification: { accuracy: 0.9 } }
    people:
      type: fairness
      production_data: *loans
      sensitive_features: [sex]
`,
    })
    const made = await shell.run('schedule', 'create', '-f', 'loans.yml')
    assert.equal(made.code, 0, made.err)
    const ran = await shell.run('monitor', 'run', '-n', 'loans', '--at', '2026-03-01T00:00:00Z', '--wait')
    assert.match(ran.out, /✗ accuracy\s+0\.745\s+≥ 0\.9/)
    assert.match(ran.out, /400 rows of 400 have a label/)
    assert.match(ran.out, /✓ sex\s+demographic_parity_ratio\s+0\.99\d*\s+≥ 0\.8/)
    const asked = ['--signal', 'people', '--metric', 'demographic_parity_ratio']
    const values = await shell.run('monitor', 'values', '-n', 'loans', ...asked)
    const [ratio] = JSON.parse(values.out) as readonly { feature: string; breached: boolean }[]
    assert.deepEqual([ratio?.feature, ratio?.breached], ['sex', false])
  })
})
