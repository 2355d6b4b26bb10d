import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { putVersion } from '../../../data/contracts/testing/csv-version.ts'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { upload } from '../../../testing/serving.ts'
import type { ReleasedModel } from '../gate.ts'
import { drive, mistakes, released } from '../testing/drive.ts'
import { dataQuality } from './gate.ts'

describe('the gate data_quality', () => {
  let t: TestApp
  let candidate: ReleasedModel
  before(async () => {
    t = await startTestApp()
    await putVersion(t, 'flights', '1', 'carrier,delay\nAA,3\nUA,-2\n')
    await contract('flights', 'flights', [
      { carrier: { in: ['AA', 'UA'] } },
      { delay: { between: [-60, 600] } },
      { delay: { max: 100, severity: 'warn' } },
    ])
    const modelUri = await upload(t, 'LocalUpload/model', { 'weights.txt': 'w' })
    const id = `${t.workspace}/models/flight-delay/versions/1`
    const datasets = [{ name: 'train', id: `${t.workspace}/data/flights/versions/1` }]
    await ok('PUT', id, { properties: { modelType: 'custom_model', modelUri, datasets } })
    candidate = await released(t, id)
  })
  after(() => t.end())

  async function ok(method: string, path: string, body?: object) {
    const answer = await t.send(method, path, body)
    assert.ok(answer.status < 300, JSON.stringify(answer.body))
  }
  const contract = (name: string, data: string, checks: readonly object[]) =>
    ok('PUT', `${t.workspace}/providers/Twinloop/dataContracts/${name}`, { properties: { data, checks } })

  test('passes data that keep their contracts, with every check as a measure', async () => {
    const { result, kept } = await drive(t, dataQuality, { data: 'azureml:flights@latest' }, { candidate })
    assert.equal(result.verdict, 'pass')
    assert.equal(result.summary, 'flights:1 keeps all 3 checks on 2 rows.')
    assert.deepEqual(
      result.measures.map(({ name, verdict }) => [name, verdict]),
      [
        ['carrier.in', 'pass'],
        ['delay.between', 'pass'],
        ['delay.max', 'pass'],
      ],
    )
    assert.match(kept['flights-flights_1.html'] ?? '', /<h1>flights:1/)
    assert.equal(JSON.parse(kept['flights-flights_1.json'] ?? '').rows, 2)
  })

  test('fails those that break one, and shows the rows', async () => {
    await putVersion(t, 'flights', '2', 'carrier,delay\nAA,3\n<b>,-2\nUA,120\n')
    const { result } = await drive(t, dataQuality, { data: 'azureml:flights@latest' }, { candidate })
    assert.equal(result.verdict, 'fail')
    assert.equal(
      result.summary,
      'flights:2 breaks 1 of 3 checks: carrier is one of AA and UA. Found: 1 of 3 values (33.3%): <b>.',
    )
    const report = dataQuality.report?.(result) ?? ''
    assert.match(report, /<td>&lt;b&gt;<\/td>/)
    const warning = result.measures.find(({ name }) => name === 'delay.max')
    assert.equal(warning?.verdict, undefined)
  })

  test('lets a warning pass, unless the plan says otherwise', async () => {
    await putVersion(t, 'late', '1', 'delay\n120\n')
    await contract('late', 'late', [{ delay: { max: 100, severity: 'warn' } }])
    const asked = { data: 'azureml:late:1', contract: ['late'] }
    assert.equal((await drive(t, dataQuality, asked, { candidate })).result.verdict, 'pass')
    const strict = await drive(t, dataQuality, { ...asked, warnings: 'fail' }, { candidate })
    assert.equal(strict.result.verdict, 'fail')
    assert.match(strict.result.summary, /is warned of by 1 of 1 check/)
  })

  test('asks without a word what the candidate was trained on', async () => {
    const resource = {
      ...candidate.resource,
      status: { lineage: { data: [{ name: 'd', id: `${t.workspace}/data/late/versions/0` }] } },
    }
    const { result } = await drive(t, dataQuality, {}, { candidate: { ...candidate, resource } })
    assert.match(result.summary, /^late:1 is warned of/)
    const none = await drive(t, dataQuality, {}, { candidate })
    assert.equal(none.result.verdict, 'inconclusive')
  })

  test('is an error where a check cannot be evaluated, or the data cannot be read', async () => {
    await contract('odd', 'late', [{ satisfies: 'no_such_column > 0' }])
    await assert.rejects(
      drive(t, dataQuality, { data: 'azureml:late:1', contract: 'odd' }, { candidate }),
      /1 check could not be evaluated: .*no_such_column/,
    )
    await assert.rejects(
      drive(t, dataQuality, { data: 'azureml:none@latest', contract: 'odd' }, { candidate }),
      /none/,
    )
  })

  test('tells mistakes of a plan before anything runs', async () => {
    assert.deepEqual(await mistakes(t, dataQuality, { data: 'azureml:flights@latest' }), [])
    assert.deepEqual(await mistakes(t, dataQuality, { contract: ['flights', 'flihgts'] }), [
      {
        path: ['contract', 1],
        message: (await mistakes(t, dataQuality, { contract: 'flihgts' }))[0]?.message ?? '',
      },
    ])
    assert.match((await mistakes(t, dataQuality, { contract: 'flihgts' }))[0]?.message ?? '', /flights/)
    await putVersion(t, 'free', '1', 'a\n1\n')
    const [free] = await mistakes(t, dataQuality, { data: 'azureml:free@latest' })
    assert.match(free?.message ?? '', /'free' has no contract.*suggest --name free/)
    const [missing] = await mistakes(t, dataQuality, { data: 'azureml:flihgts@latest' })
    assert.deepEqual(missing?.path, ['data'])
    assert.throws(() => dataQuality.parameters.parse({ contracts: 'x' }), /contracts/)
  })
})
