import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { readPipeline } from './azure-pipelines.ts'
import { readWorkflow } from './github.ts'
import { startMachine, type Machine } from './runner.ts'
import type { Setting } from './steps.ts'

// What `twinloop init` writes is run as CI runs it: every step of the files in order, in a fresh clone, with nothing but
// the package that people install.

let machine: Machine
before(async () => {
  machine = startMachine()
  await machine.bash(`npm install --global --no-audit --no-fund '${machine.package}'`, machine.folder)
  await machine.bash('twinloop init breakdowns', machine.folder)
  await machine.bash('twinloop init repairs --task regression --ci azure', machine.folder)
})
after(() => machine.end())

const settingOf = (repository: string): Setting => ({
  workspace: machine.clone(join(machine.folder, repository)),
  variables: { TWINLOOP_PACKAGE: machine.package },
  secrets: {},
})

describe('a scaffolded repository', () => {
  test('on GitHub trains, releases and deploys what is merged', async () => {
    const setting = settingOf('breakdowns')
    const jobs = readWorkflow(join(setting.workspace, '.github/workflows/release.yml'), setting)
    const [job] = jobs
    assert.ok(job !== undefined && jobs.length === 1)
    const said = await machine.run(job, setting, { shell: ['bash', '-e'] })
    assert.match(said.get('Train') ?? '', /✓ register\s+Completed/)
    const answers = /^\[\[.*\]\]$/m.exec(said.get('Deploy online') ?? '')?.[0] ?? '[]'
    const chances = JSON.parse(answers) as readonly (readonly number[])[]
    assert.equal(chances.length, 5)
    for (const [no = 0, yes = 0] of chances) assert.ok(Math.abs(no + yes - 1) < 1e-9 && yes > 0 && yes < 1)
    assert.match(said.get('Deploy for batches') ?? '', /Completed/)
    assert.ok(!existsSync(join(setting.workspace, '.twinloop', 'server.json')), 'the server was stopped')
    assert.equal(
      await machine.bash('git status --porcelain', setting.workspace),
      '',
      'the clone is as it was',
    )
  })

  test('on GitHub refuses a file that is wrong, before anything runs', async () => {
    const setting = settingOf('breakdowns')
    const file = join(setting.workspace, 'mlops/train/pipeline.yml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('default_compute', 'default_compte'))
    const [job] = readWorkflow(join(setting.workspace, '.github/workflows/pull-request.yml'), setting)
    assert.ok(job !== undefined)
    await assert.rejects(
      machine.run(job, setting, { shell: ['bash', '-e'] }),
      /the step "Check the files" of validate ended with 1:\n[^]*pipeline\.yml:\d+:\d+ [^]*did you mean default_compute\?/,
    )
  })

  test('on Azure Pipelines checks, tests and trains what is proposed', async () => {
    const setting = settingOf('repairs')
    const [job] = readPipeline(join(setting.workspace, '.azure-pipelines/pull-request.yml'), setting)
    assert.ok(job !== undefined)
    const said = await machine.run(job, setting, { shell: ['bash', '--noprofile', '--norc'] })
    assert.match(said.get('Test the functions') ?? '', /1\d passed/)
    assert.match(said.get('Train') ?? '', /✓ register\s+Completed/)
    assert.match(said.get('Show the model') ?? '', /^name: repairs$/m)
  })
})
