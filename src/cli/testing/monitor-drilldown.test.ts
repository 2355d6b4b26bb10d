import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { testShell, type TestShell } from './io.ts'

const monitorYaml = `name: trips
trigger: { type: recurrence, frequency: month, interval: 1, start_time: "2100-01-01T00:00:00" }
create_monitor:
  compute: { instance_type: standard_e4s_v3 }
  monitoring_target: { ml_task: regression }
  monitoring_signals:
    inputs:
      type: data_drift
      production_data:
        input_data: { path: azureml:now:1, type: uri_file }
        data_window: { lookback_window_size: P1M, lookback_window_offset: P0D }
        data_column_names: { time_column: seen }
      reference_data: { input_data: { path: azureml:before@latest, type: uri_file }, data_context: training }
      features: [distance, city]
      segments: [kind]
      metric_thresholds: { numerical: { jensen_shannon_distance: 0.1 }, categorical: { jensen_shannon_distance: 0.1 } }
`

const run = 'trips-20260201T000000Z'
const of = ['-n', run, '-s', 'inputs', '--feature']

describe('what is behind the values of a window', () => {
  let t: TestApp
  let shell: TestShell
  before(async () => {
    t = await startTestApp()
    shell = testShell({ url: t.app.platform.urls.http, token: t.token })
    // 400 trips of 0 to 9.95 km in two cities; now 100, of which 10 have no distance, 5 are far away, and 20 are in a new city.
    const line = (i: number, distance: number | '', city: string) =>
      `${new Date(Date.UTC(2026, 0, 1) + i * 3_600_000).toISOString()},${distance},${city},${i % 2 ? 'day' : 'night'}`
    const csv = (lines: readonly string[]) => `seen,distance,city,kind\n${lines.join('\n')}\n`
    shell.write({
      'before.csv': csv(
        Array.from({ length: 400 }, (_, i) => line(i, (i % 200) / 20, i % 4 ? 'Riga' : 'Oslo')),
      ),
      'now.csv': csv(
        Array.from({ length: 100 }, (_, i) =>
          line(i, i < 10 ? '' : i < 15 ? 1000 : 5 + (i % 10) / 4, i < 20 ? 'Bern' : 'Riga'),
        ),
      ),
      'monitor.yml': monitorYaml,
    })
    for (const name of ['before', 'now'])
      await json(
        'data',
        'create',
        '-n',
        name,
        '--version',
        '1',
        '--type',
        'uri_file',
        '--path',
        `${name}.csv`,
      )
    await json('schedule', 'create', '-f', 'monitor.yml')
    await json('monitor', 'run', '-n', 'trips', '--at', '2026-02-01T00:00:00Z', '--wait', '-o', 'json')
  })
  after(async () => {
    shell.end()
    await t.end()
  })
  const json = async (...argv: readonly string[]) => {
    const { code, out, err } = await shell.run(...argv)
    assert.equal(code, 0, err)
    return JSON.parse(out === '' ? 'null' : out)
  }
  const post = (action: string, body: object, as: Record<string, string> = {}) =>
    t.send('POST', `${t.workspace}/providers/Twinloop/monitorRuns/${run}/${action}`, body, as)
  const feature = (name: string, more: object = {}) => ({ signal: 'inputs', feature: name, ...more })

  test('numbers are counted over the reference’s bins, with open ends and what is missing', async () => {
    const { body } = await post('distribution', feature('distance'))
    assert.deepEqual(
      [body.of, body.kind, body.reference, body.production],
      [
        'rows',
        'numerical',
        { rows: 400, n: 400, missing: 0 },
        { rows: 100, n: 90, missing: 10, from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' },
      ],
    )
    const { edges, reference, production } = body.bins
    assert.deepEqual([edges[0], edges.at(-1)], [0, 10.0])
    assert.equal(reference.length, edges.length + 1)
    assert.deepEqual([reference[0], reference.at(-1), production.at(-1)], [0, 0, 5])
    assert.equal(
      reference.reduce((sum: number, n: number) => sum + n, 0),
      400,
    )
    assert.deepEqual([body.quantiles.production[0], body.quantiles.production.at(-1)], [5, 1000])
  })

  test('categories with those that the reference has not, of all rows and of a segment', async () => {
    const { body } = await post('distribution', feature('city'))
    assert.deepEqual(body.categories, [
      { name: 'Riga', reference: 300, production: 80 },
      { name: 'Oslo', reference: 100, production: 0 },
      { name: 'Bern', reference: 0, production: 20 },
    ])
    assert.deepEqual(body.unseen, { rows: 20, categories: 1, examples: ['Bern'] })
    const day = await post('distribution', feature('city', { segment: { kind: 'day' } }))
    assert.deepEqual([day.body.reference.rows, day.body.production.rows], [200, 50])
    const bars = await json('monitor-run', 'distribution', ...of, 'city', '--segment', 'kind=day')
    assert.deepEqual(bars.at(-2), {
      value: 'Bern',
      reference: 0,
      production: 10,
      reference_share: 0,
      production_share: 20,
    })
  })

  test('rows behind a bar, the latest first', async () => {
    const far = await json(
      'monitor-run',
      'rows',
      ...of,
      'distance',
      '--from',
      '9.95',
      '-r',
      '2',
      '-o',
      'json',
    )
    assert.deepEqual(
      far.map((row: Record<string, unknown>) => [Object.keys(row)[0], row['distance'], row['seen']]),
      [
        ['distance', 1000, '2026-01-01T14:00:00Z'],
        ['distance', 1000, '2026-01-01T13:00:00Z'],
      ],
    )
    const count = async (body: object) => (await post('rows', body)).body.total
    assert.equal(await count(feature('distance', { from: 5, to: 5.25 })), 8)
    assert.equal(await count(feature('distance', { missing: true })), 10)
    assert.equal(await count(feature('city', { unseen: true })), 20)
    assert.equal(await count(feature('city', { values: ['Bern', 'Oslo'] })), 20)
    assert.equal(await count(feature('city', { values: ['Oslo'], side: 'reference' })), 100)
    assert.equal(await count(feature('city', { values: ['Riga'], segment: { kind: 'day' } })), 40)
    const shown = await shell.run('monitor-run', 'rows', ...of, 'city', '--unseen', '-r', '3')
    assert.match(shown.err, /^the first 3 of 20 rows$/m)
  })

  test('distances have what chance makes of them at these sizes', async () => {
    const asked = { monitor: 'trips', signal: 'inputs', metric: 'jensen_shannon_distance', chance: true }
    const { body } = await t.send('POST', `${t.workspace}/monitorResults`, {
      ...asked,
      where: { feature: 'city' },
    })
    const [all] = body.value.filter(({ segment }: { segment?: object }) => segment === undefined)
    const [window] = all.windows
    assert.ok(window.chance.mean > 0 && window.chance.mean < window.chance.q999 && window.chance.q999 < 0.4)
    assert.equal(window.referenceN, 400)
    const few = { monitor: 'trips', segments: false, judged: true }
    const judged = await t.send('POST', `${t.workspace}/monitorResults`, few)
    assert.deepEqual(
      judged.body.value.map(({ labels }: { labels: object }) => labels),
      ['city', 'distance'].map((name) => ({
        monitor: 'trips',
        signal: 'inputs',
        metric: 'jensen_shannon_distance',
        feature: name,
      })),
    )
    const unbound = await t.send('POST', `${t.workspace}/monitorResults`, { chance: true })
    assert.match(unbound.body.error.message, /of one signal of one monitor/)
  })

  test('a summary tells of features, and what they are held against', async () => {
    const { body } = await t.send('POST', `${t.workspace}/monitorSummaries`, {})
    const [{ features, references }] = body.value
    assert.deepEqual(references, ['before@latest'])
    assert.deepEqual([features.judged, features.breached, features.worst.signal], [2, 2, 'inputs'])
  })

  test('a question that does not fit is told so', async () => {
    const message = async (action: string, body: object) => {
      const answer = await post(action, body)
      return `${answer.status} ${answer.body.error.message}`
    }
    assert.match(await message('distribution', feature('distnce')), /^404 .*did you mean 'distance'/)
    assert.match(
      await message('distribution', { ...feature('city'), signal: 'input' }),
      /^404 .*did you mean 'inputs'/,
    )
    assert.match(await message('rows', feature('city', { from: 1 })), /^400 'city' is a category/)
    assert.match(await message('rows', feature('city', { unseen: true, missing: true })), /^400 Ask by/)
    assert.match(
      await message('rows', feature('city', { segment: { king: 'x' } })),
      /^404 .*Did you mean 'kind'/,
    )
    const bad = await shell.run('monitor-run', 'rows', ...of, 'distance', '--to', 'far')
    assert.deepEqual([bad.code, /--to far is no number/.test(bad.err)], [2, true])
  })

  test('who may read what monitors found, and no data, sees counts and no rows', async () => {
    const roles = `${t.workspace}/providers/Microsoft.Authorization`
    const id = '66666666-0000-0000-0000-000000000001'
    await t.send('PUT', `${roles}/roleDefinitions/${id}`, {
      properties: {
        roleName: 'Watcher',
        permissions: [{ actions: ['Twinloop/monitorRuns/read'], notActions: [] }],
        assignableScopes: [t.workspace],
      },
    })
    const user = '/providers/Twinloop/users/wanda'
    const { body } = await t.send('PUT', user, { properties: {} })
    const { principalId } = body.properties
    const properties = { roleDefinitionId: id, principalId }
    const given = await t.send('PUT', `${roles}/roleAssignments/${id}`, { properties })
    assert.ok(given.status < 300, JSON.stringify(given.body))
    const password = await t.send('POST', `${user}/addPassword`, {})
    const as = { authorization: `Bearer ${password.body.secretText}` }
    assert.equal((await post('distribution', feature('city'), as)).status, 200)
    const refused = await post('rows', feature('city'), as)
    assert.deepEqual([refused.status, /data\/versions\/read/.test(refused.body.error.message)], [403, true])
  })

  test('a reference that is another by now is not taken for the one that the run saw', async () => {
    const { out } = await shell.run('data', 'show', '-n', 'now', '--version', '1')
    const { path } = JSON.parse(out)
    const data = { properties: { dataType: 'uri_file', dataUri: path } }
    const put = await t.send('PUT', `${t.workspace}/data/before/versions/2`, data)
    assert.ok(put.status < 300, JSON.stringify(put.body))
    const { body } = await post('distribution', feature('distance'))
    assert.deepEqual([body.of, body.reference.n], ['kept', 400])
    assert.match(body.note, /^The reference has 100 rows now, and had 400 when the run looked\./)
    await t.send('DELETE', `${t.workspace}/data/before/versions/2`)
    assert.equal((await post('distribution', feature('distance'))).body.of, 'rows')
  })

  test('of rows that have gone there is what the run kept', async () => {
    await t.send('DELETE', `${t.workspace}/data/now/versions/1`)
    rmSync(join(t.home, 'cache'), { recursive: true })
    const { body } = await post('distribution', feature('distance'))
    assert.deepEqual([body.of, body.production.n], ['kept', 90])
    assert.match(body.note, /cannot be read any more/)
    const { edges, production } = body.bins
    assert.deepEqual([production.length, edges.at(-1)], [edges.length + 1, 1000])
    const day = await post('distribution', feature('city', { segment: { kind: 'day' } }))
    assert.equal(day.body.production.n, 45)
    assert.equal((await post('rows', feature('city'))).status, 404)
  })
})
