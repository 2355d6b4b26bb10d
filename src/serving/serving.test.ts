import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { writeAlias } from '../registry/aliases.ts'
import { upsertPrincipal } from '../store/access-rows.ts'
import { startTestApp, type TestApp } from '../testing/app.ts'
import { emptyModel, settled, upload } from '../testing/serving.ts'

const script = (reply: string) => `
import os
def init():
    global model
    model = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "weights.txt")).read()
    assert model == open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "tiny", "weights.txt")).read()
    print("model is", model)
def run(raw):
    return {"reply": "${reply}", "model": model, "pid": os.getpid(), "colour": os.environ.get("COLOUR")}
`

/** A token of somebody who may read the workspace and do nothing else. */
async function readerToken(twin: TestApp): Promise<string> {
  const { platform } = twin.app
  const { resources, access, store } = platform
  await upsertPrincipal(store.db, { id: 'reader', name: 'reader', kind: 'User' }, 0)
  const assignment = `${twin.workspace}/providers/Microsoft.Authorization/roleAssignments/33333333-0000-0000-0000-000000000001`
  await resources.put(platform.identity('setup'), assignment, {
    properties: { principalId: 'reader', roleDefinitionId: reader },
  })
  return access.issueToken('reader', { purpose: 'test' })
}
const reader = '/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7'

