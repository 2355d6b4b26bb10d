import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import type { TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'

let t: TestApp
before(async () => {
  t = await startTestApp()
  useOwnPython(t.home)
})
after(() => t.end())

const ended = (p: Record<string, unknown>) =>
  ['Completed', 'Failed', 'Canceled'].includes(String(p['status']))
const jobId = (name: string) => `${t.workspace}/jobs/${name}`

async function component(name: string, spec: object) {
  const id = `${t.workspace}/components/${name}/versions/1`
  const componentSpec = { name, version: '1', environment: ownPython, ...spec }
  const { status, body } = await t.send('PUT', id, { properties: { componentSpec } })
  assert.ok(status <= 201, JSON.stringify(body))
  return body.id as string
}
async function run(name: string, properties: object) {
  const { status, body } = await t.send('PUT', jobId(name), {
    properties: { jobType: 'Pipeline', experimentName: 'tests', ...properties },
  })
  assert.equal(status, 201, JSON.stringify(body))
  await t.until(jobId(name), ended)
  return (await t.send('GET', jobId(name))).body.properties
}
const show = async (name: string) => (await t.send('GET', jobId(name))).body.properties
async function log(job: string): Promise<string> {
  const workspace = await t.app.platform.resources.get(t.workspace)
  const container = `${String(workspace.status['workspaceId'])}-artifacts`
  return text(
    await t.app.platform.artifacts.read({
      container,
      path: `ExperimentRun/dcid.${job}/user_logs/std_log.txt`,
    }),
  )
}
const literal = (value: string) => ({ job_input_type: 'literal', value })
const folder = { type: 'uri_folder' }

/** Writes a number, then adds one, then shows it. */
async function steps(seed: string) {
  const make = await component('make', {
    command: 'echo "${{inputs.n}}" > ${{outputs.out}}/n',
    inputs: { n: { type: 'string' } },
    outputs: { out: folder },
  })
  const add = await component('add', {
    command:
      'expr $(cat ${{inputs.data}}/n) + ${{inputs.by}} > ${{outputs.out}}/n; date +%s%N >> ${{outputs.out}}/when',
    inputs: { data: folder, by: { type: 'integer', default: 1 } },
    outputs: { out: folder },
  })
  const tell = await component('tell', {
    command: 'echo "${{name}} has $(cat ${{inputs.data}}/n)"',
    inputs: { data: folder },
  })
  return {
    inputs: { seed: { jobInputType: 'literal', value: seed } },
    outputs: { sum: { jobOutputType: 'uri_folder' } },
    jobs: {
      make: { type: 'command', componentId: make, inputs: { n: literal('${{parent.inputs.seed}}') } },
      add: {
        type: 'command',
        componentId: add,
        inputs: { data: literal('${{parent.jobs.make.outputs.out}}') },
        outputs: { out: { type: 'literal', value: '${{parent.outputs.sum}}' } },
      },
      tell: {
        type: 'command',
        componentId: tell,
        inputs: { data: literal('${{parent.jobs.add.outputs.out}}') },
      },
    },
  }
}

describe('a pipeline', () => {
  it('runs its steps in their order, each as a job and a run of its own', async () => {
    const done = await run('sum_1', await steps('41'))
    assert.equal(done.status, 'Completed', JSON.stringify(done.error))
    assert.equal(await log('sum_1_tell'), 'tell has 42\n')
    assert.match(done.outputs.sum.uri, /paths\/azureml\/sum_1_add\/out\/$/)
    const { value } = (await t.send('GET', `${t.workspace}/jobs?parentJobName=sum_1`)).body
    assert.deepEqual(value.map((j: { name: string }) => j.name).toSorted(), [
      'sum_1_add',
      'sum_1_make',
      'sum_1_tell',
    ])
    const top = (await t.send('GET', `${t.workspace}/jobs`)).body.value.map((j: { name: string }) => j.name)
    assert.deepEqual(top, ['sum_1'], 'steps are listed with their pipeline only')
    const here = `parentJobName=&$count=true&$top=1&$filter=target eq 'local' and jobType ne 'Pipeline'`
    const counted = (await t.send('GET', `${t.workspace}/jobs?${here.replaceAll(' ', '%20')}`)).body
    assert.equal(counted['@odata.count'], 3, 'but can be counted where they run')
    assert.equal((await show('sum_1_add')).parentJobName, 'sum_1')
    assert.deepEqual(done.steps.add, { job: 'sum_1_add', state: 'completed' })
  })

  it('takes the results of the same step before, and says of which job', async () => {
    const done = await run('sum_2', await steps('41'))
    assert.equal(done.status, 'Completed', JSON.stringify(done.error))
    const add = await show('sum_2_add')
    assert.equal(add.reusedFrom, 'sum_1_add')
    assert.equal(add.properties['azureml.reusedrunid'], 'sum_1_add')
    assert.equal(done.outputs.sum.uri, (await show('sum_1')).outputs.sum.uri)
  })

  it('runs a step again when its input or its command is another', async () => {
    const other = await run('sum_3', await steps('1'))
    assert.equal(other.status, 'Completed')
    assert.equal((await show('sum_3_make')).reusedFrom, undefined)
    assert.equal(await log('sum_3_tell'), 'tell has 2\n')
  })

  it('runs every step again when told to, and a step that is not deterministic always', async () => {
    const forced = await run('sum_4', { ...(await steps('41')), settings: { force_rerun: true } })
    assert.equal(forced.status, 'Completed')
    assert.equal((await show('sum_4_make')).reusedFrom, undefined)
    const random = await component('random', { command: 'true', is_deterministic: false })
    for (const name of ['random_1', 'random_2']) {
      await run(name, { jobs: { r: { componentId: random } } })
      assert.equal((await show(`${name}_r`)).reusedFrom, undefined)
    }
  })

  it('does not reuse results that were deleted since', async () => {
    const { outputs } = await show('sum_1')
    const path = outputs.sum.uri.split('/paths/')[1] + 'n'
    const workspace = await t.app.platform.resources.get(t.workspace)
    assert.ok(
      await t.app.platform.artifacts.remove({
        container: `${String(workspace.status['workspaceId'])}-blobstore`,
        path,
      }),
    )
    await run('sum_5', await steps('41'))
    assert.equal((await show('sum_5_make')).reusedFrom, 'sum_4_make')
    assert.notEqual((await show('sum_5_add')).reusedFrom, 'sum_1_add')
  })

  const failing = async (settings: object) => {
    const fail = await component('fail', {
      command: 'echo "no column"; exit 2',
      outputs: { out: folder },
      is_deterministic: false,
    })
    const pass = await component('pass', {
      command: 'echo fine',
      inputs: { data: { ...folder, optional: true } },
      outputs: { out: folder },
      is_deterministic: false,
    })
    return {
      settings,
      jobs: {
        bad: { componentId: fail },
        after_bad: { componentId: pass, inputs: { data: literal('${{parent.jobs.bad.outputs.out}}') } },
        good: { componentId: pass },
        after_good: { componentId: pass, inputs: { data: literal('${{parent.jobs.good.outputs.out}}') } },
      },
    }
  }

  it('goes on with what does not need a failed step, and says what failed and what did not run', async () => {
    const done = await run('fail_1', await failing({}))
    assert.equal(done.status, 'Failed')
    assert.match(
      done.error.message,
      /Step 'bad' \(job fail_1_bad\) failed: The command failed with exit code 2[^]*no column[^]*Not run because of that: after_bad\./,
    )
    assert.equal((await show('fail_1_after_good')).status, 'Completed')
    assert.equal(done.steps.after_bad.state, 'skipped')
    assert.equal((await t.send('GET', jobId('fail_1_after_bad'))).status, 404)
  })

  it('stops at the first failure when told to', async () => {
    const slow = await component('slow', { command: 'sleep 600', is_deterministic: false })
    const { jobs } = await failing({})
    const done = await run('fail_2', {
      settings: { continue_on_step_failure: false },
      jobs: { bad: jobs.bad, slow: { componentId: slow } },
    })
    assert.equal(done.status, 'Failed')
    assert.equal((await show('fail_2_slow')).status, 'Canceled')
  })

  it('is cancelled with all its steps', async () => {
    const slow = await component('slow_out', {
      command: 'sleep 600',
      is_deterministic: false,
      outputs: { out: folder },
    })
    const next = await component('next', { command: 'true', inputs: { data: folder } })
    const body = {
      jobs: {
        slow: { componentId: slow },
        next: { componentId: next, inputs: { data: literal('${{parent.jobs.slow.outputs.out}}') } },
      },
    }
    await t.send('PUT', jobId('cancel_1'), { properties: { jobType: 'Pipeline', ...body } })
    await t.until(jobId('cancel_1_slow'), (p) => p['status'] === 'Running')
    assert.equal((await t.send('POST', `${jobId('cancel_1')}/cancel`)).status, 202)
    await t.until(jobId('cancel_1'), ended)
    assert.equal((await show('cancel_1')).status, 'Canceled')
    assert.equal((await show('cancel_1_slow')).status, 'Canceled')
  })

  it('runs pipelines within it', async () => {
    const inner = await steps('unused')
    const nested = await component('nested', {
      type: 'pipeline',
      environment: undefined,
      inputs: { seed: { type: 'string' } },
      outputs: { sum: folder },
      jobs: inner.jobs,
    })
    const tell = await component('tell', {
      command: 'echo "${{name}} has $(cat ${{inputs.data}}/n)"',
      inputs: { data: folder },
    })
    const done = await run('nest_1', {
      inputs: { start: { jobInputType: 'literal', value: '9' } },
      outputs: { total: { jobOutputType: 'uri_folder' } },
      jobs: {
        both: {
          type: 'pipeline',
          componentId: nested,
          inputs: { seed: literal('${{parent.inputs.start}}') },
          outputs: { sum: { type: 'literal', value: '${{parent.outputs.total}}' } },
        },
        last: { componentId: tell, inputs: { data: literal('${{parent.jobs.both.outputs.sum}}') } },
      },
    })
    assert.equal(done.status, 'Completed', JSON.stringify(done.error))
    assert.equal(await log('nest_1_last'), 'last has 10\n')
    assert.match(done.outputs.total.uri, /nest_1_both_add\/out\/$/)
    assert.equal((await show('nest_1_both_add')).rootJobName, 'nest_1')
  })

  it('gives a step its compute by an input, by its node and by default', async () => {
    for (const name of ['node', 'input', 'fallback'])
      await t.send('PUT', `${t.workspace}/computes/${name}`, { properties: { computeType: 'AmlCompute' } })
    const pass = await component('pass2', { command: 'true', is_deterministic: false })
    await run('compute_1', {
      inputs: { where: { jobInputType: 'literal', value: 'azureml:input' } },
      settings: { default_compute: 'azureml:fallback' },
      jobs: {
        a: { componentId: pass, computeId: 'azureml:node' },
        b: { componentId: pass, computeId: '${{parent.inputs.where}}' },
        c: { componentId: pass },
      },
    })
    for (const [step, compute] of [
      ['a', 'node'],
      ['b', 'input'],
      ['c', 'fallback'],
    ] as const)
      assert.equal((await show(`compute_1_${step}`)).computeId, `azureml:${compute}`)
  })

  it('finds a name for a step whose own is taken', async () => {
    await t.send('PUT', jobId('taken_1_a'), {
      properties: { jobType: 'Command', command: 'true', environmentId: ownPython },
    })
    const pass = await component('pass2', { command: 'true', is_deterministic: false })
    const done = await run('taken_1', { jobs: { a: { componentId: pass } } })
    assert.equal(done.steps.a.job, 'taken_1_a_2')
  })

  it('is refused whole when anything in it is wrong', async () => {
    const answer = await t.send('PUT', jobId('refused_1'), {
      properties: { jobType: 'Pipeline', jobs: { a: { componentId: 'azureml:maek:1' } } },
    })
    assert.equal(answer.status, 400)
    assert.match(answer.body.error.message, /no component 'maek' in this workspace\. Did you mean 'make'/)
    assert.equal((await t.send('GET', jobId('refused_1'))).status, 404)
  })
})
