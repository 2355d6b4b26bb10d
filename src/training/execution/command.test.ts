import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import type { TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'
import { folderOf, processId } from './folder.ts'

let t: TestApp
before(async () => {
  t = await startTestApp()
  useOwnPython(t.home)
})
after(() => t.end())

const ended = (p: Record<string, unknown>) =>
  ['Completed', 'Failed', 'Canceled'].includes(String(p['status']))
const jobId = (name: string) => `${t.workspace}/jobs/${name}`

async function submit(name: string, properties: object) {
  const body = {
    properties: { jobType: 'Command', environmentId: ownPython, experimentName: 'tests', ...properties },
  }
  return t.send('PUT', jobId(name), body)
}
async function run(name: string, properties: object) {
  const { status, body } = await submit(name, properties)
  assert.equal(status, 201, JSON.stringify(body))
  await t.until(jobId(name), ended)
  return (await t.send('GET', jobId(name))).body.properties
}
async function artifact(job: string, path: string): Promise<string> {
  const workspace = await t.app.platform.resources.get(t.workspace)
  const container = `${String(workspace.status['workspaceId'])}-artifacts`
  return text(await t.app.platform.artifacts.read({ container, path: `ExperimentRun/dcid.${job}/${path}` }))
}

describe('a command job', () => {
  it('runs, keeps its log, its outputs and what it left in ./outputs', async () => {
    const done = await run('hello_1', {
      command:
        'echo "hi ${{inputs.who}} from ${{name}}"; mkdir -p outputs/a; echo kept > outputs/a/b.txt; echo 3 > ${{outputs.result}}/n.txt',
      inputs: { who: { jobInputType: 'literal', value: 'you' } },
      outputs: { result: { jobOutputType: 'uri_folder' } },
    })
    assert.equal(done.status, 'Completed', JSON.stringify(done.error))
    assert.equal(await artifact('hello_1', 'user_logs/std_log.txt'), 'hi you from hello_1\n')
    assert.equal(await artifact('hello_1', 'outputs/a/b.txt'), 'kept\n')
    assert.match(
      done.outputs.result.uri,
      /datastores\/workspaceblobstore\/paths\/azureml\/hello_1\/result\/$/,
    )
    assert.ok(done.services.Studio.endpoint && done.services.Tracking.endpoint)
  })

  it("gives the command Azure ML's variables, and none of the server's", async () => {
    process.env['TWINLOOP_TEST_SECRET'] = 'x'
    const done = await run('variables_1', {
      command:
        'env | sort > outputs.txt; mkdir outputs; mv outputs.txt outputs/env.txt; pwd > outputs/pwd.txt',
      environmentVariables: { MINE: '1', AZUREML_RUN_ID: 'own' },
      inputs: { rate: { jobInputType: 'literal', value: '0.1' } },
      outputs: { model: { jobOutputType: 'uri_file' } },
    })
    assert.match(done.error.message, /wrote no file for its output 'model'/)
    const env = Object.fromEntries(
      (await artifact('variables_1', 'outputs/env.txt')).split('\n').map((l) => l.split(/=(.*)/s)),
    )
    assert.equal(env['MLFLOW_RUN_ID'], 'variables_1')
    assert.equal(env['MLFLOW_EXPERIMENT_NAME'], 'tests')
    assert.ok(env['MLFLOW_TRACKING_URI']?.endsWith(`/mlflow/v2.0${t.workspace}`))
    assert.equal(env['AZURE_ML_INPUT_rate'], '0.1')
    assert.ok(env['AZURE_ML_OUTPUT_model']?.endsWith('/outputs/model'))
    assert.equal(env['MINE'], '1')
    assert.equal(env['AZUREML_RUN_ID'], 'own')
    assert.equal(env['TWINLOOP_TEST_SECRET'], undefined)
    const { confinedTo } = await t.app.platform.access
      .authenticate(new Headers({ authorization: `Bearer ${env['MLFLOW_TRACKING_TOKEN']}` }))
      .catch(() => ({ confinedTo: 'revoked' }))
    assert.equal(confinedTo, 'revoked', 'the token ends with the job')
  })

  it('takes the output of another job as its input', async () => {
    await run('maker_1', {
      command: 'echo 7 > ${{outputs.n}}',
      outputs: { n: { jobOutputType: 'uri_file' } },
    })
    const done = await run('taker_1', {
      command: 'cat ${{inputs.n}}; cat ${{inputs.folder}}/std_log.txt; echo ${{inputs.uri}}',
      inputs: {
        n: { jobInputType: 'uri_file', uri: 'azureml://jobs/maker_1/outputs/n' },
        folder: {
          jobInputType: 'uri_folder',
          uri: 'azureml://jobs/hello_1/outputs/artifacts/paths/user_logs',
          mode: 'Download',
        },
        uri: { jobInputType: 'uri_file', uri: 'azureml://jobs/maker_1/outputs/n', mode: 'Direct' },
      },
    })
    assert.equal(done.status, 'Completed', JSON.stringify(done.error))
    const log = await artifact('taker_1', 'user_logs/std_log.txt')
    assert.match(log, /^7\nhi you from hello_1\nazureml:\/\/subscriptions\/.*azureml\/maker_1\/n\n$/)
  })

  it('drops what is optional and was not given', async () => {
    const done = await run('optional_1', {
      command: 'echo "a $[[--x ${{inputs.x}}]] $[[--y ${{inputs.y}}]] b"',
      inputs: { x: { jobInputType: 'literal', value: '1' } },
    })
    assert.equal(done.status, 'Completed')
    assert.equal(await artifact('optional_1', 'user_logs/std_log.txt'), 'a --x 1  b\n')
  })

  it('says plainly why it failed, with the end of its log, and keeps what there is', async () => {
    const done = await run('failing_1', {
      command: 'mkdir logs; echo l > logs/x; echo trying; echo "no such column: delay" >&2; exit 3',
    })
    assert.equal(done.status, 'Failed')
    assert.equal(done.error.code, 'ExecutionFailed')
    assert.match(done.error.message, /exit code 3[^]*trying\nno such column: delay/)
    assert.equal(await artifact('failing_1', 'logs/x'), 'l\n')
  })

  it('ends at its time limit, children and all', async () => {
    const done = await run('slow_1', {
      command: 'sleep 600 & echo $!; wait',
      limits: { jobLimitsType: 'Command', timeout: 'PT1S' },
    })
    assert.equal(done.status, 'Failed')
    assert.equal(done.error.code, 'Timeout')
    assert.match(done.error.message, /longer than its limit of PT1S/)
    const child = Number((await artifact('slow_1', 'user_logs/std_log.txt')).trim())
    assert.throws(() => process.kill(child, 0), { code: 'ESRCH' })
  })

  it('is cancelled while it runs, children and all', async () => {
    await submit('endless_1', { command: 'sleep 600 & echo $!; wait' })
    await t.until(jobId('endless_1'), (p) => p['status'] === 'Running')
    const answer = await t.send('POST', `${jobId('endless_1')}/cancel`)
    assert.equal(answer.status, 202)
    assert.ok(answer.headers.get('location'))
    await t.until(jobId('endless_1'), ended)
    const { body } = await t.send('GET', jobId('endless_1'))
    assert.equal(body.properties.status, 'Canceled')
    assert.match(body.properties.error.message, /cancelled by/)
    assert.equal((await t.send('POST', `${jobId('endless_1')}/cancel`)).status, 200)
  })

  it('makes assets of the outputs that ask for it, and one version for each job', async () => {
    const body = {
      command: 'echo 1 > ${{outputs.d}}/d.csv; echo m > ${{outputs.m}}/m.txt',
      outputs: {
        d: { jobOutputType: 'uri_folder', assetName: 'made-data' },
        m: { jobOutputType: 'custom_model', assetName: 'made-model' },
      },
    }
    for (const name of ['assets_1', 'assets_2']) assert.equal((await run(name, body)).status, 'Completed')
    const data = await t.send('GET', `${t.workspace}/data/made-data/versions`)
    assert.deepEqual(data.body.value.map((v: { name: string }) => v.name).sort(), ['1', '2'])
    const model = (await t.send('GET', `${t.workspace}/models/made-model/versions/2`)).body.properties
    assert.equal(model.jobName, 'assets_2')
    assert.match(model.modelUri, /azureml\/assets_2\/m\/$/)
    const next = await run('assets_3', {
      command: 'cat ${{inputs.d}}/d.csv',
      inputs: { d: { jobInputType: 'uri_folder', uri: 'azureml:made-data@latest' } },
    })
    assert.equal(next.status, 'Completed', JSON.stringify(next.error))
    const uri = `/mlflow/v2.0${t.workspace}/api/2.0/mlflow/runs/get?run_id=assets_3`
    const { dataset_inputs: read } = (await t.send('GET', uri)).body.run.inputs
    assert.equal(read[0].dataset.name, 'made-data')
    assert.equal(read[0].dataset.digest, '2')
  })

  it('keeps an output where it asks to be', async () => {
    const done = await run('placed_1', {
      command: 'echo 1 > ${{outputs.d}}/d.csv',
      outputs: {
        d: {
          jobOutputType: 'uri_folder',
          uri: 'azureml://datastores/${{default_datastore}}/paths/mine/${{name}}/${{output_name}}',
        },
      },
    })
    assert.equal(done.status, 'Completed', JSON.stringify(done.error))
    assert.match(done.outputs.d.uri, /workspaceblobstore\/paths\/mine\/placed_1\/d$/)
  })

  it('says when the platform itself fails at it, and goes on', async (context) => {
    const failing = () => Promise.reject(new Error('no room for processes'))
    context.mock.method(t.app.platform.compute, 'start', failing, { times: 1 })
    const done = await run('troubled_1', { command: 'echo fine' })
    assert.equal(done.status, 'Completed', JSON.stringify(done.error))
    assert.match(
      done.warnings.join(),
      /failed while the job was Preparing, and is tried again: no room for processes/,
    )
  })

  it('leaves nothing on the machine', async () => {
    const job = await t.app.platform.resources.get(jobId('failing_1'))
    await t.until(jobId('failing_1'), () => !existsSync(folderOf(t.app.platform.config, job).root))
    assert.equal((await t.app.platform.compute.inspect(processId(job))).phase, 'unknown')
  })

  it('is an MLflow run of the same name, which ends with it', async () => {
    const uri = `/mlflow/v2.0${t.workspace}/api/2.0/mlflow/runs/get?run_id=failing_1`
    const { body } = await t.send('GET', uri)
    assert.equal(body.run.info.status, 'FAILED')
    assert.ok(body.run.info.end_time)
  })

  it('waits for a place on its compute, first come, first served', async () => {
    const compute = `${t.workspace}/computes/one`
    await t.send('PUT', compute, {
      properties: { computeType: 'AmlCompute', properties: { scaleSettings: { maxNodeCount: 1 } } },
    })
    for (const name of ['one_a', 'one_b', 'one_c'])
      await submit(name, { command: 'date +%s%N; sleep 0.2; date +%s%N', computeId: compute })
    for (const name of ['one_a', 'one_b', 'one_c']) await t.until(jobId(name), ended)
    const times: number[] = []
    for (const name of ['one_a', 'one_b', 'one_c'])
      times.push(...(await artifact(name, 'user_logs/std_log.txt')).trim().split('\n').map(Number))
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
      'they ran one after another, in order',
    )
  })

  it('of a stopped compute waits until that is started', async () => {
    const compute = `${t.workspace}/computes/one`
    await t.send('POST', `${compute}/stop`)
    await submit('stopped_1', { command: 'true', computeId: 'azureml:one' })
    await t.until(jobId('stopped_1'), (p) => p['status'] === 'Queued')
    await t.send('POST', `${compute}/start`)
    await t.until(jobId('stopped_1'), (p) => p['status'] === 'Completed')
  })
})

