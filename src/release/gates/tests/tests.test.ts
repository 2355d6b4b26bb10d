import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { ownPython, useOwnPython } from '../../../testing/own-python.ts'
import { upload } from '../../../testing/serving.ts'
import { pythonWith } from '../../../testing/test-cache.ts'
import { specificationOf } from '../../../training/environments/specification.ts'
import type { ReleasedModel } from '../gate.ts'
import { drive, mistakes, released } from '../testing/drive.ts'
import { integrationTests } from './integration.ts'
import { readJunit } from './junit.ts'
import { unitTests } from './unit.ts'

describe('a JUnit report', () => {
  test('is read as pytest writes it', () => {
    const xml = `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" tests="4">
      <testcase classname="tests.test_a" name="test_ok[&lt;x&gt;]" time="0.002" />
      <testcase classname="tests.test_a" name="test_no" time="0.5"><failure message="assert 1 == 2&#10; +  where 1 = f()">def test_no():
&gt;       assert 1 == 2 &amp; 3</failure><system-out><![CDATA[<testcase name="no">]]></system-out></testcase>
      <testcase classname="tests.test_b" name="test_skip" time="0"><skipped type="pytest.skip" message="no &quot;gpu&quot;">x.py:3</skipped></testcase>
      <testcase classname="tests.test_b" name="test_teardown" time="0"><error message="failed on teardown">E</error></testcase>
    </testsuite></testsuites>`
    assert.deepEqual(readJunit(xml), [
      { suite: 'tests.test_a', name: 'test_ok[<x>]', seconds: 0.002, outcome: 'passed' },
      {
        suite: 'tests.test_a',
        name: 'test_no',
        seconds: 0.5,
        outcome: 'failed',
        message: 'assert 1 == 2\n +  where 1 = f()',
        text: 'def test_no():\n>       assert 1 == 2 & 3',
      },
      {
        suite: 'tests.test_b',
        name: 'test_skip',
        seconds: 0,
        outcome: 'skipped',
        message: 'no "gpu"',
        text: 'x.py:3',
      },
      {
        suite: 'tests.test_b',
        name: 'test_teardown',
        seconds: 0,
        outcome: 'error',
        message: 'failed on teardown',
        text: 'E',
      },
    ])
    assert.throws(() => readJunit('<html></html>'), RangeError)
  })
})

const project = {
  'prep.py': 'def split(rows):\n    return rows[:1], rows[1:]\n',
  'test_prep.py': `
import os, pytest
from prep import split

def test_split():
    assert split([1, 2, 3]) == ([1], [2, 3])

def test_knows_the_candidate():
    assert os.environ["TWINLOOP_MODEL_NAME"] == "delay"

@pytest.mark.skip(reason="needs a GPU")
def test_gpu():
    pass
`,
}

