import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AnalyticsError } from '../../analytics/analytics.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { putVersion } from './testing/csv-version.ts'

const good = 'id,carrier,distance\n1,AA,100\n2,UA,200\n3,AA,300\n'
const bad = 'id,carrier,distance\n1,AA,100\n1,??,-5\n3,,300\n'

describe('data contracts', () => {
  let t: TestApp
  before(async () => {
    t = await startTestApp()
  })
  after(() => t.end())

  const contract = (name: string) => `${t.workspace}/providers/Twinloop/dataContracts/${name}`
  const resultOf = (version: string, name: string) => `${version}/providers/Twinloop/contractResults/${name}`
  const done = (id: string, generation = 1) =>
    t.until(
      id,
      (p) =>
        p['provisioningState'] !== undefined &&
        p['provisioningState'] !== 'Running' &&
        p['contractGeneration'] === generation,
    )
  const put = (name: string, properties: object) => t.send('PUT', contract(name), { properties })
  const checks = [
    { row_count: { min: 3 } },
    { id: { unique: true } },
    { carrier: { in: ['AA', 'UA'], severity: 'warn' } },
    { distance: { between: [0, 6000] } },
  ]

  test('evaluates again when the process that reads has been killed', async (context) => {
    const { analytics } = t.app.platform
    const session = analytics.session.bind(analytics)
    let kills = 1
    analytics.session = (options, use) =>
      session(options, (open) =>
        use({
          ...open,
          all: (sql, values) =>
            sql.includes('"data"') && kills-- > 0
              ? Promise.reject(new AnalyticsError('lost', 'The process was killed.'))
              : open.all(sql, values),
        }),
      )
    context.after(() => (analytics.session = session))
    await put('killed', { data: 'azureml:killed', checks })
    const version = await putVersion(t, 'killed', '1', good)
    const { outcome } = await done(resultOf(version, 'killed'))
    assert.equal(outcome, 'passed')
    assert.ok(kills < 0)
  })

  test('evaluates every new version, marks it, tells of it, and keeps the history', async () => {
    const made = await put('flights', { data: 'azureml:flights', checks })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.equal((await t.send('GET', contract('flights'))).body.properties.data, 'flights')
    const one = await putVersion(t, 'flights', '1', good)
    const first = await done(resultOf(one, 'flights'))
    assert.equal(first['outcome'], 'passed')
    assert.equal(first['rows'], 3)
    await t.until(one, (p) => p['contract'] === 'passed')

    const two = await putVersion(t, 'flights', '2', bad)
    await t.until(two, (p) => p['contract'] === 'failed')
    const { body } = await t.send('GET', resultOf(two, 'flights'))
    assert.equal(body.properties.provisioningState, 'Succeeded')
    assert.deepEqual(body.properties.statistics, {
      evaluatedExpectations: 4,
      successfulExpectations: 1,
      unsuccessfulExpectations: 3,
      successPercent: 25,
      warned: 1,
      failed: 2,
      errors: 0,
    })
    const [, unique, carrier, distance] = body.properties.results
    assert.equal(unique.observed, '2 of 3 values (66.7%): 1 (2×)')
    assert.deepEqual(
      [carrier.outcome, carrier.missingCount, carrier.unexpectedCount, carrier.unexpectedPercent],
      ['warn', 1, 1, 50],
    )
    assert.deepEqual(distance.failingRows, { columns: ['distance', 'id', 'carrier'], rows: [[-5, 1, '??']] })

    const history = await t.send('GET', `${contract('flights')}/evaluations?$orderBy=createdtime asc`)
    assert.deepEqual(
      history.body.value.map((e: { properties: { version: string; outcome: string } }) => [
        e.properties.version,
        e.properties.outcome,
      ]),
      [
        ['1', 'passed'],
        ['2', 'failed'],
      ],
    )
    const shown = await t.until(
      contract('flights'),
      (p) => (p['latest'] as { version?: string } | undefined)?.version === '2',
    )
    assert.equal((shown['latest'] as { outcome: string }).outcome, 'failed')

    // The history outlives the version; the result with its examples goes with the data that they are of.
    assert.equal((await t.send('DELETE', two)).status, 200)
    assert.equal((await t.send('GET', resultOf(two, 'flights'))).status, 404)
    assert.equal((await t.send('GET', `${contract('flights')}/evaluations`)).body.value.length, 2)
  })

  test('tells who listens what was broken', async () => {
    const gone = new AbortController()
    for await (const { type, subject, data } of t.app.platform.events.tail(0, gone.signal))
      if (type === 'Twinloop.DataContractFailed' && subject === 'data/flights:2') {
        const violations = data['violations'] as { name: string; outcome: string }[]
        assert.deepEqual(
          violations.map(({ name, outcome }) => `${name} ${outcome}`),
          ['id.unique fail', 'carrier.in warn', 'distance.between fail'],
        )
        assert.doesNotMatch(JSON.stringify(data), /failingRows/)
        break
      }
    gone.abort()
  })

  test('suggests the same from a profile that is kept as from one that is made', async () => {
    const id = await putVersion(t, 'profiled', '1', good)
    const suggest = async () =>
      (await t.send('POST', `${contract('profiled')}/suggest`, { data: id })).body as {
        yaml: string
        properties: object
      }
    const fresh = await suggest()
    assert.match(fresh.yaml, /^data: profiled$/m)
    const profile = `${id}/providers/Twinloop/profiles/default`
    assert.equal((await t.send('PUT', profile, { properties: {} })).status, 201)
    await t.until(profile, (p) => p['provisioningState'] === 'Succeeded')
    assert.deepEqual(await suggest(), fresh)
    assert.equal((await put('profiled', fresh.properties)).status, 201)
  })

  test('a changed contract looks at the latest version again, and only at that', async () => {
    const [one, two] = [await putVersion(t, 'moving', '1', good), await putVersion(t, 'moving', '2', good)]
    await put('moving', { data: 'moving', checks: [{ row_count: 3 }] })
    assert.equal((await done(resultOf(two, 'moving')))['outcome'], 'passed')
    assert.equal((await t.send('GET', resultOf(one, 'moving'))).status, 404)
    await put('moving', { data: 'moving', checks: [{ row_count: 4 }] })
    assert.equal((await done(resultOf(two, 'moving'), 2))['outcome'], 'failed')
    // By hand, an old one.
    assert.equal((await t.send('PUT', resultOf(one, 'moving'), { properties: {} })).status, 201)
    assert.equal((await done(resultOf(one, 'moving'), 2))['outcome'], 'failed')
    assert.equal((await t.send('DELETE', contract('moving'))).status, 202)
    await t.until(two, (p) => p['contract'] === undefined)
    await t.until(contract('moving'), (p) => Object.keys(p).length === 0)
    assert.equal((await t.send('GET', resultOf(two, 'moving'))).status, 404)
  })

  test('answers at once for any data, and for a contract that is only tried', async () => {
    const version = await putVersion(t, 'tried', '1', bad)
    const tried = await t.send('POST', `${contract('nothing-yet')}/evaluate`, {
      data: 'azureml:tried:1',
      contract: { data: 'tried', checks },
    })
    assert.equal(tried.status, 200)
    assert.equal(tried.body.outcome, 'failed')
    assert.equal((await t.send('GET', resultOf(version, 'nothing-yet'))).status, 404)
    await put('tried', { data: 'tried', checks: [{ row_count: 3 }] })
    const latest = await t.send('POST', `${contract('tried')}/evaluate`, {})
    assert.deepEqual([latest.body.outcome, latest.body.data], ['passed', 'azureml:tried@latest'])
    assert.equal(
      (await t.send('POST', `${contract('tried')}/evaluate`, { data: 'azureml:tired:1' })).status,
      404,
    )
    const wrong = await t.send('POST', `${contract('x')}/evaluate`, {
      contract: { data: 'tried', checks: [{ rowcount: 3 }] },
    })
    assert.equal(wrong.status, 400)
    assert.equal(wrong.body.error.target, 'contract.checks.0.rowcount')
  })

  test('data that cannot be read keep no contract', async () => {
    await put('broken', { data: 'broken', checks: [{ row_count: { min: 1 } }] })
    const id = await putVersion(t, 'broken', '1', 'this is no Parquet', 'data.parquet')
    const result = await done(resultOf(id, 'broken'))
    assert.deepEqual([result['provisioningState'], result['outcome']], ['Failed', 'error'])
    await t.until(id, (p) => p['contract'] === 'error')
  })

  test('other data that are missing spoil only their own check', async () => {
    await putVersion(t, 'codes', '1', 'code\nAA\nUA\n')
    const id = await putVersion(t, 'refers', '1', bad)
    const answer = await t.send('POST', `${contract('x')}/evaluate`, {
      data: id,
      contract: {
        data: 'refers',
        checks: [
          { carrier: { in: 'azureml:codes:1.code' } },
          { carrier: { in: 'azureml:cods:1.code' } },
          { carrier: { in: 'azureml:codes:1.name' } },
          { distance: { drift: { psi: 0.2 } } },
          { row_count: 3 },
        ],
      },
    })
    const said = answer.body.results.map(
      (r: { outcome: string; observed: string }) => `${r.outcome}: ${r.observed}`,
    )
    assert.match(said[1], /^error: .*cods/)
    assert.deepEqual(said.toSpliced(1, 1), [
      'fail: 1 of 2 values (50%): ??',
      'error: azureml:codes:1 has no column name',
      'success: no earlier version to compare with',
      'success: 3 rows',
    ])
  })

  test('refuses what is no contract, with the place and the nearest right thing', async () => {
    const { status, body } = await put('wrong', { data: 'flights', checks: [{ carrier: { inn: ['AA'] } }] })
    assert.equal(status, 400)
    assert.match(
      body.error.message,
      /checks\[0\]\.carrier\.inn is not a check of a column \(did you mean in\?\)/,
    )
    assert.equal(body.error.target, 'properties.checks.0.carrier.inn')
    const id = await putVersion(t, 'other', '1', good)
    assert.match(
      (await t.send('PUT', resultOf(id, 'flihgts'), { properties: {} })).body.error.message,
      /Did you mean 'flights'\?/,
    )
    assert.match(
      (await t.send('PUT', resultOf(id, 'flights'), { properties: {} })).body.error.message,
      /is of 'flights', not of 'other'/,
    )
    assert.equal(
      (await t.send('PUT', `${contract('flights')}/evaluations/x`, { properties: {} })).status,
      403,
    )
    const container = id.replace(/\/versions\/.*/, '')
    assert.equal((await t.send('PUT', resultOf(container, 'flights'), { properties: {} })).status, 400)
  })
})
