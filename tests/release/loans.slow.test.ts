import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pythonWith } from '../../src/testing/test-cache.ts'

// The example of examples/loans, walked as its README says, on real decisions; fairlearn says what the figures are.

const root = join(import.meta.dirname, '..', '..')
const fairlearn = ['fairlearn==0.15.0', 'pandas==3.1.1', 'scikit-learn==1.9.1']

const judge = `
import io, json, sys
import pandas as pd
from fairlearn.metrics import MetricFrame, demographic_parity_difference, selection_rate
rows = pd.read_csv(io.StringIO(sys.stdin.read()))
said, true, group = rows.twinloop_prediction, rows.approve, rows.minority
frame = MetricFrame(metrics=selection_rate, y_true=true, y_pred=said, sensitive_features=group)
print(json.dumps({
    "difference": demographic_parity_difference(true, said, sensitive_features=group),
    "rates": {str(name): rate for name, rate in frame.by_group.items()},
}))
`

describe('who is given a loan', () => {
  const home = mkdtempSync(join(tmpdir(), 'twinloop-loans-'))
  const folder = join(home, 'project')

  async function run(
    command: string,
    argv: readonly string[],
    input?: string,
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const env = { ...process.env, TWINLOOP_HOME: join(home, 'twinloop'), MLFLOW_DISABLE_TELEMETRY: 'true' }
    const child = spawn(command, argv, { cwd: folder, env, stdio: 'pipe' })
    const said = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text))
    child.stdin.end(input)
    const { promise, resolve, reject } = Promise.withResolvers<number | null>()
    child.once('error', reject)
    child.once('close', resolve)
    return { code: await promise, ...said }
  }
  const twinloop = (...argv: readonly string[]) => run(process.execPath, [join(root, 'src/main.ts'), ...argv])
  const passes = async (...argv: readonly string[]) => {
    const { code, stdout, stderr } = await twinloop(...argv)
    assert.equal(code, 0, `twinloop ${argv.join(' ')} ended with ${code}:\n${stdout}${stderr}`)
    return stdout
  }
  // Registering a version has made it a candidate.
  const releases = (number: string) => twinloop('release', 'watch', `loan-decision/${number}`)
  const release = async (number: number): Promise<Release> =>
    JSON.parse(await passes('release', 'show', `loan-decision/${number}`, '--output', 'json')) as Release
  const gateOf = ({ stages }: Release, name: string) => {
    const gate = stages.flatMap(({ gates }) => gates).find((one) => one.gate === name)
    assert.ok(gate !== undefined)
    return gate
  }

  before(async () => {
    cpSync(join(root, 'examples/loans'), folder, { recursive: true })
    await passes('up', '--detach', '--port', '0', '--https-port', '0', '--gateway-port', '0')
    await passes('environment', 'create', '--file', 'environment.yml')
    await passes('data-contract', 'create', '--file', 'contract.yml')
    await passes('job', 'create', '--file', 'prepare.yml', '--stream')
    await passes('release-plan', 'create', '--file', 'release-plan.yml')
  })
  after(async () => {
    await twinloop('down', '--all')
    rmSync(home, { recursive: true, force: true })
  })

  test('the model that nobody thought about passes every gate but fairness, and is not released', async () => {
    await passes('job', 'create', '--file', 'train.yml', '--stream')
    const { code, stdout } = await releases('1')
    assert.equal(code, 1, stdout)
    const blocked = await release(1)
    assert.equal(blocked.state, 'blocked')
    for (const name of ['data_quality', 'supply_chain', 'champion'])
      assert.equal(gateOf(blocked, name).state, 'passed', gateOf(blocked, name).result?.summary)
    const fairness = gateOf(blocked, 'fairness')
    assert.equal(fairness.state, 'failed')
    assert.match(fairness.result?.summary ?? '', /is 0\.2\d+, and has to be at most 0\.1/)
  })

  test('the one that accepts groups alike is, and the figures are those of fairlearn', async () => {
    await passes('job', 'create', '--file', 'train.yml', '--set', 'inputs.mitigation=equal_rates', '--stream')
    const { code, stdout: told } = await releases('2')
    assert.equal(code, 0, told)
    const released = await release(2)
    assert.equal(released.state, 'succeeded')
    const { result } = gateOf(released, 'fairness')
    assert.ok(result !== undefined)

    const table = `predictions=${result.details.predictions.candidate}`
    const question = 'select approve, minority, twinloop_prediction from predictions'
    const rows = await passes(
      'data',
      'query',
      question,
      '--table',
      table,
      '--limit',
      '10000',
      '--output',
      'csv',
    )
    const python = await pythonWith('fairlearn-0.15.0', fairlearn)
    const { stdout, stderr } = await run(python, ['-W', 'ignore', '-c', judge], rows)
    assert.notEqual(stdout, '', stderr)
    const expected = JSON.parse(stdout) as { difference: number; rates: Readonly<Record<string, number>> }
    const [difference, ...rates] = result.measures
    near(difference?.estimate, expected.difference)
    assert.deepEqual(new Set(rates.map(({ slice }) => slice?.['minority'])), new Set(['0', '1']))
    for (const { estimate, slice } of rates) near(estimate, expected.rates[slice?.['minority'] ?? ''])
  })
})

interface Release {
  readonly state: string
  readonly stages: readonly { readonly gates: readonly Gate[] }[]
}

interface Gate {
  readonly gate: string
  readonly state: string
  readonly result?: {
    readonly summary: string
    readonly measures: readonly {
      readonly estimate: number
      readonly slice?: Readonly<Record<string, string>>
    }[]
    readonly details: { readonly predictions: { readonly candidate: string } }
  }
}

function near(found: number | undefined, expected: number | undefined): void {
  assert.ok(
    found !== undefined && expected !== undefined && Math.abs(found - expected) <= 1e-12,
    `${found} is not ${expected}`,
  )
}
