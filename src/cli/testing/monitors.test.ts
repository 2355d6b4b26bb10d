import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { NoData } from '../../monitoring/populations/population.ts'
import { found, listFakeSignal } from '../../monitoring/runs/testing/fake-signal.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { startMailServer, type MailServer } from '../../testing/mail-server.ts'
import { testShell, type TestShell } from './io.ts'

const monitorYaml = `$schema: http://azureml/sdk-2-0/Schedule.json
name: flights
display_name: What flights are like
trigger: { type: recurrence, frequency: month, interval: 1, start_time: "2100-01-01T00:00:00" }
create_monitor:
  compute: { instance_type: standard_e4s_v3, runtime_version: "3.4" }
  monitoring_target: { ml_task: classification }
  monitoring_signals:
    drift:
      type: fake_drift
      production_data:
        input_data: { path: ./rows.csv, type: uri_file }
        data_column_names: { time_column: time }
      metric_thresholds: { numerical: { jensen_shannon_distance: 0.1 } }
      features: [distance]
      segments: carrier
      correction: holm
      thresholds_from_reference: { deviations: 2 }
      level: 3
    quiet:
      type: fake_drift
      production_data: { input_data: { path: ./rows.csv, type: uri_file }, data_column_names: { time_column: time } }
      alert_enabled: false
  alert_notification: { emails: [ana@example.org] }
`

