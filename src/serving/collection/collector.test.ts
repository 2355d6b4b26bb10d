import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { settled, upload } from '../../testing/serving.ts'

const conda = `dependencies:
  - python
  - pip
  - pip:
      - azureml-ai-monitoring==1.0.0
      - pandas<3
`

/** As Azure's own samples do it, with their package: inputs and outputs under one correlation id. */
const script = `
import json
import pandas as pd
from azureml.ai.monitoring import Collector
from azureml.ai.monitoring.context import BasicCorrelationContext
def init():
    global inputs, outputs, secret
    inputs = Collector(name="model_inputs", on_error=lambda e: print("not collected:", e))
    outputs = Collector(name="model_outputs", on_error=lambda e: print("not collected:", e))
    secret = []
    Collector(name="not_enabled", on_error=lambda e: secret.append(str(e)))
def run(raw):
    asked = json.loads(raw)
    frame = pd.DataFrame(asked["data"])
    context = inputs.collect(frame, BasicCorrelationContext(id=asked["id"]))
    late = pd.DataFrame({"late": [v > 2 for v in frame["delay"]]})
    outputs.collect(late, context)
    return {"late": late["late"].tolist(), "refused": secret}
`

describe('data collected from a deployment', () => {
  let twin: TestApp
  let endpoint: string
  let base: string
  let key: string

  before(async () => {
    twin = await startTestApp()
    endpoint = `${twin.workspace}/onlineEndpoints/flights`
    await twin.send('PUT', `${twin.workspace}/environments/mdc/versions/1`, {
      properties: { condaFile: conda },
    })
    const codeUri = await upload(twin, 'LocalUpload/c1/src', { 'score.py': script })
    const codeId = `${twin.workspace}/codes/c1/versions/1`
    await twin.send('PUT', codeId, { properties: { codeUri } })
    await twin.send('PUT', endpoint, { location: 'local', properties: { authMode: 'Key' } })
    const enabled = { dataCollectionMode: 'enabled' }
    const made = await twin.send('PUT', `${endpoint}/deployments/blue`, {
      location: 'local',
      properties: {
        endpointComputeType: 'Managed',
        codeConfiguration: { codeId, scoringScript: 'score.py' },
        environmentId: 'azureml:mdc:1',
        requestSettings: { requestTimeout: 'PT20S' },
        dataCollector: { collections: { model_inputs: enabled, model_outputs: enabled, request: enabled } },
      },
    })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const state = await settled(twin, `${endpoint}/deployments/blue`)
    assert.equal(state['provisioningState'], 'Succeeded', JSON.stringify(state['error']))
    await twin.send('PATCH', endpoint, { properties: { traffic: { blue: 100 } } })
    await settled(twin, endpoint)
    base = String((await twin.send('GET', endpoint)).body.properties.scoringUri)
    key = (await twin.send('POST', `${endpoint}/listKeys`)).body.primaryKey
  })
  after(() => twin.end())

  const score = (id: string, delays: readonly number[]) =>
    fetch(base, {
      method: 'POST',
      body: JSON.stringify({ id, data: delays.map((delay) => ({ delay, carrier: 'ÄÖ' })) }),
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-request-id': id },
    })
  const collected = async (body: object = {}) =>
    (await twin.send('POST', `${endpoint}/deployments/blue/collected`, body)).body

  /** What was collected, when there is as much as there should be: files are closed some time after the requests. */
  async function collectedRows(rows: number) {
    for (;;) {
      const found = await collected()
      if (found.rows.length >= rows && found.views.length >= 2) return found
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  test("inputs and outputs of Azure's package, requests of the gateway, and labels come together", async () => {
    for (let i = 0; i < 20; i++) {
      const answer = await score(`r${i}`, [i % 5, 9])
      assert.equal(answer.status, 200, await answer.clone().text())
      const { refused } = (await answer.json()) as { refused: string[] }
      assert.match(refused.join(), /not_enabled is not enabled/)
    }
    const found = await collectedRows(40)
    assert.deepEqual(found.views.toSorted(), ['model_inputs', 'model_outputs'])
    const names = found.columns.map(({ name }: { name: string }) => name)
    assert.deepEqual(names, ['correlationid', 'row', 'time', 'delay', 'carrier', 'late'])
    const sent = await twin.send('POST', `${endpoint}/labels`, {
      labels: [
        { correlationId: 'r3', values: { was_late: false } },
        { correlationId: 'r3', row: 1, values: { was_late: true } },
        { correlationId: 'nobody', values: { was_late: true } },
      ],
    })
    assert.deepEqual([sent.status, sent.body], [200, { accepted: 3 }], JSON.stringify(sent.body))
    await twin.send('POST', `${endpoint}/labels`, {
      // Of labels that are sent together the last counts, too.
      labels: [null, false, true].map((late) => ({ correlationId: 'r3', values: { was_late: late } })),
    })
    const joined = await collected({ limit: 1000 })
    const rows = joined.rows.filter(([id]: [string]) => id === 'r3')
    assert.deepEqual(
      rows.map(([, row, , ...rest]: unknown[]) => [row, ...rest]),
      [
        [0, 3, 'ÄÖ', true, true],
        [1, 9, 'ÄÖ', true, true],
      ],
    )
    assert.equal(joined.rows.length, 40)
    assert.deepEqual([joined.total, joined.labelled], [40, 2])
    assert.equal((await collected({ limit: 1 })).total, 40)
    const other = await collected({ from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' })
    assert.deepEqual(other.rows, [])
  })

  test('labels come from a table, too', async () => {
    const uri = await upload(twin, 'LocalUpload/l1', {
      'l.csv': 'id,n,was_late\nr4,0,true\nr4,1,\n,0,true\n',
    })
    const data = { reference: `${uri}/l.csv`, correlationColumn: 'id', rowColumn: 'n' }
    const sent = await twin.send('POST', `${endpoint}/labels`, { data })
    assert.deepEqual([sent.status, sent.body], [200, { accepted: 2 }], JSON.stringify(sent.body))
    const joined = await collected({ limit: 1000 })
    const truths = joined.rows.filter(([id]: [string]) => id === 'r4').map((row: unknown[]) => row.at(-1))
    assert.deepEqual(truths, [true, null])
    const wrong = await twin.send('POST', `${endpoint}/labels`, {
      data: { ...data, correlationColumn: 'idd' },
    })
    assert.match(wrong.body.error.message, /no column 'idd'.*Did you mean 'id'/)
  })

  test('the collections are data assets, laid out by the hour', async () => {
    const asset = await twin.send('GET', `${twin.workspace}/data/flights-blue-model_inputs/versions/1`)
    assert.match(asset.body.properties.dataUri, /modelDataCollector\/flights\/blue\/model_inputs\/$/)
    const { artifacts, resources } = twin.app.platform
    const { workspaceId } = (await resources.get(twin.workspace)).status
    const { blobs } = await artifacts.list(
      `${String(workspaceId)}-blobstore`,
      'modelDataCollector/flights/blue/',
    )
    assert.ok(blobs.length >= 3)
    for (const { path } of blobs)
      assert.match(path, /\/(?:model_inputs|model_outputs|request)\/\d{4}\/\d\d\/\d\d\/\d\d\/[\w-]+\.jsonl$/)
  })

  test('mistakes are told with their field', async () => {
    const refused = async (id: string, body: object, words: RegExp) => {
      const answer = await twin.send('POST', `${endpoint}${id}`, body)
      assert.equal(answer.status, 400, JSON.stringify(answer.body))
      assert.match(JSON.stringify(answer.body), words)
    }
    await refused('/labels', { labels: [] }, /labels/)
    await refused('/labels', { labels: [{ values: { a: 1 } }] }, /correlationId/)
    await refused('/labels', { labels: [{ correlationId: 'a', values: {} }] }, /at least one column/)
    const odd = [
      { correlationId: 'a', values: { late: 1 } },
      { correlationId: 'b', values: { lat: 1 } },
    ]
    await refused('/labels', { labels: odd }, /labels\.1 has the columns lat; the first has late/)
    const window = { from: '2020-01-02T00:00:00Z', to: '2020-01-01T00:00:00Z' }
    await refused('/deployments/blue/collected', window, /ends before it begins/)
    const broken = { collections: { model_inputs: { dataCollectionMode: 'on' } } }
    const put = await twin.send('PATCH', `${endpoint}/deployments/blue`, {
      properties: { dataCollector: broken },
    })
    assert.equal(put.status, 400, JSON.stringify(put.body))
    const nowhere = {
      collections: { model_inputs: { dataCollectionMode: 'Enabled', dataId: 'azureml:nothing:1' } },
    }
    const missing = await twin.send('PATCH', `${endpoint}/deployments/blue`, {
      properties: { dataCollector: nowhere },
    })
    assert.equal(missing.status, 400)
    assert.match(missing.body.error.message, /'nothing'/)
  })
})
