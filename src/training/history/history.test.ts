import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import type { TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'
import type { Job } from '../jobs/job.ts'
import { pipelineLog } from './details.ts'

let t: TestApp
before(async () => {
  t = await startTestApp()
  useOwnPython(t.home)
})
after(() => t.end())

const ended = (p: Record<string, unknown>) =>
  ['Completed', 'Failed', 'Canceled'].includes(String(p['status']))
const jobId = (name: string) => `${t.workspace}/jobs/${name}`
const history = (path: string) => `/history/v1.0${t.workspace}/${path}`
const submit = (name: string, properties: object) =>
  t.send('PUT', jobId(name), { properties: { jobType: 'Command', environmentId: ownPython, ...properties } })

/** Reads an address as a client does that was given nothing else. */
async function open(url: string, headers: Record<string, string> = {}) {
  const answer = await t.app.fetch(new Request(url, { headers }))
  return { status: answer.status, range: answer.headers.get('content-range'), text: await answer.text() }
}

describe('run history', () => {
  it('lets a client follow the log of a job that runs, from where it left off', async () => {
    await submit('follow_1', { command: 'echo one; until [ -e go ]; do sleep 0.02; done; echo two' })
    await t.until(jobId('follow_1'), (p) => p['status'] === 'Running')
    let url = ''
    let text = ''
    while (text === '') {
      const { body } = await t.send('GET', history('runs/follow_1/details'))
      assert.equal(body.status, 'Running')
      url = body.logFiles['user_logs/std_log.txt'] ?? ''
      if (url !== '') text = (await open(url)).text
    }
    assert.equal(text, 'one\n')
    assert.deepEqual(await open(url, { range: 'bytes=4-' }), { status: 416, range: 'bytes */4', text: '' })
    await t.send('POST', `${jobId('follow_1')}/cancel`)
    await t.until(jobId('follow_1'), ended)
    const { body } = await t.send('GET', history('runs/follow_1/details'))
    assert.equal(body.status, 'Canceled')
    assert.match(body.error.error.message, /cancelled/)
    assert.equal((await open(body.logFiles['user_logs/std_log.txt'])).text, 'one\n')
    assert.equal((await open(url, { range: 'bytes=1-' })).text, 'ne\n', 'the first address still holds')
  })

  it('shows a log to nobody whom its address was not given', async () => {
    const { body } = await t.send('GET', history('runs/follow_1/details'))
    const url = new URL(body.logFiles['user_logs/std_log.txt'])
    const other = new URL(url.href.replace('std_log', 'std_log_2'))
    assert.equal((await open(other.href)).status, 403)
    url.searchParams.set('se', '2999-01-01T00:00:00Z')
    assert.equal((await open(url.href)).status, 403)
    assert.equal((await open(url.origin + url.pathname)).status, 401)
    assert.equal((await open(`${url.origin}${history('runs/follow_1/details')}`)).status, 401)
  })

  it('tells where the outputs of a job are, by ids', async () => {
    await submit('give_1', {
      command: 'echo 1 > ${{outputs.n}}/n',
      outputs: { n: { jobOutputType: 'uri_folder' } },
    })
    await t.until(jobId('give_1'), ended)
    const { body } = await t.send('POST', history('rundata'), { runId: 'give_1', selectRunMetadata: true })
    const { assetId, type } = body.runMetadata.outputs.n
    assert.equal(type, 'UriFolder')
    const typeFor = async (agent: string) => {
      const asked = { runId: 'give_1', selectRunMetadata: true }
      const answer = await t.send('POST', history('rundata'), asked, { 'user-agent': agent })
      return answer.body.runMetadata.outputs.n.type
    }
    assert.equal(await typeFor('azure-ai-ml/1.34.0 azsdk-python-core'), 'UriFolder')
    assert.equal(await typeFor('azure-ai-ml/1.35.2 azsdk-python-core'), 'uri_folder')
    for (const path of ['data/v1.0{}/dataversion', 'modelregistry/v1.0{}/models']) {
      const answer = await t.send('POST', `/${path.replace('{}', t.workspace)}/batchGetResolvedUris`, {
        values: [assetId],
      })
      assert.match(
        answer.body.values[assetId].uri,
        /datastores\/workspaceblobstore\/paths\/azureml\/give_1\/n\/$/,
      )
      assert.equal(answer.body.values[assetId].path, answer.body.values[assetId].uri)
    }
  })

  it('lists the steps of a pipeline and keeps its log', async () => {
    const componentSpec = {
      type: 'command',
      command: 'true',
      environment: ownPython,
      is_deterministic: false,
    }
    const component = `${t.workspace}/components/azureml_anonymous/versions/0b1c`
    await t.send('PUT', component, { properties: { componentSpec, isAnonymous: true } })
    await t.send('PUT', jobId('pipe_1'), {
      properties: {
        jobType: 'Pipeline',
        jobs: { a: { componentId: component }, b: { componentId: component } },
      },
    })
    await t.until(jobId('pipe_1'), ended)
    const { body } = await t.send('GET', history('runs/pipe_1/children'))
    assert.deepEqual(
      body.value.map((r: { runId: string; parentRunId: string }) => [r.runId, r.parentRunId]).sort(),
      [
        ['pipe_1_a', 'pipe_1'],
        ['pipe_1_b', 'pipe_1'],
      ],
    )
    const details = (await t.send('GET', history('runs/pipe_1/details').toLowerCase())).body
    const log = await open(details.logFiles['logs/azureml/executionlogs.txt'])
    assert.match(log.text, /Submitting step 'a' as job pipe_1_a\n/)
    assert.equal(log.text.match(/Completing step/g)?.length, 2)
  })

  it('says what is not there', async () => {
    assert.equal((await t.send('GET', history('runs/nothing/details'))).status, 404)
    assert.equal((await t.send('GET', history('metrics'))).status, 404)
    assert.equal((await t.send('POST', history('rundata'), {})).status, 400)
    assert.equal((await t.send('GET', '/history/v1.0/x')).status, 404)
  })
})

describe('the page of a job', () => {
  const browse = (name: string, headers: Record<string, string> = { authorization: `Bearer ${t.token}` }) =>
    t.app.fetch(new Request(`${t.app.platform.urls.http}/studio/jobs/${name}`, { headers }))
  it('is in Studio, in its workspace', async () => {
    const { status, headers } = await browse('pipe_1')
    assert.equal(status, 302)
    const { subscription, resourceGroup, workspace } = t.app.platform.config
    assert.equal(headers.get('location'), `/w/${subscription}.${resourceGroup}.${workspace}/jobs/pipe_1`)
    const run = await t.send('GET', `/mlflow/v2.0${t.workspace}/api/2.0/mlflow/runs/get?run_id=pipe_1_a`)
    assert.equal(
      run.body.run.info.user_id,
      'administrator',
      'of who submitted the pipeline, not of the platform',
    )
  })
  it('tells nobody who is not signed in whether there is such a job', async () => {
    for (const name of ['pipe_1', 'nothing'])
      assert.equal(
        (await browse(name, {})).headers.get('location'),
        `/sign-in?next=${encodeURIComponent(`/studio/jobs/${name}`)}`,
      )
    assert.equal((await browse('nothing')).status, 404)
  })
})

describe('pipelineLog', () => {
  const step = (name: string, began: number, done?: number, status = 'Completed') =>
    ({
      name: `p_${name}`,
      properties: { stepName: name },
      createdAt: new Date(began),
      status: done === undefined ? { status: 'Running' } : { status, endTime: new Date(done).toISOString() },
    }) as unknown as Job
  it('only ever grows at its end', () => {
    const before = pipelineLog([step('a', 1, 5), step('b', 2)])
    const after = pipelineLog([step('a', 1, 5), step('b', 2, 6, 'Failed'), step('c', 7)])
    assert.ok(after.startsWith(before))
    assert.match(after, /Failing step 'b' \(job p_b\)\n.*Submitting step 'c'/)
  })
})
