import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ownPython, useOwnPython } from '../../src/testing/own-python.ts'
import { startKillable } from './killable.ts'
import type { Killable } from './killable.ts'

let t: Killable
before(async () => {
  t = await startKillable()
  useOwnPython(t.home)
})
after(() => t.end())

const ended = (p: Record<string, unknown>) =>
  ['Completed', 'Failed', 'Canceled'].includes(String(p['status']))
const jobId = (name: string) => `${t.workspace}/jobs/${name}`
const inDoubleQuotes = (text: string) => `"${text}"`

async function component(name: string, spec: object): Promise<string> {
  const id = `${t.workspace}/components/${name}/versions/1`
  const componentSpec = { name, type: 'command', environment: ownPython, is_deterministic: false, ...spec }
  const { status, body } = await t.send('PUT', id, { properties: { componentSpec } })
  assert.ok(status <= 201, JSON.stringify(body))
  return id
}
async function submit(name: string, properties: object): Promise<void> {
  const { status, body } = await t.send('PUT', jobId(name), {
    properties: { experimentName: 'faults', ...properties },
  })
  assert.equal(status, 201, JSON.stringify(body))
}

/** Logs 0, 1, 2, … until a file says that it is enough, and writes down each that the server has acknowledged. */
const logging = `
import json, os, sys, time, urllib.request
uri = os.environ['MLFLOW_TRACKING_URI'] + '/api/2.0/mlflow/runs/log-metric'
headers = {'Authorization': 'Bearer ' + os.environ['MLFLOW_TRACKING_TOKEN'], 'Content-Type': 'application/json'}
step = 0
while not os.path.exists(sys.argv[1] + '/enough'):
    metric = {'run_id': os.environ['MLFLOW_RUN_ID'], 'key': 'loss', 'value': step, 'timestamp': step, 'step': step}
    try:
        urllib.request.urlopen(urllib.request.Request(uri, json.dumps(metric).encode(), headers)).read()
    except OSError:
        time.sleep(0.02)
        continue
    with open(sys.argv[1] + '/acknowledged', 'a') as file:
        file.write('%d\\n' % step)
    step += 1
`

describe('a server that is killed', () => {
  it('finds the running step again, finishes the pipeline and has lost no acknowledged metric', async () => {
    const shared = join(t.home, 'shared')
    execFileSync('mkdir', ['-p', shared])
    const train = await component('train', {
      command: `python -c ${inDoubleQuotes(logging)} '${shared}' && echo done > \${{outputs.out}}/done`,
      outputs: { out: { type: 'uri_folder' } },
    })
    const evaluate = await component('evaluate', {
      command: 'cat ${{inputs.data}}/done',
      inputs: { data: { type: 'uri_folder' } },
    })
    await submit('killed_1', {
      jobType: 'Pipeline',
      jobs: {
        train: { componentId: train },
        evaluate: {
          componentId: evaluate,
          inputs: { data: { job_input_type: 'literal', value: '${{parent.jobs.train.outputs.out}}' } },
        },
      },
    })
    const metrics = async () => {
      const path = `/mlflow/v2.0${t.workspace}/api/2.0/mlflow/metrics/get-history?run_id=killed_1_train&metric_key=loss&max_results=25000`
      const { body } = await t.send('GET', path)
      return new Set(((body.metrics ?? []) as { step: number }[]).map((m) => m.step))
    }
    await t.until(jobId('killed_1_train'), (p) => p['status'] === 'Running')
    while ((await metrics()).size < 20);
    await t.kill()
    await t.start()
    const before = (await metrics()).size
    while ((await metrics()).size < before + 20);
    execFileSync('touch', [join(shared, 'enough')])
    await t.until(jobId('killed_1'), ended)

    const { body } = await t.send('GET', jobId('killed_1'))
    assert.equal(body.properties.status, 'Completed', JSON.stringify(body.properties.error))
    const acknowledged = readFileSync(join(shared, 'acknowledged'), 'utf8').trim().split('\n').map(Number)
    assert.ok(acknowledged.length > 40)
    const kept = await metrics()
    assert.deepEqual(
      acknowledged.filter((step) => !kept.has(step)),
      [],
    )
  })

  it('again and again, runs each step of a pipeline once', async () => {
    const shared = join(t.home, 'counts')
    execFileSync('mkdir', ['-p', shared])
    const count = await component('count', {
      command: `echo \${{name}} >> '${shared}/ran'; sleep 0.05`,
      inputs: { data: { type: 'uri_folder', optional: true } },
      outputs: { out: { type: 'uri_folder' } },
    })
    const names = ['a', 'b', 'c', 'd', 'e']
    const jobs = Object.fromEntries(
      names.map((name, i) => [
        name,
        {
          componentId: count,
          inputs:
            i === 0
              ? {}
              : {
                  data: { job_input_type: 'literal', value: `\${{parent.jobs.${names[i - 1]}.outputs.out}}` },
                },
        },
      ]),
    )
    await submit('killed_2', { jobType: 'Pipeline', jobs })
    // Each time at another moment of the pipeline's life.
    for (const step of names) {
      await t.until(jobId('killed_2'), (p) => Object.hasOwn(p['steps'] ?? {}, step) || ended(p))
      await t.kill()
      await t.start()
    }
    await t.until(jobId('killed_2'), ended)
    const { body } = await t.send('GET', jobId('killed_2'))
    assert.equal(body.properties.status, 'Completed', JSON.stringify(body.properties.error))
    assert.deepEqual(readFileSync(join(shared, 'ran'), 'utf8').trim().split('\n'), names)
  })

  it('finds a job that ended while no server was there', async () => {
    await submit('alone_1', {
      jobType: 'Command',
      environmentId: ownPython,
      command: `until [ -e '${t.home}/go' ]; do sleep 0.02; done; echo done`,
    })
    await t.until(jobId('alone_1'), (p) => p['status'] === 'Running')
    await t.kill()
    execFileSync('touch', [join(t.home, 'go')])
    await t.start()
    const { status } = await t.until(jobId('alone_1'), ended)
    assert.equal(status, 'Completed')
  })

  it('cancels what it was asked to cancel before', async () => {
    await submit('cancelled_1', {
      jobType: 'Command',
      environmentId: ownPython,
      command: 'echo $$; sleep 600',
    })
    await t.until(jobId('cancelled_1'), (p) => p['status'] === 'Running')
    await t.send('POST', `${jobId('cancelled_1')}/cancel`)
    await t.kill()
    await t.start()
    const { status } = await t.until(jobId('cancelled_1'), ended)
    assert.equal(status, 'Canceled')
  })
})

describe('a command that writes without end', () => {
  it('runs to its end, and the job says what was dropped', async () => {
    await submit('flood_1', {
      jobType: 'Command',
      environmentId: ownPython,
      command: 'yes | head -c 300000000; echo last',
    })
    const done = await t.until(jobId('flood_1'), ended)
    assert.equal(done['status'], 'Completed')
    assert.match(String(done['warnings']), /bytes of output were dropped/)
    const { body } = await t.send('GET', `/history/v1.0${t.workspace}/runs/flood_1/details`)
    const log = await fetch(body.logFiles['user_logs/std_log.txt'])
    assert.ok(Number(log.headers.get('content-length') ?? (await log.text()).length) < 260 * 1024 * 1024)
  })
})
