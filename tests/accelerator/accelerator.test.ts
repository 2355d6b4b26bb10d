import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, describe, test } from 'node:test'

// A project with the shape of the MLOps v2 accelerator's classical template (facts of it, none of its code or data), and
// the az lines of the accelerator's workflows, against a server of its own. Nothing knows that az is not Azure's.

const project = join(import.meta.dirname, 'project')
const program = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
const names = {
  GROUP: 'rg-rides-0001dev',
  WORKSPACE: 'mlw-rides-0001dev',
  ENDPOINT: 'ride-oep-rides-0001dev',
}

let home = ''
let env: NodeJS.ProcessEnv = {}
const ran = new Map<string, Said>()

before(async () => {
  home = mkdtempSync(join(tmpdir(), 'twinloop-accelerator-'))
  env = { ...process.env, ...names, TWINLOOP_HOME: home, MLFLOW_DISABLE_TELEMETRY: 'true' }
  await twinloop('up', '--detach', '--port', '0', '--https-port', '0', '--gateway-port', '0')
  await twinloop('az', '--shim')
  env['PATH'] = `${join(home, 'shim')}${delimiter}${env['PATH']}`
  await passes('az', 'group', 'create', '-n', names.GROUP, '-l', 'westeurope')
  await passes('az', 'ml', 'workspace', 'create', '--name', names.WORKSPACE, '--resource-group', names.GROUP)
  ran.set('github', await passes('bash', join(import.meta.dirname, 'lines', 'github.sh')))
  ran.set('azure-devops', await passes('bash', join(import.meta.dirname, 'lines', 'azure-devops.sh')))
})
after(async () => {
  await twinloop('down', '--all')
  rmSync(home, { recursive: true, force: true })
})

describe('the lines of the GitHub workflows', () => {
  test('train, with a warning that the file says experiment_name twice', () => {
    assert.match(told('github', 'pipeline'), / Completed$/)
    assert.match(
      ran.get('github')?.stderr ?? '',
      /pipeline\.yml:\d+:\d+  warning: experiment_name is given twice/,
    )
  })
  test('log metrics whose names have spaces', async () => {
    const run = told('github', 'pipeline').split(' ')[0]
    const { metrics } = await runOf(`${run}_prep_data`)
    assert.deepEqual(metrics, { 'train size': 168, 'val size': 24, 'test size': 48 })
    assert.ok(((await runOf(`${run}_train_model`)).metrics['train r2'] ?? 0) > 0.8)
  })
  test('leave each output where its name says', async () => {
    const run = told('github', 'pipeline').split(' ')[0] ?? ''
    const folder = join(home, 'downloaded')
    const inWorkspace = ['-g', names.GROUP, '-w', names.WORKSPACE]
    await passes('az', 'ml', 'job', 'download', '-n', run, '--all', '-p', folder, ...inWorkspace)
    const outputs = join(folder, 'named-outputs')
    assert.match(readFileSync(join(outputs, 'trained_model', 'MLmodel'), 'utf8'), /sklearn/)
    assert.equal(readFileSync(join(outputs, 'evaluation_output', 'deploy_flag'), 'utf8'), '1')
    const info = readFileSync(join(outputs, 'model_info_output_path', 'model_info.json'), 'utf8')
    assert.deepEqual(JSON.parse(info), { id: 'ride-minutes:1' })
  })
  test('deploy the model without an environment, and score rows that have no names', () =>
    isMinutes(told('github', 'scored')))
})