describe('a command job is refused', () => {
  const table: readonly [string, object, number, string | undefined, RegExp][] = [
    ['without a command', { command: '' }, 400, 'properties.command', /needs a command/],
    [
      'without an environment',
      { command: 'x', environmentId: null },
      400,
      'properties.environmentId',
      /needs an environment/,
    ],
    [
      'with an unknown environment',
      { command: 'x', environmentId: 'azureml:nothing:1' },
      400,
      'properties.environmentId',
      /no environment 'nothing'/,
    ],
    [
      'with an unknown input',
      { command: 'x ${{inputs.dta}}', inputs: { data: { jobInputType: 'literal', value: '1' } } },
      400,
      'properties.command',
      /did you mean 'data'/,
    ],
    [
      'with an unknown compute',
      { command: 'x', computeId: 'azureml:onne' },
      400,
      'properties.computeId',
      /Did you mean 'one'/,
    ],
    ['with unknown code', { command: 'x', codeId: 'azureml:c:1' }, 400, 'properties.codeId', /no code 'c'/],
    [
      'with a time limit that is none',
      { command: 'x', limits: { timeout: 'soon' } },
      400,
      'properties.limits.timeout',
      /'soon' is no time limit/,
    ],
    [
      'with data that is not there',
      { command: 'x', inputs: { d: { jobInputType: 'uri_file', uri: 'azureml:flights:1' } } },
      400,
      'properties.inputs.d.uri',
      /no data asset 'flights'/,
    ],
    [
      'with a path of some machine',
      { command: 'x', inputs: { d: { jobInputType: 'uri_file', uri: '/etc/passwd' } } },
      400,
      'properties.inputs.d.uri',
      /path on some machine/,
    ],
    [
      'with a path that leaves its root',
      {
        command: 'x',
        inputs: {
          d: { jobInputType: 'uri_file', uri: 'azureml://datastores/workspaceblobstore/paths/../x' },
        },
      },
      400,
      'properties.inputs.d.uri',
      /leaves its root/,
    ],
    [
      "with another workspace's data",
      {
        command: 'x',
        inputs: {
          d: {
            jobInputType: 'uri_file',
            uri: 'azureml://subscriptions/s/resourcegroups/g/workspaces/other/datastores/workspaceblobstore/paths/x',
          },
        },
      },
      400,
      'properties.inputs.d.uri',
      /can only use what is its own/,
    ],
    [
      "with another workspace's compute",
      {
        command: 'x',
        computeId:
          '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/other/computes/one',
      },
      400,
      'properties.computeId',
      /another workspace/,
    ],
    [
      'as a step of a pipeline that it is not',
      { command: 'x', parentJobName: 'hello_1' },
      400,
      'properties.parentJobName',
      /leave parentJobName out/,
    ],
    [
      'of a type that is not run yet',
      { jobType: 'Sweep' },
      501,
      'properties.jobType',
      /Sweep are not run by Twinloop yet/,
    ],
    [
      'of a type that does not exist',
      { jobType: 'Comand' },
      400,
      'properties.jobType',
      /Did you mean 'Command'/,
    ],
  ]
  for (const [name, properties, status, target, message] of table)
    it(name, async () => {
      const answer = await submit('refused_1', properties)
      assert.equal(answer.status, status, JSON.stringify(answer.body))
      assert.equal(answer.body.error.target, target)
      assert.match(answer.body.error.message, message)
      assert.equal((await t.send('GET', jobId('refused_1'))).status, 404)
    })
})

