import assert from 'node:assert/strict'
import { startTestApp, type TestApp } from '../../src/testing/app.ts'
import { testShell } from '../../src/cli/testing/io.ts'

const monitorYaml = `name: trips
display_name: What trips are like
trigger: { type: recurrence, frequency: month, interval: 1, start_time: "2100-01-01T00:00:00" }
create_monitor:
  compute: { instance_type: standard_e4s_v3 }
  monitoring_target: { ml_task: classification }
  monitoring_signals:
    inputs:
      type: data_drift
      production_data: &now
        input_data: { path: azureml:now:1, type: uri_file }
        data_window: { lookback_window_size: P1M, lookback_window_offset: P0D }
        data_column_names: { time_column: seen, target_column: late, prediction_column: said, probability_column: score }
      reference_data: &before
        input_data: { path: azureml:before:1, type: uri_file }
        data_context: training
        data_column_names: { target_column: late, prediction_column: said, probability_column: score, time_column: seen }
      features: [distance, city]
      segments: [kind]
      metric_thresholds: { numerical: { jensen_shannon_distance: 0.2 }, categorical: { jensen_shannon_distance: 0.2 } }
    quality:
      type: data_quality
      production_data: *now
      reference_data: *before
      features: [distance, city]
      metric_thresholds: { numerical: { null_value_rate: 0.05 }, categorical: { out_of_bounds_rate: 0.05 } }
    performance:
      type: model_performance
      production_data: *now
      metric_thresholds: { classification: { accuracy: 0.5 } }
    estimated:
      type: estimated_performance
      production_data: *now
      reference_data: *before
`

const ruleYaml = `type: alert_rule
name: trips-have-moved
when: { monitor: trips, signal: inputs, metric: jensen_shannon_distance, feature: city, above: 0.3 }
severity: warning
`

const random = (i: number) => ((i * 7919 + 104_729) % 1000) / 1000

/** A trip at a time, of a distance, between cities that may be new; its label follows its score. */
function trip(at: number, i: number, { isNew = false, isFar = false }) {
  const score = random(i)
  return [
    new Date(at).toISOString(),
    isFar && i % 7 === 0 ? '' : ((i % 200) / 20 + (isFar ? 6 : 0)).toFixed(2),
    isNew && i % 3 === 0 ? 'Bern' : i % 4 ? 'Riga' : 'Oslo',
    i % 2 ? 'day' : 'night',
    score.toFixed(3),
    Number(score > 0.5),
    Number(random(i * 31 + 7) < score),
  ].join(',')
}

/** A server with a monitor of data that have moved in its last window, and an alert that fires because of it. */
export async function startWithMonitor(): Promise<TestApp> {
  const t = await startTestApp()
  const shell = testShell({ url: t.app.platform.urls.http, token: t.token })
  const run = async (...argv: readonly string[]) => {
    const { code, err } = await shell.run(...argv)
    assert.equal(code, 0, `${argv.join(' ')}: ${err}`)
  }
  const csv = (lines: readonly string[]) => `seen,distance,city,kind,score,said,late\n${lines.join('\n')}\n`
  const rows = (from: number, count: number, more = {}) =>
    Array.from({ length: count }, (_, i) => trip(from + i * 600_000, i, more))
  const month = (number: number) => Date.UTC(2026, number, 1)
  try {
    shell.write({
      'before.csv': csv(rows(month(0), 1200)),
      'now.csv': csv([
        ...rows(month(1), 400),
        ...rows(month(2), 400),
        ...rows(month(3), 120, { isNew: true, isFar: true }),
      ]),
      'monitor.yml': monitorYaml,
      'rule.yml': ruleYaml,
    })
    for (const name of ['before', 'now'])
      await run('data', 'create', '-n', name, '--version', '1', '--type', 'uri_file', '--path', `${name}.csv`)
    await run('schedule', 'create', '-f', 'monitor.yml')
    await run('alert-rule', 'create', '-f', 'rule.yml')
    await run('monitor', 'backfill', '-n', 'trips', '--from', '2026-03-01', '--to', '2026-05-01', '--wait')
    await t.until(`${t.workspace}/providers/Twinloop/incidents/1`, ({ state }) => state === 'Firing')
    return t
  } catch (error) {
    await t.end()
    throw error
  } finally {
    shell.end()
  }
}
