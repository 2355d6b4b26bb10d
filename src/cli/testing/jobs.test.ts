import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import type { TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'
import { testShell } from './io.ts'
import type { TestShell } from './io.ts'

const pipeline = `
type: pipeline
display_name: two steps
inputs:
  greeting: hello
  names: {type: uri_file, path: ./names.txt}
outputs:
  said: {type: uri_folder}
settings:
  default_compute: azureml:cpu-cluster
  default_datastore: azureml:workspaceblobstore
jobs:
  greet:
    command: >-
      python greet.py \${{inputs.greeting}} \${{inputs.names}} \${{outputs.text}}
    code: ./src
    environment: ${ownPython}
    inputs:
      greeting: \${{parent.inputs.greeting}}
      names: \${{parent.inputs.names}}
    outputs:
      text: {type: uri_folder}
  shout:
    component: ./shout.yml
    inputs: {text: "\${{parent.jobs.greet.outputs.text}}"}
    outputs: {loud: "\${{parent.outputs.said}}"}
`

describe('jobs from the command line', () => {
  let server: TestApp
  let shell: TestShell
  before(async () => {
    server = await startTestApp()
    useOwnPython(server.home)
    shell = testShell({ url: server.app.platform.urls.http, token: server.token })
    shell.write({
      'pipeline.yml': pipeline,
      'names.txt': 'Ada\nGrace\n',
      'src/greet.py': `import os, sys
word, names, out = sys.argv[1:]
os.makedirs(out, exist_ok=True)
with open(os.path.join(out, "text.txt"), "w") as f:
    for name in open(names):
        print(word, name.strip(), file=f)
        print("greeted", name.strip(), flush=True)
`,
      'shout.yml': `name: shout
type: command
version: 1
inputs: {text: {type: uri_folder}, times: {type: integer, default: 2}}
outputs: {loud: {type: uri_folder}}
command: >-
  mkdir -p \${{outputs.loud}} && tr a-z A-Z < \${{inputs.text}}/text.txt > \${{outputs.loud}}/loud.txt
environment: ${ownPython}
`,
    })
  })
  after(async () => {
    shell.end()
    await server.end()
  })

  test('what a job refers to is looked up first, and nothing is created without it', async () => {
    const { code, err } = await shell.run(
      'job',
      'create',
      '-f',
      'pipeline.yml',
      '--set',
      'jobs.greet.environment=azureml:none@latest',
    )
    assert.equal(code, 1)
    assert.match(err, /^error 2 problems, nothing was created$/m)
    assert.match(
      err,
      /^pipeline\.yml:10:20 {2}settings\.default_compute: azureml:cpu-cluster does not exist in workspace dev$/m,
    )
    assert.match(err, /\^+ create it: twinloop compute create/)
    assert.match(
      err,
      /^pipeline\.yml with --set {2}jobs\.greet\.environment: azureml:none@latest does not exist/m,
    )
    assert.equal((await shell.run('job', 'list', '--query', 'length(@)')).out, '0\n')
    assert.equal((await shell.run('component', 'list', '--query', 'length(@)')).out, '0\n')
  })

  test('a pipeline runs as the workflows of the accelerator run it, and its output comes down', async () => {
    await shell.run('az', 'ml', 'compute', 'create', '--name', 'cpu-cluster', '--type', 'amlcompute')
    assert.equal((await shell.run('job', 'validate', '-f', 'pipeline.yml')).code, 0)
    const made = await shell.run(
      'az',
      'ml',
      'job',
      'create',
      '--file',
      'pipeline.yml',
      '--query',
      'name',
      '-o',
      'tsv',
    )
    assert.equal(made.code, 0, made.err)
    const name = made.out.trim()
    assert.match(name, /^[a-z]+_[a-z]+_[0-9a-z]{10}$/)

    const streamed = await shell.run('job', 'stream', '-n', name)
    assert.equal(streamed.code, 0, streamed.err)
    assert.match(streamed.err, /✓ greet +Completed/)
    assert.match(streamed.err, /✓ shout +Completed/)
    assert.equal(
      (await shell.run('job', 'show', '-n', name, '--query', 'status', '-o', 'tsv')).out,
      'Completed\n',
    )
    const steps = await shell.run(
      'job',
      'list',
      '-p',
      name,
      '--query',
      '[].display_name | sort(@)',
      '-o',
      'tsv',
    )
    assert.equal(steps.out, 'greet\nshout\n')
    assert.equal(
      (await shell.run('job', 'list', '--query', '[].name', '-o', 'tsv')).out,
      `${name}\n`,
      'steps are not beside their pipeline',
    )

    const got = await shell.run('job', 'download', '-n', name, '--output-name', 'said')
    assert.equal(got.code, 0, got.err)
    assert.equal(
      readFileSync(join(shell.folder, 'named-outputs/said/loud.txt'), 'utf8'),
      'HELLO ADA\nHELLO GRACE\n',
    )
    const lost = await shell.run('job', 'download', '-n', name, '--output-name', 'siad')
    assert.match(lost.err, /no output siad[^]*did you mean said\?/)

    const again = await shell.run('job', 'rerun', '-n', name, '--query', 'name', '-o', 'tsv')
    assert.equal(again.code, 0, again.err)
    assert.match(again.out, /_[\da-f]{10}\n$/)
    const refused = await shell.run('job', 'rerun', '-n', name, '--from-failed')
    assert.equal(refused.code, 1)
    assert.match(refused.err, /is Completed: only one that has failed or was cancelled/)
  })

  test('a job that fails: its log, its reason, exit code 1', async () => {
    shell.write({ 'fails.yml': `command: echo before; echo reason >&2; exit 3\nenvironment: ${ownPython}\n` })
    const { code, out, err } = await shell.run(
      'job',
      'create',
      '-f',
      'fails.yml',
      '-n',
      'fails-1',
      '--stream',
    )
    assert.equal(code, 1)
    assert.match(out, /before/)
    assert.match(err, /✗ fails-1 Failed[^]*exit code 3/)
    await shell.run('job', 'download', '-n', 'fails-1')
    assert.ok(existsSync(join(shell.folder, 'artifacts/user_logs/std_log.txt')))
  })

  test('a job is cancelled, tagged, archived', async () => {
    shell.write({ 'slow.yml': `command: sleep 600\nenvironment: ${ownPython}\n` })
    assert.equal((await shell.run('job', 'create', '-f', 'slow.yml', '-n', 'slow-1')).code, 0)
    assert.equal((await shell.run('job', 'cancel', '-n', 'slow-1')).code, 0)
    const id = `${server.workspace}/jobs/slow-1`
    await server.until(id, (p) => p['status'] === 'Canceled')
    const updated = await shell.run(
      'job',
      'update',
      '-n',
      'slow-1',
      '--set',
      'tags.keep=no',
      '--query',
      'tags.keep',
      '-o',
      'tsv',
    )
    assert.equal(updated.out, 'no\n', updated.err)
    assert.equal((await shell.run('job', 'archive', '-n', 'slow-1')).code, 0)
    assert.doesNotMatch((await shell.run('job', 'list', '-o', 'table')).out, /slow-1/)
  })

  test('a component is registered, and a job runs it by name', async () => {
    const made = await shell.run(
      'component',
      'create',
      '-f',
      'shout.yml',
      '--query',
      '[name, version]',
      '-o',
      'tsv',
    )
    assert.equal(made.out, 'shout\n1\n', made.err)
    shell.write({
      'by-name.yml': `type: pipeline\ninputs: {d: {type: uri_folder, path: ./text}}\njobs:\n  s:\n    component: azureml:shout@latest\n    inputs: {text: "\${{parent.inputs.d}}"}\n`,
      'text/text.txt': 'x\n',
    })
    const { code, err } = await shell.run('job', 'create', '-f', 'by-name.yml', '--stream')
    assert.equal(code, 0, err)
    const { out } = await shell.run(
      'component',
      'show',
      '-n',
      'shout',
      '-l',
      'latest',
      '--query',
      'inputs.times.default',
      '-o',
      'tsv',
    )
    assert.equal(out, '2\n')
  })
})
