import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { containerOf } from '../../../../data/containers.ts'
import { approvals } from '../../../../release/testing/people.ts'
import { startTestApp, type TestApp } from '../../../../testing/app.ts'
import { ownPython, useOwnPython } from '../../../../testing/own-python.ts'
import { settled, upload } from '../../../../testing/serving.ts'
import { checkActions } from '../../planning/check.ts'
import { incidentLab } from '../../testing/incidents.ts'

const script = `
import os
def init(): pass
def run(mini_batch):
    return [[os.path.basename(path), os.path.getsize(path)] for path in mini_batch]
`
const data = 'azureml://datastores/workspaceblobstore/paths/LocalUpload/d1/flights'

describe('run_job', () => {
  let server: TestApp
  let endpoint: string
  const t = incidentLab(() => server)
  const people = approvals(() => server)
  before(async () => {
    server = await startTestApp()
    useOwnPython(server.home)
    endpoint = `${server.workspace}/batchEndpoints/nightly`
    const modelUri = await upload(server, 'LocalUpload/m1/tiny', { 'weights.txt': 'w1\n' })
    await people.ok('PUT', `${server.workspace}/models/mine/versions/1`, {
      properties: { modelType: 'custom_model', modelUri },
    })
    const codeUri = await upload(server, 'LocalUpload/c1/src', { 'score.py': script })
    const codeId = `${server.workspace}/codes/c1/versions/1`
    await people.ok('PUT', codeId, { properties: { codeUri } })
    await upload(server, 'LocalUpload/d1/flights', { 'a.csv': 'x', 'b.csv': 'xy' })
    await people.ok('PUT', endpoint, { location: 'local', properties: { authMode: 'aadToken' } })
    await people.ok('PUT', `${endpoint}/deployments/blue`, {
      location: 'local',
      properties: {
        model: { referenceType: 'Id', assetId: 'azureml:mine@latest' },
        codeConfiguration: { codeId, scoringScript: 'score.py' },
        environmentId: ownPython,
      },
    })
    const deployed = await settled(server, `${endpoint}/deployments/blue`)
    assert.equal(deployed['provisioningState'], 'Succeeded', JSON.stringify(deployed))
    await people.ok('PATCH', endpoint, { properties: { defaults: { deploymentName: 'blue' } } })
  })
  after(() => server.end())

  const run = async (parameters: object) => {
    const incident = await t.fire(t.rule([{ kind: 'run_job', parameters: parameters as never }]))
    return t.settled(`${incident}/actions/0-run_job`)
  }

  test('invokes a batch endpoint, whose job scores what it is given', async () => {
    const done = await run({ batch_endpoint: 'nightly', inputs: { data } })
    assert.equal(done.state, 'Done', done.reason)
    assert.match(done.reason, /^job slow-1-\S+ completed$/)
    const [id = ''] = done.made ?? []
    const steps = await people.ok('GET', `${server.workspace}/jobs?parentJobName=${id.split('/').at(-1)}`)
    const { artifacts, resources } = server.app.platform
    const container = containerOf(await resources.get(server.workspace), 'blobstore')
    const parts: Buffer[] = []
    for await (const part of await artifacts.read({
      container,
      path: `azureml/${steps.value[0].name}/score/predictions.csv`,
    }))
      parts.push(part as Buffer)
    assert.equal(Buffer.concat(parts).toString(), 'a.csv 1\nb.csv 2\n')
    const listed = await people.ok('GET', `/mferp/managementfrontend${endpoint}/jobs`)
    assert.equal(listed.value.length, 1, 'invoked once')
  })

  test('is refused, with the reason, where the job fails', async () => {
    const { state, reason } = await run({
      batch_endpoint: 'nightly',
      inputs: { data: `${data}-of-nowhere` },
    })
    assert.equal(state, 'Refused')
    assert.match(reason, /flights-of-nowhere/)
  })

  test('says what is not there when the rule is written', async () => {
    const mistakes = await checkActions({
      platform: server.app.platform,
      actor: { id: 'administrator', name: 'administrator', kind: 'User', confinedTo: '' },
      workspaceId: server.workspace,
      actions: [
        { kind: 'run_job', parameters: { batch_endpoint: 'nightli' } },
        { kind: 'run_job', parameters: { batch_endpoint: 'nightly', deployment: 'green', inputs: { data } } },
        { kind: 'run_job', parameters: {} },
      ],
    })
    const said = mistakes.map(({ message }) => message)
    assert.match(said.join('\n'), /batch_endpoint: there is no batch endpoint 'nightli'/)
    assert.match(said.join('\n'), /actions\[1\]\.run_job: .*green/)
    assert.match(said.join('\n'), /needs either job or batch_endpoint/)
  })
})
