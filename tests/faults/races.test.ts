import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startTestApp } from '../../src/testing/app.ts'
import type { Answer, TestApp } from '../../src/testing/app.ts'
import { ownPython, useOwnPython } from '../../src/testing/own-python.ts'

let t: TestApp
before(async () => {
  t = await startTestApp()
  useOwnPython(t.home)
})
after(() => t.end())

const mlflow = '/api/2.0/mlflow'
const together = (count: number, send: (i: number) => Promise<Answer>) =>
  Promise.all(Array.from({ length: count }, (_, i) => send(i)))
const count = (answers: readonly Answer[], status: number) =>
  answers.filter((a) => a.status === status).length
const ended = (p: Record<string, unknown>) =>
  ['Completed', 'Failed', 'Canceled'].includes(String(p['status']))
const job = (name: string, command: string) =>
  t.send('PUT', `${t.workspace}/jobs/${name}`, {
    properties: { jobType: 'Command', command, environmentId: ownPython },
  })

describe('many at once', () => {
  it('write one resource: whole bodies, or a conflict', async () => {
    const path = `${t.workspace}/computes/contended`
    const body = (n: number) => ({
      properties: {
        computeType: 'AmlCompute',
        properties: { scaleSettings: { minNodeCount: n, maxNodeCount: n } },
      },
    })
    const answers = await together(20, (i) => t.send('PUT', path, body(i + 1)))
    assert.equal(count(answers, 201), 1)
    assert.equal(count(answers, 201) + count(answers, 200) + count(answers, 409), 20)
    const { minNodeCount, maxNodeCount } = (await t.send('GET', path)).body.properties.properties
      .scaleSettings
    assert.equal(minNodeCount, maxNodeCount, 'no mixture of two')
  })

  it('make one version of different content: one wins, and the container is there once', async () => {
    const put = (i: number) =>
      t.send('PUT', `${t.workspace}/data/contended/versions/1`, {
        properties: { dataType: 'uri_file', dataUri: `azureml://datastores/workspaceblobstore/paths/${i}` },
      })
    const answers = await together(20, put)
    assert.deepEqual([count(answers, 201), count(answers, 400)], [1, 19])
    assert.equal((await t.send('GET', `${t.workspace}/data/contended/versions`)).body.value.length, 1)
  })

  it('register versions of one model through MLflow: each gets its own', async () => {
    await t.send('POST', `${mlflow}/registered-models/create`, { name: 'contended' })
    const { info } = (await t.send('POST', `${mlflow}/runs/create`, { experiment_id: '0' })).body.run
    const register = () =>
      t.send('POST', `${mlflow}/model-versions/create`, {
        name: 'contended',
        source: `${info.artifact_uri}/model`,
        run_id: info.run_id,
      })
    const answers = await together(20, register)
    assert.equal(new Set(answers.map((a) => a.body.model_version?.version)).size, 20)
  })

  it('log one parameter with different values: one stands', async () => {
    const { run_id: runId } = (await t.send('POST', `${mlflow}/runs/create`, { experiment_id: '0' })).body.run
      .info
    const log = (i: number) =>
      t.send('POST', `${mlflow}/runs/log-parameter`, { run_id: runId, key: 'p', value: String(i) })
    const answers = await together(20, log)
    assert.deepEqual([count(answers, 200), count(answers, 400)], [1, 19])
  })

  it('submit one job: it runs once', async () => {
    const file = join(t.home, 'ran')
    const answers = await together(20, () => job('contended', `echo ran >> '${file}'`))
    assert.deepEqual([count(answers, 201), count(answers, 200)], [1, 19])
    await t.until(`${t.workspace}/jobs/contended`, ended)
    assert.equal(readFileSync(file, 'utf8'), 'ran\n')
  })
})

describe('a job', () => {
  it('that is cancelled as soon as it is submitted ends, and never runs on', async () => {
    for (const name of ['brief_1', 'brief_2', 'brief_3']) {
      await job(name, 'sleep 600')
      assert.equal((await t.send('POST', `${t.workspace}/jobs/${name}/cancel`)).status, 202)
      const { status } = await t.until(`${t.workspace}/jobs/${name}`, ended)
      assert.equal(status, 'Canceled')
    }
  })

  it('that runs is not deleted, nor is its workspace', async () => {
    await job('busy', 'sleep 600')
    await t.until(`${t.workspace}/jobs/busy`, (p) => p['status'] === 'Running')
    for (const path of [`${t.workspace}/jobs/busy`, t.workspace]) {
      const { status, body } = await t.send('DELETE', path)
      assert.equal(status, 409)
      assert.match(body.error.message, /cancel it before/)
    }
    const cancelled = await together(5, () => t.send('POST', `${t.workspace}/jobs/busy/cancel`))
    assert.equal(count(cancelled, 202), 5)
    assert.equal((await t.until(`${t.workspace}/jobs/busy`, ended))['status'], 'Canceled')
  })
})

describe('an endpoint', () => {
  it('deleted while it deploys goes, with the deployment and its processes', async () => {
    const endpoint = `${t.workspace}/onlineEndpoints/undecided`
    const { workspaceId } = (await t.send('GET', t.workspace)).body.properties
    const script = 'import time\ndef init():\n  time.sleep(600)\n'
    const blob = `/devstoreaccount1/${workspaceId}-blobstore/code/score.py`
    await t.send('PUT', blob, script, { 'x-ms-blob-type': 'BlockBlob' })
    await t.send('PUT', `${t.workspace}/codes/slow/versions/1`, {
      properties: { codeUri: 'azureml://datastores/workspaceblobstore/paths/code/' },
    })
    await t.send('PUT', endpoint, { location: 'local', properties: { authMode: 'Key' } })
    const made = await t.send('PUT', `${endpoint}/deployments/blue`, {
      location: 'local',
      sku: { name: 'Default', capacity: 1 },
      properties: {
        endpointComputeType: 'Managed',
        environmentId: ownPython,
        codeConfiguration: { codeId: `${t.workspace}/codes/slow/versions/1`, scoringScript: 'score.py' },
      },
    })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const events = t.app.platform.events.tail(0, AbortSignal.timeout(60_000))[Symbol.asyncIterator]()
    assert.equal((await t.send('DELETE', endpoint)).status, 202)
    while ((await t.send('GET', endpoint)).status !== 404) await events.next()
    assert.equal((await t.send('GET', `${endpoint}/deployments/blue`)).status, 404)
    const again = await t.send('PUT', endpoint, { location: 'local', properties: { authMode: 'Key' } })
    assert.equal(again.status, 201)
  })
})
