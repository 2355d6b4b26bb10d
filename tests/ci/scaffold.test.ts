import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { readPipeline } from './azure-pipelines.ts'
import { readWorkflow } from './github.ts'
import { startMachine, type Machine } from './runner.ts'
import type { Job, Setting } from './steps.ts'

// What `twinloop init` writes is run as CI runs it: every step of the files in order, in a fresh clone, with nothing but
// the package that people install.

let machine: Machine
before(async () => {
  machine = startMachine()
  await machine.bash(`npm install --global --no-audit --no-fund '${machine.package}'`, machine.folder)
  await machine.bash('python -m pip install --quiet uv', machine.folder)
  await machine.bash('twinloop init breakdowns', machine.folder)
  await machine.bash('twinloop init repairs --task regression --ci azure', machine.folder)
})
after(() => machine.end())

const settingOf = (repository: string, more: Partial<Setting> = {}): Setting => ({
  workspace: machine.clone(join(machine.folder, repository)),
  secrets: {},
  ...more,
  variables: { TWINLOOP_PACKAGE: machine.package, ...more.variables },
})
/** A job without its first steps, where they have run on this machine already. */
function from(job: Job, step: string): Job {
  const first = job.steps.findIndex(({ name }) => name === step)
  assert.ok(first >= 0, `${job.name} has no step ${step}`)
  return { ...job, steps: job.steps.slice(first) }
}
const onGithub = { shell: ['bash', '-e'] }
const onAzure = { shell: ['bash', '--noprofile', '--norc'] }

// Both wait much and compute little: beside each other they take hardly longer than one.
describe('what is merged is released', { concurrency: 2 }, () => {
  test('Azure Pipelines rehearse a release on a server of their own', async () => {
    const setting = settingOf('repairs')
    const [job] = readPipeline(join(setting.workspace, '.azure-pipelines/release.yml'), setting)
    assert.ok(job !== undefined)
    const said = await machine.run(from(job, 'Find Twinloop, or start one'), setting, onAzure)
    assert.match(said.get('Train') ?? '', /✓ register\s+Completed/)
    const staging = said.get('Release to staging, as far as it goes without a person') ?? ''
    for (const gate of ['supply_chain', 'data_quality', 'unit_tests', 'signature', 'champion', 'load'])
      assert.match(staging, new RegExp(`✓ ${gate} `))
    assert.match(said.get('Follow the delivery') ?? '', /repairs:1 is the champion/)
    const hours = JSON.parse(
      /^\[[\d.,\s-]+\]$/m.exec(said.get('Ask the endpoints') ?? '')?.[0] ?? '[]',
    ) as number[]
    assert.equal(hours.length, 5)
    assert.ok(hours.every((value) => value > -10 && value < 60))
    assert.match(said.get('Ask the endpoints') ?? '', /✓ batchscoring\s+Completed/)
    assert.ok(
      !existsSync(join(setting.workspace, '..', 'agent', 'twinloop', 'server.json')),
      'it was stopped',
    )
    assert.equal(
      await machine.bash('git status --porcelain', setting.workspace),
      '',
      'the clone is as it was',
    )
  })

  describe('GitHub, with a server that stays', () => {
    const home = { TWINLOOP_HOME: '' }
    let url = ''
    const asOwner = (script: string, cwd = machine.folder) => machine.bash(script, cwd, home)
    const passwordOf = async (name: string) =>
      (await asOwner(`twinloop service-principal add-password -n ${name} --query password -o tsv`)).trim()
    before(async () => {
      home.TWINLOOP_HOME = join(machine.folder, 'server')
      await asOwner('twinloop up --detach --port 0 --https-port 0 --gateway-port 0 -o none')
      url = (await asOwner('twinloop status --query http -o tsv')).trim()
      await asOwner('infrastructure/apply.sh', join(machine.folder, 'breakdowns'))
      // GitHub's own program, which is asked who of the environment's reviewers let the run go on.
      writeFileSync(
        join(machine.folder, 'npm', 'bin', 'gh'),
        `#!/bin/sh\ntest "$1 $2" = "api repos/acme/breakdowns/actions/runs/4711/approvals" && test -n "$GH_TOKEN" && echo olga\n`,
        { mode: 0o755 },
      )
    })
    after(() => asOwner('twinloop down --all'))

    test('a program trains and releases, and another passes on what a reviewer said', async () => {
      const setting = settingOf('breakdowns', {
        variables: { TWINLOOP_URL: url },
        secrets: { TWINLOOP_TOKEN: await passwordOf('ci') },
      })
      const file = join(setting.workspace, '.github/workflows/release.yml')
      const [release] = readWorkflow(file, setting)
      // An environment has secrets of its own.
      const inEnvironment = { ...setting, secrets: { TWINLOOP_TOKEN: await passwordOf('approver') } }
      const production = readWorkflow(file, inEnvironment)[1]
      assert.ok(release !== undefined && production !== undefined)
      const said = await machine.run(from(release, 'Find Twinloop, or start one'), setting, onGithub)
      const staging = said.get('Release to staging, as far as it goes without a person') ?? ''
      assert.match(staging, /ci started the release of breakdowns:1/)
      assert.match(staging, /waits for one approval/i)
      assert.equal(said.has('Approve the rehearsal'), false)
      const approving = from(production, 'Approve for the reviewer')
      await assert.rejects(
        machine.run({ ...approving, env: release.env }, setting, onGithub),
        /Approve for the reviewer[^]*ci needs the role 'ML Engineer'/,
        'who trains has no say in that, whoever was asked',
      )
      const delivered =
        (await machine.run(approving, inEnvironment, onGithub)).get('Follow the delivery') ?? ''
      assert.match(delivered, /approver for github:olga|github:olga/)
      assert.match(delivered, /breakdowns:1 is the champion/)
    })
  })
})

test('a pull request whose functions are wrong is stopped by their tests', async () => {
  const setting = settingOf('breakdowns')
  const file = join(setting.workspace, 'data-science/src/prep.py')
  writeFileSync(file, readFileSync(file, 'utf8').replace('.notna()', '.isna()'))
  const [job] = readWorkflow(join(setting.workspace, '.github/workflows/pull-request.yml'), setting)
  assert.ok(job !== undefined)
  await assert.rejects(
    machine.run(job, setting, onGithub),
    /the step "Test the functions" of validate ended with 1:\n[^]*test_rows_without_a_target_are_left_out/,
  )
})