describe('a submitted job', () => {
  it('is not run again by the same body, nor by what a client reads and sends back', async () => {
    const body = {
      command: 'true',
      inputs: { a: { jobInputType: 'literal', value: '1' } },
      outputs: { o: null },
    }
    const first = await run('again_1', body)
    assert.equal((await submit('again_1', body)).status, 200)
    const read = (await t.send('GET', jobId('again_1'))).body
    assert.equal((await t.send('PUT', jobId('again_1'), read)).status, 200)
    assert.equal((await t.send('GET', jobId('again_1'))).body.properties.endTime, first.endTime)
  })
  it('cannot be made to do something else', async () => {
    const answer = await submit('again_1', { command: 'false' })
    assert.equal(answer.status, 400)
    assert.equal(answer.body.error.code, 'ImmutablePropertyChanged')
    assert.equal(answer.body.error.target, 'properties.command')
  })
  it('can be described anew and archived', async () => {
    const read = (await t.send('GET', jobId('again_1'))).body
    read.properties = { ...read.properties, isArchived: true, displayName: 'Again', tags: { a: 'b' } }
    const { body } = await t.send('PUT', jobId('again_1'), read)
    assert.equal(body.properties.displayName, 'Again')
    assert.equal(body.properties.status, 'Completed')
    const names = async (view: string) =>
      (await t.send('GET', `${t.workspace}/jobs?listViewType=${view}`)).body.value.map(
        (j: { name: string }) => j.name,
      )
    assert.ok(!(await names('ActiveOnly')).includes('again_1'))
    assert.ok((await names('ArchivedOnly')).includes('again_1'))
  })
  it('is deleted when it has ended, and not before', async () => {
    await submit('deleted_1', { command: 'sleep 600' })
    assert.equal((await t.send('DELETE', jobId('deleted_1'))).status, 409)
    await t.send('POST', `${jobId('deleted_1')}/cancel`)
    await t.until(jobId('deleted_1'), ended)
    assert.equal((await t.send('DELETE', jobId('deleted_1'))).status, 202)
    await t.until(jobId('deleted_1'), (p) => p['jobType'] === undefined)
    assert.equal((await t.send('GET', jobId('deleted_1'))).status, 404)
  })
})