describe('the gate unit_tests', () => {
  let t: TestApp
  let candidate: ReleasedModel
  before(async () => {
    t = await startTestApp()
    useOwnPython(t.home)
    const pytest = await pythonWith('pytest-8.4.2', ['pytest==8.4.2'])
    // The environment of the job, with pytest on top.
    const curated = specificationOf({ image: 'mcr.microsoft.com/azureml/curated/sklearn-1.5:latest' })
    const requirements = [...curated.requirements, 'pytest>=7,<10'].sort()
    useOwnPython(t.home, { ...curated, requirements }, pytest)
    await code('made', project)
    const id = `${t.workspace}/jobs/train_1`
    await ok('PUT', id, {
      properties: {
        jobType: 'Command',
        command: 'true',
        codeId: `${t.workspace}/codes/made/versions/1`,
        environmentId: ownPython,
      },
    })
    await t.until(id, ({ status }) => status === 'Completed')
    candidate = await model('1', 'train_1')
  })
  after(() => t.end())

  async function ok(method: string, path: string, body?: object) {
    const answer = await t.send(method, path, body)
    assert.ok(answer.status < 300, JSON.stringify(answer.body))
  }
  async function code(name: string, files: Readonly<Record<string, string>>) {
    const codeUri = await upload(t, `LocalUpload/${name}/src`, files)
    await ok('PUT', `${t.workspace}/codes/${name}/versions/1`, { properties: { codeUri } })
    return `azureml:${name}:1`
  }
  async function model(version: string, jobName?: string) {
    const modelUri = await upload(t, `LocalUpload/t${version}/model`, {
      'requirements.txt': 'pytest==8.4.2\n',
    })
    const id = `${t.workspace}/models/delay/versions/${version}`
    await ok('PUT', id, { properties: { modelType: 'custom_model', modelUri, jobName } })
    return released(t, id)
  }
  const run = (parameters: object) =>
    drive(t, unitTests, { command: 'pytest -q', ...parameters }, { candidate })

  test('runs the tests of the code that made the candidate, in its environment', async () => {
    const { result, kept, jobs } = await run({})
    assert.equal(result.verdict, 'pass', JSON.stringify(result))
    assert.match(result.summary, /^2 tests passed \(1 skipped\) in \d\.\d s\.$/)
    assert.match(kept['junit.xml'] ?? '', /<testcase classname="test_prep" name="test_split"/)
    assert.match(kept['tests.log'] ?? '', /2 passed, 1 skipped/)
    assert.equal(jobs['tests']?.properties['codeId'], `${t.workspace}/codes/made/versions/1`)
    assert.match(unitTests.report?.(result) ?? '', /<td>needs a GPU<\/td>/)
  })

  test('fails where a test does, with its message', async () => {
    const reference = await code('bad', {
      ...project,
      'test_bad.py': 'def test_rate():\n    rate = 1.5\n    assert 0 <= rate <= 1, "<no share>"\n',
    })
    const { result } = await run({ code: reference })
    assert.equal(result.verdict, 'fail')
    assert.match(result.summary, /^1 test of 4 failed: test_rate: AssertionError: <no share>/)
    assert.match(unitTests.report?.(result) ?? '', /<h4>✗ test_bad.test_rate<\/h4>[^]*&lt;no share&gt;/)
  })

  test('is an error, not a failure, where the tests could not be run', async () => {
    await assert.rejects(run({ command: 'pytest -q tests/' }), /called in a way.*not there[^]*tests/)
    await assert.rejects(run({ command: 'pytest -q -k nothing_like_it' }), /pytest found no tests/)
    const broken = await code('broken', { 'test_x.py': 'import no_such_package\n' })
    await assert.rejects(run({ code: broken }), /cannot be imported[^]*No module named 'no_such_package'/)
    await assert.rejects(run({ command: 'exit 0' }), /left no report/)
    await assert.rejects(
      run({ command: 'pytest -q', environment: ownPython, packages: ['=='] }),
      /no package/,
    )
    const alone = await model('2')
    await assert.rejects(
      drive(t, unitTests, {}, { candidate: alone }),
      /no job is known that made delay:2. Name the code in the plan/,
    )
  })

  test('is inconclusive where every test was skipped', async () => {
    const { result } = await run({ command: 'pytest -q -k gpu' })
    assert.equal(result.verdict, 'inconclusive')
  })

  test('integration tests meet the candidate as a deployment, which is gone afterwards', async () => {
    const script = 'def init():\n    pass\ndef run(raw):\n    return {"got": raw}\n'
    await code('scoring', { 'score.py': script })
    const asking = `
import json, os, urllib.request
def test_scores():
    request = urllib.request.Request(os.environ["TWINLOOP_ENDPOINT"], b'{"a": 1}', {
        "authorization": "Bearer " + os.environ["TWINLOOP_ENDPOINT_TOKEN"], "content-type": "application/json",
        "azureml-model-deployment": os.environ["TWINLOOP_DEPLOYMENT"]})
    assert json.load(urllib.request.urlopen(request)) == {"got": '{"a": 1}'}
`
    const deployment = {
      environment: ownPython,
      code_configuration: { code: 'azureml:scoring:1', scoring_script: 'score.py' },
    }
    const parameters = {
      code: await code('integration', { 'test_scores.py': asking }),
      command: 'pytest -q',
      endpoint: true,
      deployment,
    }
    const { result, said } = await drive(t, integrationTests, parameters, { candidate })
    assert.equal(result.verdict, 'pass', JSON.stringify(result))
    assert.ok(said.includes('deploys delay:1 to try it'))
    const left = await t.app.platform.resources.list({
      type: 'workspaces/onlineEndpoints',
      scope: t.workspace,
    })
    assert.deepEqual(
      left.filter(({ deleting }) => !deleting),
      [],
    )
    const crash = 'def init():\n    raise RuntimeError("no weights")\ndef run(raw):\n    return 1\n'
    await code('crash', { 'score.py': crash })
    const code_configuration = { code: 'azureml:crash:1', scoring_script: 'score.py' }
    const broken = { ...parameters, deployment: { ...deployment, code_configuration } }
    await assert.rejects(
      drive(t, integrationTests, broken, { candidate }),
      /candidate does not come up as a deployment: .*no weights/s,
    )
  })

  test('tells mistakes of a plan before anything runs', async () => {
    assert.deepEqual(await mistakes(t, unitTests, {}), [])
    const found = await mistakes(t, unitTests, { code: 'azureml:mode:1', environment: 'azureml:none:1' })
    assert.deepEqual(
      found.map(({ path }) => path),
      [['code'], ['environment']],
    )
    assert.match(found[0]?.message ?? '', /Did you mean 'made'/)
    assert.throws(() => unitTests.parameters.parse({ timeout: 'soon' }), /'soon' is not a duration/)
  })
})