describe('monitors on the command line', () => {
  let t: TestApp
  let mail: MailServer
  let shell: TestShell
  const fake = listFakeSignal()
  before(async () => {
    mail = await startMailServer()
    t = await startTestApp({ smtpUrl: `smtp://127.0.0.1:${mail.port}`, mailFrom: 'tl@example.org' })
    shell = testShell({ url: t.app.platform.urls.http, token: t.token })
    shell.write({
      'monitor.yml': monitorYaml,
      'rows.csv': 'time,distance,carrier\n2013-01-01T00:00:00Z,3,AA\n',
    })
    await json('schedule', 'create', '-f', 'monitor.yml')
  })
  after(async () => {
    fake.end()
    shell.end()
    await t.end()
    await mail.close()
  })
  beforeEach(() => {
    fake.steps.clear()
    fake.steps.set('drift', async ({ at }) => found(at.getUTCMonth() / 10))
  })
  const json = async (...argv: readonly string[]) => {
    const { code, out, err } = await shell.run(...argv)
    assert.equal(code, 0, err)
    return JSON.parse(out === '' ? 'null' : out)
  }

  test('a monitor is shown as its file has it, and written back as it was', async () => {
    const shown = await json('schedule', 'show', '-n', 'flights')
    const { drift: whole, quiet } = shown.create_monitor.monitoring_signals
    const { production_data: production, ...drift } = whole
    assert.match(production.input_data.path, /rows\.csv$/)
    assert.deepEqual(production.data_window, {
      lookback_window_size: 'P30D',
      lookback_window_offset: 'P0D',
    })
    assert.deepEqual(drift, {
      type: 'fake_drift',
      features: ['distance'],
      level: 3,
      correction: 'holm',
      segments: ['carrier'],
      thresholds_from_reference: { deviations: 2 },
      metric_thresholds: { numerical: { jensen_shannon_distance: 0.1 } },
      alert_enabled: true,
    })
    assert.equal(quiet.alert_enabled, false)
    assert.deepEqual(shown.create_monitor.alert_notification, { emails: ['ana@example.org'] })
    const definition = async () =>
      (await t.send('GET', `${t.workspace}/schedules/flights`)).body.properties.action.monitorDefinition
    const before = await definition()
    const { create_monitor, trigger, display_name } = shown
    shell.write({ 'again.yml': JSON.stringify({ name: 'flights', display_name, trigger, create_monitor }) })
    await json('schedule', 'update', '-f', 'again.yml')
    assert.deepEqual(await definition(), before)
  })

  test('windows of the past are computed, listed, shown and told of', async () => {
    const none = await shell.run('monitor', 'show', '-n', 'flights')
    assert.match(none.out, /No window was computed yet\.\n\n {2}twinloop monitor run -n flights --wait/)
    const backfill = [
      'monitor',
      'backfill',
      '-n',
      'flights',
      '--from',
      '2013-01-01',
      '--to',
      '2013-04-01',
      '--wait',
    ]
    const made = await json(...backfill)
    assert.deepEqual(
      made.map(({ at, state, breached }: Record<string, unknown>) => [at, state, breached]),
      [
        ['2013-01-01T00:00:00.000Z', 'completed', false],
        ['2013-02-01T00:00:00.000Z', 'completed', false],
        ['2013-03-01T00:00:00.000Z', 'completed', true],
        ['2013-04-01T00:00:00.000Z', 'completed', true],
      ],
    )
    const [listed] = await json('monitor', 'list')
    assert.deepEqual(
      [listed.name, listed.verdict, listed.beyond, listed.worst, listed.last_window, listed.next_run],
      [
        'flights',
        'breached',
        '1/2',
        'distance jensen_shannon_distance 0.3 > 0.1',
        '2013-04-01T00:00:00.000Z',
        '2100-01-01T00:00:00.000Z',
      ],
    )
    const shown = (await shell.run('monitor', 'show', '-n', 'flights')).out
    assert.match(shown, /^flights {2}What flights are like\nnext window ends 2100-01-01 00:00 UTC\n/)
    assert.match(shown, /✗ window to 2013-04-01 00:00 UTC {2}breached {2}flights-20130401T000000Z/)
    assert.match(
      shown,
      /✗ drift {2}fake_drift {2}1 of 1 beyond\n {6}✗ distance {2}jensen_shannon_distance {2}0\.3 {2}≤ 0\.1/,
    )
    assert.match(shown, /✓ quiet {2}fake_drift {2}0 of 1 beyond {2}\(nobody is told\)/)
    assert.match(
      shown,
      /twinloop monitor values -n flights --signal drift --metric jensen_shannon_distance --feature distance/,
    )
    const values = await json(
      'monitor',
      'values',
      '-n',
      'flights',
      '--signal',
      'drift',
      '--feature',
      'distance',
    )
    assert.deepEqual(
      values.map(({ at, value, verdict }: Record<string, unknown>) => [at, value, verdict]),
      [
        ['2013-04-01T00:00:00.000Z', 0.3, 'beyond'],
        ['2013-03-01T00:00:00.000Z', 0.2, 'beyond'],
        ['2013-02-01T00:00:00.000Z', 0.1, 'ok'],
        ['2013-01-01T00:00:00.000Z', 0, 'ok'],
      ],
    )
    const table = (await shell.run('monitor', 'values', '-n', 'flights', '--windows', '1', '-o', 'table')).out
    assert.match(table, /Window +Signal +Feature +Metric +Value +Threshold +Verdict +Rows\n/)
    const runs = await json('monitor-run', 'list', '--monitor', 'flights', '-r', '2')
    assert.deepEqual(
      runs.map(({ name }: { name: string }) => name),
      ['flights-20130401T000000Z', 'flights-20130301T000000Z'],
    )
    const mails = await mail.received(2)
    assert.deepEqual(mails[0]?.to, ['ana@example.org'])
    assert.equal(mails[0]?.headers['subject'], 'flights: drift beyond its threshold')
    assert.match(mails[0]?.text ?? '', /drift: distance jensen_shannon_distance 0\.2 > 0\.1/)
    assert.match(mails[0]?.text ?? '', /twinloop monitor-run show -n flights-20130301T000000Z --all/)
    assert.equal(mail.mails.length, 2)
    const exposition = (await t.send('GET', '/metrics')).body
    assert.match(
      exposition,
      /twinloop_monitor_signal_value\{workspace="dev",monitor="flights",signal="drift",metric="jensen_shannon_distance",feature="distance"\} 0\.3/,
    )
    assert.match(exposition, /twinloop_monitor_signal_breached\{[^}]*signal="drift"[^}]*\} 1/)
    assert.match(
      exposition,
      /twinloop_monitor_window_timestamp_seconds\{[^}]*outcome="computed"\} 1364774400/,
    )
  })

  test('a window is computed now, waited for, and again where it was computed before', async () => {
    fake.steps.set('drift', async () => found(0.5))
    const run = [
      'monitor',
      'run',
      '-n',
      'flights',
      '--at',
      '2013-01-01',
      '--wait',
      '--fail-on-breach',
    ] as const
    const breached = await shell.run(...run)
    assert.equal(breached.code, 1)
    assert.match(breached.out, /✗ distance {2}jensen_shannon_distance {2}0\.5 {2}≤ 0\.1/)
    assert.match(breached.err, /2013-01-01 00:00 UTC {2}drift: computed\n/)
    fake.steps.set('drift', async () => {
      throw new NoData('Nothing was collected from 2012-12-01 to 2013-01-01.')
    })
    const empty = await shell.run(...run)
    assert.equal(empty.code, 0, empty.err)
    assert.match(empty.out, /\? drift {2}fake_drift {2}no data: Nothing was collected/)
    const name = 'flights-20130101T000000Z'
    fake.steps.set('quiet', async () => found(0.04))
    const retried = await json('monitor-run', 'retry', '-n', name, '--signal', 'quiet', '--wait')
    assert.deepEqual(
      retried.signals.map(({ outcome, attempt }: Record<string, unknown>) => [outcome, attempt]),
      [
        ['no_data', 3],
        ['computed', 4],
      ],
    )
    const whole = await json('monitor-run', 'show', '-n', name, '-o', 'json')
    assert.equal(whole.signals[1].values[0].value, 0.04)
    await json('monitor-run', 'delete', '-n', name, '-y')
    assert.equal((await shell.run('monitor-run', 'show', '-n', name)).code, 1)
  })

  test('a run that takes long is ended', async () => {
    const begun = Promise.withResolvers<void>()
    fake.steps.set('drift', async (context) => {
      begun.resolve()
      return context.inBackground('long', () => new Promise(() => {})) === undefined
        ? { doing: 'waits for nothing' }
        : found(0)
    })
    await json('monitor', 'run', '-n', 'flights', '--at', '2014-01-01')
    await begun.promise
    const name = 'flights-20140101T000000Z'
    await json('monitor-run', 'cancel', '-n', name)
    await t.until(`${t.workspace}/providers/Twinloop/monitorRuns/${name}`, (p) => p['state'] === 'Canceled')
    const shown = (await shell.run('monitor-run', 'show', '-n', name)).out
    assert.match(shown, /administrator cancelled it\./)
  })

  test('mistakes are told at their places in the file, by the command line and by the server alike', async () => {
    const mistakes = async (text: string) => {
      shell.write({ 'bad.yml': text })
      const { code, err } = await shell.run('schedule', 'create', '-f', 'bad.yml')
      assert.equal(code, 1)
      return err
    }
    const local = await mistakes(
      monitorYaml
        .replace('      metric_', '      lvel: 2\n      metric_')
        .replace('jensen_shannon_distance: 0.1', 'jensen_shanon_distance: 0.1')
        .replace('alert_enabled: false', 'allert_enabled: false'),
    )
    assert.match(local, /bad\.yml:14:7 .*drift\.lvel is not a parameter of fake_drift/)
    assert.match(local, /did you mean level\?/)
    assert.match(local, /jensen_shanon_distance is not a metric of fake_drift for numerical/)
    assert.match(local, /did you mean alert_enabled\?/)
    const remote = await mistakes(
      monitorYaml.replace(
        'features: [distance]',
        'reference_data: { input_data: { path: "azureml:nothing:1" } }\n      features: [distance, huor]',
      ),
    )
    assert.match(remote, /bad\.yml:16:28 {2}.*drift\.features\[1\]: There is no column 'huor' in rows\.csv/)
    assert.match(remote, /Did you mean|it has time, distance, carrier/)
    const nowhere = await mistakes(
      monitorYaml.replace('ml_task: classification', 'endpoint_deployment_id: azureml:flights:blue'),
    )
    assert.match(nowhere, /bad\.yml:7:48 .*there is no deployment 'flights:blue'/)
    for (const [argv, why] of [
      [['monitor', 'show', '-n', 'flight'], /no monitor 'flight'; did you mean 'flights'\?/],
      [['monitor', 'run', '-n', 'flights', '--at', 'soon'], /--at soon is no time/],
      [
        ['monitor', 'backfill', '-n', 'flights', '--from', '2013-05-01', '--to', '2013-01-01'],
        /ends before it begins/,
      ],
      [['monitor', 'values', '-n', 'flights', '--segment', 'AA'], /--segment COLUMN=VALUE/],
      [['monitor-run', 'show', '-n', 'nothing'], /does not exist/],
    ] as const) {
      const { code, err } = await shell.run(...argv)
      assert.notEqual(code, 0)
      assert.match(err, why)
    }
  })
})
