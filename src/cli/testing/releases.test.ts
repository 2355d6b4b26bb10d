import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { addGate } from '../../release/testing/gates.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { testShell, type TestShell } from './io.ts'

const compares = addGate('compares')

describe('release', () => {
  let t: TestApp
  let shell: TestShell
  before(async () => {
    t = await startTestApp()
    shell = testShell({ url: t.app.platform.urls.http, token: t.token })
    shell.write({
      'model/model.txt': 'a model',
      'plan.yml': `type: release_plan
model: flights
start: by_hand
stages:
  - { name: test, gates: [compares] }
  - { name: production, approval: { roles: [Owner], not_requester: false } }
`,
      'wrong.yml': `type: release_plan
model: flights
stages:
  - name: test
    gates: [comparse]
  - name: production
    workspace: prodd
    approval: { roles: [Ownr] }
`,
      'elsewhere.yml': `type: release_plan
model: flights
stages:
  - name: test
    gates: [compares]
  - name: production
    workspace: prodd
    approval:
      roles: [Ownr]
`,
    })
    for (const version of ['1', '2']) {
      shell.write({ 'model/model.txt': `model ${version}` })
      await good(`model create -n flights -v ${version} -p model --type custom_model`)
    }
  })
  after(async () => {
    shell.end()
    await t.end()
  })
  const run = (line: string) =>
    shell.run(...(line.match(/"[^"]*"|\S+/g) ?? []).map((w) => w.replaceAll('"', '')))
  const good = async (line: string) => {
    const ran = await run(line)
    assert.equal(ran.code, 0, ran.err)
    return ran
  }

  test('a plan is refused with line, column and the nearest name, before anything of it is there', async () => {
    const words = await run('release-plan create -f wrong.yml')
    assert.equal(words.code, 1)
    assert.match(words.err, /wrong\.yml:5:13 +stages\[1?0?\]\.gates\[0\]: there is no gate 'comparse'/)
    assert.match(words.err, /did you mean compares\?/)
    const names = await run('release-plan create -f elsewhere.yml')
    assert.equal(names.code, 1)
    assert.match(names.err, /2 problems, nothing was created/)
    assert.match(names.err, /elsewhere\.yml:7:16 +stages\[1\]\.workspace: there is no workspace 'prodd'/)
    assert.match(names.err, /elsewhere\.yml:9:15 +stages\[1\]\.approval\.roles\[0\]: there is no role 'Ownr'/)
    assert.match(names.err, /did you mean 'Owner'\?/)
    assert.equal((await good('release-plan list')).out.trim(), '[]')
  })

  test('a release is made, watched, looked at, approved and gone back from', async () => {
    await good('release-plan create -f plan.yml')
    const made = await good('release create --plan flights --model-version 1')
    assert.equal(JSON.parse(made.out).name, 'flights/1')
    const waiting = good('release watch flights/1')
    await t.until(
      `${t.workspace}/providers/Twinloop/releasePlans/flights/releases/1`,
      (p) => p['state'] === 'waiting',
    )
    const shown = await good('release show flights/1')
    assert.match(shown.out, /^flights\/1 {2}● waiting {2}flights:1, no champion yet/)
    assert.match(shown.out, /✓ test\n {2}✓ compares {2}compares looked/)
    assert.match(shown.out, /● approval {2}waits for Owner until/)
    assert.match(shown.out, /twinloop release approve flights\/1 --comment/)
    assert.match(shown.out, /twinloop release scorecard flights\/1/)
    const card = await good('release scorecard flights/1 --output-file cards/one.html')
    assert.equal(card.err, 'cards/one.html\n')
    assert.match(readFileSync(join(shell.folder, 'cards/one.html'), 'utf8'), /<h1>flights:1<\/h1>/)
    assert.match((await good('release evidence flights/1')).out, /"path": "test\/scorecard\.html"/)
    assert.equal((await run('release scorecard flights/9')).code, 1)
    await good('release approve flights --comment "as good as any"')
    const watched = await waiting
    assert.match(watched.err, /compares passed: compares looked/)
    assert.match(watched.err, /✓ succeeded/)
    await good('release create --plan flights --model-version 2')
    const second = `${t.workspace}/providers/Twinloop/releasePlans/flights/releases/2`
    await t.until(second, (p) => p['state'] === 'waiting')
    await good('release approve flights/2')
    await t.until(second, (p) => p['state'] === 'succeeded')
    const back = await good('release rollback flights --reason "it was better"')
    assert.equal(back.err, 'flights:1 of flights/1 reigns again (from flights/2)\n')
    const model = await good('model show -n flights -v 1')
    assert.equal(JSON.parse(model.out).version, '1')
    const listed = JSON.parse((await good('release list --plan flights')).out) as { state: string }[]
    assert.deepEqual(
      listed.map(({ state }) => state),
      ['rolled_back', 'succeeded'],
    )
  })

  test('a gate that fails ends the watch with 1 and tells what to type', async () => {
    compares.advance = () => ({
      result: {
        verdict: 'inconclusive',
        summary: '40 rows are too few',
        measures: [{ name: 'n', estimate: 40 }],
        notes: [],
        files: [],
      },
    })
    const ran = await run('release create --plan flights --model-version 2 --watch')
    assert.equal(ran.code, 1)
    assert.match(ran.err, /\? compares {2}40 rows are too few/)
    assert.match(ran.err, /twinloop release waive flights\/3 --gate compares --reason "…"/)
    const own = await run('release waive flights/3 --gate compares --reason "it is only forty rows"')
    assert.equal(own.code, 1)
    assert.match(own.err, /a waiver takes two people/)
    await good('release cancel flights/3 --reason "not now"')
    await t.until(
      `${t.workspace}/providers/Twinloop/releasePlans/flights/releases/3`,
      (p) => p['state'] === 'cancelled',
    )
    assert.equal((await run('release retry flights/3')).code, 1)
  })
})