describe('online endpoints and deployments', () => {
  let twin: TestApp
  let base: string
  const id = (name: string) => `${twin.workspace}/onlineEndpoints/${name}`

  before(async () => {
    twin = await startTestApp()
    const modelUri = await upload(twin, 'LocalUpload/m1/tiny', emptyModel)
    await twin.send('PUT', `${twin.workspace}/models/mine/versions/1`, {
      properties: { modelType: 'custom_model', modelUri },
    })
    const champion = { alias: 'champion', to: '1', by: 'test' }
    await writeAlias(twin.app.platform, `${twin.workspace}/models/mine`, champion)
  })
  after(async () => {
    await twin.end()
  })

  async function code(name: string, text: string) {
    const codeUri = await upload(twin, `LocalUpload/${name}/src`, { 'score.py': text })
    const codeId = `${twin.workspace}/codes/${name}/versions/1`
    assert.equal((await twin.send('PUT', codeId, { properties: { codeUri } })).status, 201)
    return { codeId, scoringScript: 'score.py' }
  }

  const deploy = (name: string, properties: object, sku?: object) =>
    twin.send('PUT', `${id('flights')}/deployments/${name}`, {
      location: 'local',
      ...(sku ? { sku } : {}),
      properties: {
        endpointComputeType: 'Managed',
        model: 'azureml://datastores/workspaceblobstore/paths/LocalUpload/m1/tiny',
        requestSettings: { requestTimeout: 'PT20S' },
        ...properties,
      },
    })
  const traffic = async (shares: object) => {
    const answer = await twin.send('PATCH', id('flights'), { properties: { traffic: shares } })
    if (answer.status === 200) await settled(twin, id('flights'))
    return answer
  }
  const score = async (key: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${base}/score`, {
      method: 'POST',
      body: '{}',
      headers: { authorization: `Bearer ${key}`, ...headers },
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const keys = async () =>
    (await twin.send('POST', `${id('flights')}/listKeys`)).body as {
      primaryKey: string
      secondaryKey: string
    }

  test('an endpoint is made with keys and an address', async () => {
    const made = await twin.send('PUT', id('flights'), { location: 'local', properties: { authMode: 'key' } })
    assert.equal(made.status, 201)
    assert.ok(made.headers.get('azure-asyncoperation'))
    await settled(twin, id('flights'))
    const { body } = await twin.send('GET', id('flights'))
    assert.match(body.properties.scoringUri, /^http:\/\/127\.0\.0\.1:\d+\/dev\/flights\/score$/)
    assert.deepEqual(body.properties.traffic, {})
    base = String(body.properties.scoringUri).replace(/\/score$/, '')
    const { primaryKey, secondaryKey } = await keys()
    assert.ok(primaryKey.length > 40 && primaryKey !== secondaryKey)
    assert.equal((await score(primaryKey)).status, 404)
    assert.equal((await twin.send('POST', `${id('flights')}/token`)).status, 400)
  })

  test('what cannot be is refused with where and why', async () => {
    const route = { path: '/health', port: 8080 }
    const inferenceConfig = { livenessRoute: route, readinessRoute: route, scoringRoute: route }
    await twin.send('PUT', `${twin.workspace}/environments/server/versions/1`, {
      properties: { image: 'example/server:1', inferenceConfig },
    })
    const refusals: [
      string,
      Promise<{ status: number; body: { error: { message: string; target?: string } } }>,
      number,
      RegExp,
    ][] = [
      ['a short name', twin.send('PUT', id('ab'), { properties: { authMode: 'Key' } }), 400, /ab/],
      [
        'an unknown auth mode',
        twin.send('PUT', id('other'), { properties: { authMode: 'Keys' } }),
        400,
        /did you mean Key/,
      ],
      ['traffic to nobody', traffic({ blue: 100 }), 400, /no deployment 'blue'/],
      ['Kubernetes', deploy('kube', { endpointComputeType: 'Kubernetes' }), 400, /Kubernetes/],
      [
        'no such code',
        deploy('blue', { codeConfiguration: { codeId: 'azureml:nothing:1', scoringScript: 'x.py' } }),
        400,
        /nothing/,
      ],
      ['no such model', deploy('blue', { model: 'azureml:nothing:1' }), 400, /nothing/],
      ['no such alias', deploy('blue', { model: 'azureml:mine@best' }), 400, /no label 'best'/],
      [
        'a custom model without code',
        deploy('blue', { model: 'azureml:mine@champion' }),
        400,
        /is a custom_model/,
      ],
      ['no such environment', deploy('blue', { environmentId: 'azureml:nothing:1' }), 400, /nothing/],
      [
        'a container with a server of its own',
        deploy('blue', { environmentId: 'azureml:server:1' }),
        400,
        /'azureml:server:1' is a container with a server of its own \(inferenceConfig\).*need Kubernetes/,
      ],
      ['no model and no code', deploy('blue', { model: null }), 400, /no model/],
      [
        'an escape',
        deploy('blue', { codeConfiguration: { scoringScript: '../x.py' } }),
        400,
        /must lie in the code/,
      ],
      ['too many instances', deploy('blue', {}, { capacity: 21 }), 400, /1 to 20/],
      [
        'a timeout that is none',
        deploy('blue', { requestSettings: { requestTimeout: '5s' } }),
        400,
        /ISO 8601/,
      ],
      [
        'too long a timeout',
        deploy('blue', { requestSettings: { requestTimeout: 'PT4M' } }),
        400,
        /at most PT3M/,
      ],
      [
        'no such endpoint',
        twin.send('PUT', `${id('flihgts')}/deployments/blue`, {
          properties: { endpointComputeType: 'Managed', model: 'x' },
        }),
        404,
        /flights/,
      ],
    ]
    for (const [what, answer, status, message] of refusals) {
      const { status: got, body } = await answer
      assert.equal(got, status, `${what}: ${JSON.stringify(body)}`)
      assert.match(body.error.message, message, what)
    }
  })

  test('a scoring script is deployed, gets traffic and answers with the model', async () => {
    const codeConfiguration = await code('one', script('hello'))
    const made = await deploy('blue', { codeConfiguration, environmentVariables: { COLOUR: 'blue' } })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.deepEqual(made.body.properties.scaleSettings, { scaleType: 'Default' })
    const state = await settled(twin, `${id('flights')}/deployments/blue`)
    assert.equal(state['provisioningState'], 'Succeeded', JSON.stringify(state['error']))
    const { primaryKey } = await keys()
    assert.equal((await score(primaryKey)).status, 404)
    assert.equal((await traffic({ blue: 100 })).status, 200)
    const { status, body } = await score(primaryKey)
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual({ ...body, pid: 0 }, { reply: 'hello', model: 'w1', pid: 0, colour: 'blue' })
    const shown = await twin.send('GET', `${id('flights')}/deployments/blue`)
    assert.equal(shown.body.properties.runtime, 'python (scoring script)')
    assert.equal(shown.body.sku.capacity, 1)
    const logs = await twin.send('POST', `${id('flights')}/deployments/blue/getLogs`, {
      containerType: 'inferenceServer',
      tail: 50,
    })
    assert.match(logs.body.content, /instance 0 \(ready\)\nmodel is w1\nReady/)
    const steps = await twin.send('POST', `${id('flights')}/deployments/blue/getLogs`, {
      containerType: 'StorageInitializer',
    })
    assert.match(steps.body.content, /Environment ready/)
  })

  test('the server asks on behalf of who may score, and hands on what the endpoint answers', async () => {
    const ask = async (input: object) => (await twin.send('POST', `${id('flights')}/score`, input)).body
    const asked = await ask({ request: [1] })
    assert.deepEqual([asked.status, asked.deployment, asked.answer.reply], [200, 'blue', 'hello'])
    assert.ok(asked.durationMs > 0 && asked.requestId.length > 10)
    const nowhere = await ask({ request: [1], deployment: 'red' })
    assert.equal(nowhere.status, 404)
    assert.match(nowhere.answer.message, /blue/)
    const { status, body } = await twin.send('POST', `${id('flights')}/describe`, {})
    assert.deepEqual([status, body.openapi.slice(0, 2)], [200, '3.'])
    assert.equal((await twin.send('POST', `${id('flights')}/describe`, { deployment: 'red' })).status, 409)
    const as = { authorization: `Bearer ${await readerToken(twin)}` }
    assert.equal((await twin.send('POST', `${id('flights')}/score`, { request: [1] }, as)).status, 403)
    // What failed is told by its request, soon after; what belongs to other endpoints is not.
    const failures = (input: object = {}) => twin.send('POST', `${id('flights')}/failures`, input, as)
    let told: { requestId: string; status: number; ms: number }[] = []
    for (const end = Date.now() + 10_000; told.length === 0 && Date.now() < end;)
      told = (await failures()).body.value.filter(
        (one: { requestId: string }) => one.requestId === nowhere.requestId,
      )
    assert.deepEqual([told[0]?.status, (told[0]?.ms ?? 0) > 0], [404, true])
    assert.deepEqual((await failures({ minStatus: 500 })).body.value, [])
    assert.equal((await failures({ top: 0 })).status, 400)
  })

  test('the same again changes nothing; created again without traffic, an endpoint keeps it', async () => {
    const before = (await keys()).primaryKey
    const { pid } = (await score(before)).body
    const again = await twin.send('PUT', id('flights'), {
      location: 'local',
      properties: { authMode: 'Key', traffic: {} },
    })
    assert.equal(again.status, 200)
    await settled(twin, id('flights'))
    assert.equal((await keys()).primaryKey, before)
    assert.equal((await score(before)).body['pid'], pid)
  })

  test('a regenerated key is in force at once, and the old one is not', async () => {
    const { primaryKey, secondaryKey } = await keys()
    const answer = await twin.send('POST', `${id('flights')}/regenerateKeys`, { keyType: 'primary' })
    assert.equal(answer.status, 202)
    assert.equal((await score(primaryKey)).status, 401)
    assert.equal((await score(secondaryKey)).status, 200)
    assert.equal((await score((await keys()).primaryKey)).status, 200)
    const weak = await twin.send('POST', `${id('flights')}/regenerateKeys`, {
      keyType: 'Primary',
      keyValue: 'short',
    })
    assert.equal(weak.status, 400)
  })

  test('an instance that is killed is started again', async () => {
    const { primaryKey } = await keys()
    const { pid } = (await score(primaryKey)).body
    process.kill(Number(pid), 'SIGKILL')
    while (existsSync(`/proc/${Number(pid)}`)) await new Promise(setImmediate)
    const { status, body } = await score(primaryKey)
    assert.equal(status, 200, JSON.stringify(body))
    assert.notEqual(body['pid'], pid)
  })

  test('a broken update fails with the last words of its log, and what served goes on', async () => {
    const { primaryKey } = await keys()
    const { pid } = (await score(primaryKey)).body
    const path = `${id('flights')}/deployments/blue`
    const broken = await code(
      'broken',
      'def init():\n    raise ValueError("no weights today")\ndef run(raw): pass\n',
    )
    const answer = await deploy('blue', { codeConfiguration: broken })
    assert.equal(answer.status, 200)
    const state = await settled(twin, path)
    assert.equal(state['provisioningState'], 'Failed')
    assert.match(
      (state['error'] as { message: string }).message,
      /exit code 1 before it was ready[^]*no weights today/,
    )
    assert.equal((await score(primaryKey)).body['pid'], pid)
    const operation = await twin.send(
      'GET',
      new URL(String(answer.headers.get('azure-asyncoperation'))).pathname,
    )
    assert.equal(operation.body.status, 'Failed')
    assert.match(operation.body.error.message, /no weights today/)
    const once = await deploy('blue', { codeConfiguration: broken })
    assert.equal(once.body.properties.provisioningState, 'Updating')
    assert.equal((await settled(twin, path))['provisioningState'], 'Failed')
  })

  test('an update changes over without a gap; two instances share the requests', async () => {
    const { primaryKey } = await keys()
    const two = await code('two', script('again'))
    const stopping = new AbortController()
    const statuses = new Set<number>()
    const caller = (async () => {
      while (!stopping.signal.aborted) statuses.add((await score(primaryKey)).status)
    })()
    await deploy('blue', { codeConfiguration: two }, { name: 'Default', capacity: 2 })
    assert.equal((await settled(twin, `${id('flights')}/deployments/blue`))['provisioningState'], 'Succeeded')
    stopping.abort()
    await caller
    assert.deepEqual([...statuses], [200])
    // The first instance that is ready makes the deployment Succeeded; the second takes its turn when it is.
    const pids = new Set<unknown>()
    while (pids.size < 2) {
      const { body } = await score(primaryKey)
      assert.equal(body['reply'], 'again')
      pids.add(body['pid'])
    }
  })

  test('a deployment with traffic cannot be deleted; without, its processes end', async () => {
    const path = `${id('flights')}/deployments/blue`
    const { primaryKey } = await keys()
    const refused = await twin.send('DELETE', path)
    assert.equal(refused.status, 409)
    assert.match(refused.body.error.message, /has 100 % of the traffic/)
    const pid = Number((await score(primaryKey)).body['pid'])
    await traffic({ blue: 0 })
    assert.equal((await twin.send('DELETE', path)).status, 202)
    await twin.until(path, (p) => Object.keys(p).length === 0)
    assert.equal(existsSync(`/proc/${pid}`), false)
    assert.equal((await score(primaryKey, { 'azureml-model-deployment': 'blue' })).status, 404)
  })

  test('an endpoint takes its deployments with it, traffic or not', async () => {
    await deploy('green', { codeConfiguration: await code('three', script('green')) })
    assert.equal(
      (await settled(twin, `${id('flights')}/deployments/green`))['provisioningState'],
      'Succeeded',
    )
    await traffic({ green: 100 })
    assert.equal((await twin.send('DELETE', id('flights'))).status, 202)
    await twin.until(id('flights'), (p) => Object.keys(p).length === 0)
    assert.equal(await twin.app.platform.resources.find(`${id('flights')}/deployments/green`), undefined)
    // The gateway goes with the last endpoint.
    await twin.app.platform.compute.wait('gateway').catch(() => {})
    await assert.rejects(score('any'))
  })

  test('tokens: the caller’s own, and one made for the endpoint', async () => {
    const path = id('tokens')
    await twin.send('PUT', path, { location: 'local', properties: { authMode: 'AADToken' } })
    await settled(twin, path)
    base = String((await twin.send('GET', path)).body.properties.scoringUri).replace(/\/score$/, '')
    assert.equal((await score(twin.token)).status, 404)
    assert.equal((await score('tl_nonsense')).status, 401)
    const { body } = await twin.send('POST', `${path}/token`)
    assert.equal(body.tokenType, 'Bearer')
    assert.equal((await score(body.accessToken)).status, 404)
    assert.equal((await twin.send('POST', `${path}/listKeys`)).status, 400)
    const elsewhere = await twin.send('GET', twin.workspace, undefined, {
      authorization: `Bearer ${body.accessToken}`,
    })
    assert.equal(elsewhere.status, 401)
  })

  test('an AMLToken endpoint takes its own tokens only, which hold for an hour', async () => {
    const path = id('amltokens')
    await twin.send('PUT', path, { location: 'local', properties: { authMode: 'aml_token' } })
    await settled(twin, path)
    base = String((await twin.send('GET', path)).body.properties.scoringUri).replace(/\/score$/, '')
    const { body } = await twin.send('POST', `${path}/token`)
    const left = body.expiryTimeUtc - Date.now() / 1000
    assert.ok(left > 3500 && left <= 3600 && body.refreshAfterTimeUtc < body.expiryTimeUtc)
    assert.equal((await score(body.accessToken)).status, 404)
    assert.equal((await score(`${body.accessToken}x`)).status, 401)
    assert.equal((await score(twin.token)).status, 401)
    const other = await twin.send('POST', `${id('tokens')}/token`)
    assert.equal((await score(other.body.accessToken)).status, 401)
  })
})
