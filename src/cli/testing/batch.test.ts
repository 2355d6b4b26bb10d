import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import type { TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'
import { testShell } from './io.ts'
import type { TestShell } from './io.ts'

describe('batch endpoints from the command line', () => {
  let server: TestApp
  let shell: TestShell
  before(async () => {
    server = await startTestApp()
    useOwnPython(server.home)
    shell = testShell({ url: server.app.platform.urls.http, token: server.token })
    shell.write({
      'endpoint.yml':
        '$schema: https://azuremlschemas.azureedge.net/latest/batchEndpoint.schema.json\nname: taxi-batch\nauth_mode: aad_token\n',
      'deployment.yml': `$schema: https://azuremlschemas.azureedge.net/latest/modelBatchDeployment.schema.json
name: blue
type: model
endpoint_name: taxi-batch
model: {path: model, type: custom_model}
code_configuration: {code: score, scoring_script: score.py}
environment: ${ownPython}
resources: {instance_count: 1}
settings:
  mini_batch_size: 1
  max_concurrency_per_instance: 2
  output_action: append_row
  output_file_name: predictions.csv
  retry_settings: {max_retries: 1, timeout: 60}
`,
      'model/weights.txt': '3',
      'score/score.py': `import os
def init():
    global factor
    factor = int(open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model", "weights.txt")).read())
def run(mini_batch):
    return ["%s,%d" % (os.path.basename(p), factor * int(open(p).read())) for p in mini_batch]
`,
      'data/a.txt': '1',
      'data/b.txt': '2',
      'pipeline.yml': `$schema: https://azuremlschemas.azureedge.net/latest/pipelineComponentBatchDeployment.schema.json
name: steps
type: pipeline
endpoint_name: taxi-batch
component:
  type: pipeline
  inputs:
    rows: {type: uri_folder}
    factor: {type: integer, default: 2}
  outputs:
    scores: {type: uri_folder}
  jobs:
    score:
      type: command
      command: 'echo \${{inputs.factor}} $(ls "\${{inputs.rows}}") > "\${{outputs.scores}}/out.txt"'
      environment: ${ownPython}
      inputs: {rows: '\${{parent.inputs.rows}}', factor: '\${{parent.inputs.factor}}'}
      outputs: {scores: '\${{parent.outputs.scores}}'}
`,
      'inputs.yml': 'inputs:\n  rows: {type: uri_folder, path: data}\n  factor: 5\n',
    })
  })
  after(async () => {
    shell.end()
    await server.end()
  })

  const ran = async (...line: string[]) => {
    const { code, out, err } = await shell.run(...line)
    assert.equal(code, 0, `${line.join(' ')}\n${err}`)
    return { out, err }
  }

  test('create, deploy, invoke with local data, list jobs, download: as the accelerator does', async () => {
    await ran('az', 'ml', 'batch-endpoint', 'create', '--name', 'taxi-batch', '-f', 'endpoint.yml')
    const early = await shell.run(
      'batch-deployment',
      'create',
      '-f',
      'deployment.yml',
      '--endpoint',
      'taxi-bach',
    )
    assert.match(early.err, /endpoint_name: taxi-bach does not exist/)
    await ran('batch-deployment', 'create', '-f', 'deployment.yml', '--set-default')
    const { out } = await ran(
      'batch-endpoint',
      'invoke',
      '-n',
      'taxi-batch',
      '--input',
      'data',
      '--set',
      'output_file_name=scores.csv',
      '--query',
      'name',
      '-o',
      'tsv',
    )
    const job = out.trim()
    await ran('job', 'stream', '-n', job)
    await ran('job', 'download', '-n', job, '--output-name', 'score', '--download-path', 'out')
    const scores = readFileSync(join(shell.folder, 'out/named-outputs/score/scores.csv'), 'utf8')
    assert.equal(scores, 'a.txt,3\nb.txt,6\n')
    const jobs = await ran(
      'batch-deployment',
      'list-jobs',
      '-n',
      'blue',
      '-e',
      'taxi-batch',
      '--query',
      '[].name',
      '-o',
      'tsv',
    )
    assert.equal(jobs.out.trim(), job)
    const shown = JSON.parse((await ran('batch-deployment', 'show', '-n', 'blue', '-e', 'taxi-batch')).out)
    assert.equal(shown.settings.retry_settings.timeout, 60)
    await ran(
      'batch-deployment',
      'update',
      '-n',
      'blue',
      '-e',
      'taxi-batch',
      '--set',
      'settings.mini_batch_size=7',
      'settings.retry_settings.timeout=5',
    )
    const changed = JSON.parse((await ran('batch-deployment', 'show', '-n', 'blue', '-e', 'taxi-batch')).out)
    assert.deepEqual([changed.settings.mini_batch_size, changed.settings.retry_settings.timeout], [7, 5])
  })

  test('the rows of a query are scored, with what there is to say of it meanwhile', async () => {
    shell.write({ 'flights.csv': 'carrier,month\nAA,4\nUA,5\n' })
    await ran('data', 'create', '-n', 'flights', '-v', '1', '-t', 'uri_file', '-p', 'flights.csv')
    await ran('batch-deployment', 'update', '-n', 'blue', '-e', 'taxi-batch', '--set', 'error_threshold=-1')
    const sql = 'select * from flights where month = 4'
    const line = ['batch-endpoint', 'invoke', '-n', 'taxi-batch', '--query-input', sql, '--job-name', 'asked']
    // The script wants numbers, and is given Parquet: it fails, and says so while it is followed.
    const { code, err } = await shell.run(...line, '--stream')
    assert.equal(code, 1)
    assert.match(err, /1 rows of 2 columns \(carrier, month\)/)
    assert.match(err, /Runtime: python \(scoring script\)/)
    assert.match(
      err,
      /Mini-batch 0 \(rows\.parquet\) failed, try 2 of 2: UnicodeDecodeError|Mini-batch 0 \(rows\.parquet\) failed, try 2 of 2: ValueError/,
    )
    const wrong = await shell.run(
      'batch-endpoint',
      'invoke',
      '-n',
      'taxi-batch',
      '--query-input',
      'select * from flihts',
    )
    assert.match(wrong.err, /Did you mean 'flights'/)
    const both = await shell.run(
      'batch-endpoint',
      'invoke',
      '-n',
      'taxi-batch',
      '--query-input',
      sql,
      '--input',
      'data',
    )
    assert.match(both.err, /one thing is scored at a time/)
    shell.write({
      'nightly.yml': `name: nightly
trigger: {type: cron, expression: "0 3 * * *", start_time: "2100-01-01T00:00:00"}
invoke_batch_endpoint:
  endpoint: taxi-batch
  query: select * from flights
  settings: {output_file_name: nightly.csv}
`,
    })
    const { out } = await ran('schedule', 'create', '-f', 'nightly.yml')
    assert.equal(JSON.parse(out).invoke_batch_endpoint.output_file_name, 'nightly.csv')
    const local = await shell.run(
      'schedule',
      'create',
      '-f',
      'nightly.yml',
      '--set',
      'invoke_batch_endpoint.inputs.data.path=./data',
    )
    assert.match(local.err, /a schedule scores what is at the server/)
  })

  test('a pipeline is deployed and invoked with inputs by name', async () => {
    await ran('batch-deployment', 'create', '-f', 'pipeline.yml')
    const followed = await ran(
      'batch-endpoint',
      'invoke',
      '-n',
      'taxi-batch',
      '-d',
      'steps',
      '-f',
      'inputs.yml',
      '--job-name',
      'piped',
      '--stream',
    )
    assert.match(followed.out + followed.err, /piped/)
    await ran('job', 'download', '-n', 'piped', '--output-name', 'scores', '--download-path', 'piped')
    const text = readFileSync(join(shell.folder, 'piped/named-outputs/scores/out.txt'), 'utf8')
    assert.equal(text, '5 a.txt b.txt\n')
    await ran('batch-endpoint', 'update', '-n', 'taxi-batch', '--default-deployment', 'steps')
    await ran('batch-deployment', 'delete', '-n', 'blue', '-e', 'taxi-batch', '-y')
    const listed = await ran('batch-deployment', 'list', '-e', 'taxi-batch', '-o', 'table')
    assert.match(listed.out, /steps.*pipeline/)
  })

  test('the files that the documentation shows are right', async () => {
    const page = readFileSync(new URL('../../../docs/batch-scoring.md', import.meta.url), 'utf8')
    const files = Array.from(page.matchAll(/```yaml\n# ([\w-]+\.yml)[^\n]*\n(.*?)```/gs))
    assert.equal(files.length, 2)
    for (const [, name = '', text = ''] of files) {
      shell.write({ [`docs/${name}`]: text })
      const { code, err } = await shell.run('validate', `docs/${name}`)
      assert.equal(code, 0, err)
    }
  })

  test('mistakes are told before anything is made', async () => {
    const no = async (words: RegExp, ...line: string[]) => {
      const { code, err } = await shell.run(...line)
      assert.notEqual(code, 0, line.join(' '))
      assert.match(err, words)
    }
    await no(/what is to be scored/, 'batch-endpoint', 'invoke', '-n', 'taxi-batch')
    await no(
      /there is no .*nothing-here/,
      'batch-endpoint',
      'invoke',
      '-n',
      'taxi-batch',
      '--input',
      './nothing-here',
    )
    await no(
      /changes nothing of an invocation/,
      'batch-endpoint',
      'invoke',
      '-n',
      'taxi-batch',
      '--input',
      'data',
      '--set',
      'colour=red',
    )
    shell.write({
      'bad.yml': 'name: x\nendpoint_name: taxi-batch\ntype: model\nsettings: {mini_batch_sise: 5}\n',
    })
    await no(/mini_batch_sise.*\n.*\n.*\n?.*mini_batch_size/s, 'batch-deployment', 'create', '-f', 'bad.yml')
  })
})