describe('the lines of the Azure DevOps pipelines', () => {
  test('find what is there, and make what is not', () => {
    assert.match(ran.get('azure-devops')?.stdout ?? '', /^compute=cpu-cluster exists$/m)
    assert.match(ran.get('azure-devops')?.stdout ?? '', /^compute=spare-cluster created$/m)
    assert.match(ran.get('azure-devops')?.stdout ?? '', /^endpoint=exists$/m)
  })
  test('set several values by one flag, and by several', async () => {
    assert.match(told('azure-devops', 'pipeline'), / Completed$/)
    assert.equal(told('azure-devops', 'names'), 'dev_ride_minutes_run_17 dev_ride_minutes_main')
    const run = told('azure-devops', 'pipeline').split(' ')[0]
    assert.equal((await runOf(`${run}_prep_data`)).tags['monitoring'], 'false')
  })
  test('score a table', () => isMinutes(told('azure-devops', 'scored')))
})

test('a file is scored in bulk by a script of the project', async () => {
  const [job = '', status] = told('azure-devops', 'bulk').split(' ')
  assert.equal(status, 'Completed')
  const folder = join(home, 'bulk')
  const inWorkspace = ['-g', names.GROUP, '-w', names.WORKSPACE]
  await passes(
    'az',
    'ml',
    'job',
    'download',
    '-n',
    job,
    '--output-name',
    'score',
    '-p',
    folder,
    ...inWorkspace,
  )
  const lines = readFileSync(join(folder, 'named-outputs', 'score', 'predictions.csv'), 'utf8')
    .trim()
    .split('\n')
  const rides = readFileSync(join(project, 'data', 'rides.csv'), 'utf8')
    .trim()
    .split('\n')
  assert.equal(lines.length, rides.length - 1)
  const [file, minutes] = (lines[0] ?? '').split(' ')
  assert.equal(file, 'rides.csv')
  const measured = Number((rides[1] ?? '').split(',').at(-1))
  assert.ok(Math.abs(Number(minutes) - measured) < 20, `${minutes} for ${measured}`)
})

interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function twinloop(...argv: readonly string[]): Promise<Said> {
  return passes(process.execPath, program, ...argv)
}

async function passes(command: string, ...argv: readonly string[]): Promise<Said> {
  const said = await runs(command, ...argv)
  assert.equal(
    said.code,
    0,
    `${command} ${argv.join(' ')} ended with ${said.code}:\n${said.stdout}${said.stderr}`,
  )
  return said
}

async function runs(command: string, ...argv: readonly string[]): Promise<Said> {
  const child = spawn(command, argv, { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text))
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('close', resolve)
  return { code: await promise, ...said }
}

/** What a script printed as `name=…`. */
function told(script: string, name: string): string {
  const line = ran
    .get(script)
    ?.stdout.split('\n')
    .find((text) => text.startsWith(`${name}=`))
  assert.ok(line !== undefined, `${script} printed no ${name}`)
  return line.slice(name.length + 1)
}

/** A short ride in the calm, and a long one in the rain at rush hour. */
function isMinutes(text: string): void {
  const [short = Number.NaN, long = Number.NaN, ...more] = JSON.parse(text) as readonly number[]
  assert.deepEqual(more, [])
  assert.ok(short > 3 && short < 15 && long > 20 && long < 45, text)
}

async function runOf(id: string) {
  const address = [
    'ml',
    'workspace',
    'show',
    '-n',
    names.WORKSPACE,
    '-g',
    names.GROUP,
    '--query',
    'id',
    '-o',
    'tsv',
  ]
  const workspace = (await passes('az', ...address)).stdout.trim()
  const { http } = JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { http: string }
  const answer = await fetch(`${http}/mlflow/v2.0${workspace}/api/2.0/mlflow/runs/get?run_id=${id}`, {
    headers: { authorization: `Bearer ${readFileSync(join(home, 'token'), 'utf8').trim()}` },
  })
  const { run } = (await answer.json()) as {
    run: { data: Readonly<Record<'metrics' | 'tags', readonly Entry[]>> }
  }
  return {
    metrics: Object.fromEntries(run.data.metrics.map(({ key, value }) => [key, Number(value)])),
    tags: Object.fromEntries(run.data.tags.map(({ key, value }) => [key, String(value)])),
  }
}

interface Entry {
  readonly key: string
  readonly value: number | string
}
