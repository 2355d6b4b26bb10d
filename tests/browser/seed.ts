import assert from 'node:assert/strict'
import { startTestApp, type TestApp } from '../../src/testing/app.ts'
import { ownPython, useOwnPython } from '../../src/testing/own-python.ts'
import { emptyModel, settled, upload } from '../../src/testing/serving.ts'

/** Names that break pages which think that names are short and Latin. */
export const longName = `${'very-long-'.repeat(25)}name`
export const oddName = '🛫 רכבת <b>late</b> & “flights”'

const columns =
  '[{"type": "string", "name": "carrier", "required": true}, {"type": "double", "name": "seats", "required": false}]'
const model = {
  ...emptyModel,
  MLmodel: `flavors:\n  python_function: {loader_module: nothing}\nsignature:\n  inputs: '${columns}'\n`,
}
const script = `
import os
def init():
    pass
def run(raw):
    return {"late": 0.25, "asked": raw}
`

/** A server with a little of everything that Studio shows: made through the doors that users have, in a few seconds. */
export async function startSeeded(): Promise<TestApp> {
  const t = await startTestApp()
  useOwnPython(t.home)
  const put = async (path: string, properties: object, more: object = {}) => {
    const { status, body } = await t.send('PUT', `${t.workspace}/${path}`, { properties, ...more })
    assert.ok(status < 300, `PUT ${path}: ${status} ${JSON.stringify(body)}`)
  }
  const ended = (name: string) =>
    t.until(`${t.workspace}/jobs/${name}`, ({ status }) =>
      ['Completed', 'Failed', 'Canceled'].includes(String(status)),
    )
  const command = { jobType: 'Command', environmentId: ownPython, experimentName: 'flights' }

  const codeId = `${t.workspace}/codes/tiny/versions/1`
  await put('codes/tiny/versions/1', {
    codeUri: await upload(t, 'LocalUpload/tiny/code', { 'score.py': script }),
  })
  await put('jobs/steady_train', {
    ...command,
    codeId,
    displayName: 'train',
    command: 'echo learning; echo done',
  })
  await put('jobs/odd_names', {
    ...command,
    displayName: oddName,
    experimentName: longName.slice(0, 250),
    command: 'true',
  })
  await put('components/fails/versions/1', {
    componentSpec: {
      name: 'fails',
      version: '1',
      type: 'command',
      command: 'echo the bad line in ${{inputs.data}}; exit 3',
      environment: ownPython,
      inputs: { data: { type: 'uri_folder' } },
      outputs: { made: { type: 'uri_folder' } },
    },
  })
  await put('components/works/versions/1', {
    componentSpec: {
      name: 'works',
      version: '1',
      type: 'command',
      command: 'echo fine > ${{outputs.made}}/x',
      environment: ownPython,
      outputs: { made: { type: 'uri_folder' } },
    },
  })
  const component = (name: string) => `${t.workspace}/components/${name}/versions/1`
  await put('jobs/broken_pipe', {
    jobType: 'Pipeline',
    displayName: 'nightly',
    experimentName: 'flights',
    jobs: {
      prepare: { componentId: component('works'), type: 'command' },
      train: {
        componentId: component('fails'),
        type: 'command',
        inputs: { data: { job_input_type: 'literal', value: '${{parent.jobs.prepare.outputs.made}}' } },
      },
    },
  })
  for (const name of ['steady_train', 'odd_names', 'broken_pipe']) await ended(name)
  const metrics = Array.from({ length: 40 }, (_, step) => ({
    key: 'loss',
    value: 1 / (step + 1),
    timestamp: 1_700_000_000_000 + step,
    step,
  }))
  const logged = await t.send('POST', `/mlflow/v2.0${t.workspace}/api/2.0/mlflow/runs/log-batch`, {
    run_id: 'steady_train',
    metrics: [...metrics, { key: 'roc_auc', value: 0.71, timestamp: 1_700_000_000_000, step: 0 }],
    params: [{ key: 'learning_rate', value: '0.06' }],
  })
  assert.equal(logged.status, 200, JSON.stringify(logged.body))

  await put('data/numbers/versions/1', {
    dataType: 'uri_file',
    dataUri: `${await upload(t, 'LocalUpload/numbers', { 'n.csv': 'a,b\n1,x\n2,\n3,y\n' })}/n.csv`,
  })
  await t.until(
    `${t.workspace}/data/numbers/versions/1`,
    ({ facts }) => (facts as { state?: string } | undefined)?.state === 'recorded',
  )
  await put('models/tiny/versions/1', {
    modelType: 'custom_model',
    modelUri: await upload(t, 'LocalUpload/tiny/model', model),
    jobName: 'steady_train',
    tags: { roc_auc: '0.71' },
  })
  const endpoint = 'onlineEndpoints/tiny'
  await put(endpoint, { authMode: 'Key' }, { location: 'local' })
  await settled(t, `${t.workspace}/${endpoint}`)
  await put(
    `${endpoint}/deployments/blue`,
    {
      endpointComputeType: 'Managed',
      model: 'azureml:tiny:1',
      codeConfiguration: { codeId, scoringScript: 'score.py' },
    },
    { location: 'local' },
  )
  const state = await settled(t, `${t.workspace}/${endpoint}/deployments/blue`)
  assert.equal(state['provisioningState'], 'Succeeded', JSON.stringify(state['error']))
  await t.send('PATCH', `${t.workspace}/${endpoint}`, { properties: { traffic: { blue: 100 } } })
  await settled(t, `${t.workspace}/${endpoint}`)

  await put('batchEndpoints/bulk', { authMode: 'AADToken' }, { location: 'local' })

  const plan = 'providers/Twinloop/releasePlans/tiny'
  await put(plan, {
    model: 'tiny',
    stages: [{ name: 'production', approval: { roles: ['Owner'], not_requester: false } }],
  })
  const started = await t.send('POST', `${t.workspace}/${plan}/start`, { version: '1' })
  assert.ok(started.status < 300, JSON.stringify(started.body))
  await t.until(`${t.workspace}/${plan}/releases/1`, (release) => release['state'] === 'waiting')
  return t
}

/** Somebody who may look at the workspace and do nothing; answers with their token. */
export async function addReader(t: TestApp): Promise<string> {
  const user = await t.send('PUT', '/providers/Twinloop/users/rita', { properties: { displayName: 'Rita' } })
  assert.ok(user.status < 300, JSON.stringify(user.body))
  const { principalId } = user.body.properties as { principalId: string }
  const assignment = '44444444-0000-0000-0000-000000000001'
  const { status } = await t.send(
    'PUT',
    `${t.workspace}/providers/Microsoft.Authorization/roleAssignments/${assignment}`,
    { properties: { principalId, roleDefinitionId: 'Reader' } },
  )
  assert.ok(status < 300)
  return t.app.platform.access.issueToken(principalId, { purpose: 'test' })
}
