import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ProcessState } from '../../compute/compute.ts'
import { placesOf } from './places.ts'
import { lastLines } from './tail.ts'
import { machineVariables } from '../../compute/pass-through.ts'
import { jobVariables } from './variables.ts'
import { explain } from './verdict.ts'

const exited = (state: object): ProcessState => ({
  phase: 'exited',
  code: null,
  signal: null,
  endedAt: new Date(0),
  ...state,
})

describe('explain', () => {
  const table: readonly [string, ProcessState, string, RegExp][] = [
    [
      'an exit code',
      exited({ code: 3 }),
      'ExecutionFailed',
      /failed with exit code 3\.\nThe end of its log .*\nlast words/,
    ],
    ['a signal', exited({ signal: 'SIGSEGV' }), 'ExecutionFailed', /ended by SIGSEGV\./],
    [
      'want of memory',
      exited({ signal: 'SIGKILL' }),
      'ExecutionFailed',
      /SIGKILL, which is what happens when memory runs out/,
    ],
    [
      'its time limit',
      exited({ signal: 'SIGTERM', reason: 'timeout' }),
      'Timeout',
      /longer than its limit of PT5M/,
    ],
    [
      'a lost supervisor',
      exited({ reason: 'lost', message: 'the machine was restarted' }),
      'ProcessLost',
      /lost \(the machine was restarted\)/,
    ],
    [
      'a program that is none',
      exited({ reason: 'not-executable', message: 'no bash' }),
      'NotExecutable',
      /\(no bash\)/,
    ],
    ['a process nobody knows', { phase: 'unknown' }, 'ProcessLost', /not known on this machine/],
  ]
  for (const [name, state, code, message] of table)
    it(`tells of ${name}`, () => {
      const said = explain(state, 'last words', 'PT5M')
      assert.equal(said.code, code)
      assert.match(said.message, message)
    })
  it('says that a log is empty', () =>
    assert.match(explain(exited({ code: 1 }), '').message, /Its log is empty/))
})

describe('lastLines', () => {
  const many = Array.from({ length: 50 }, (_, i) => `line ${i}`)
  const table: readonly [string, string, boolean, string][] = [
    ['all of a short log', 'a\nb\n', false, 'a\nb'],
    ['the last twenty lines', many.join('\n'), false, many.slice(-20).join('\n')],
    ['no line that was cut', 'alf\nwhole\n', true, 'whole'],
    ['a mark before one long line', 'xxx', true, '…xxx'],
    ['what a progress bar ended with', '10%\r50%\r100%\ndone\n', false, '100%\ndone'],
    ['nothing of nothing', '', false, ''],
  ]
  for (const [name, text, isCut, expected] of table)
    it(`gives ${name}`, () => assert.equal(lastLines(text, isCut), expected))
})

describe('placesOf', () => {
  const scale = (maxNodeCount: unknown) => ({ properties: { scaleSettings: { maxNodeCount } } })
  const table: readonly [string, object, object, number][] = [
    ['as many as it declares', scale(4), {}, 4],
    ['none if it declares none', scale(0), {}, 0],
    ['as many as there are cores if it does not say', scale(null), {}, 2],
    ['as many as there are cores if it says nothing', {}, {}, 2],
    ['none while it is stopped', scale(4), { state: 'Stopped' }, 0],
  ]
  for (const [name, properties, status, expected] of table)
    it(name, () => assert.equal(placesOf(properties as never, status as never, 2), expected))
})

describe('the variables of a job', () => {
  it('pass the network and the path through, and no secret', () => {
    const env = {
      PATH: '/bin',
      HTTPS_PROXY: 'http://p',
      no_proxy: 'x',
      UV_INDEX_URL: 'u',
      TWINLOOP_SECRET_KEY: 's',
      AWS_SECRET_ACCESS_KEY: 's',
    }
    assert.deepEqual(machineVariables(env), {
      PATH: '/bin',
      HTTPS_PROXY: 'http://p',
      no_proxy: 'x',
      UV_INDEX_URL: 'u',
    })
  })
  it('have names that are names, whatever inputs are called', () => {
    const variables = jobVariables({
      job: 'j',
      rootJob: 'r',
      experiment: { id: '1', name: 'e' },
      workspace: { id: '/w', guid: 'g', subscription: 's', resourceGroup: 'rg', name: 'w' },
      server: 'http://127.0.0.1:1',
      token: 't',
      tokenExpires: new Date(5000),
      folder: '/f',
      inputs: { 'group.rate-1': '0.1' },
      outputs: { model: '/m' },
    })
    assert.equal(variables['AZURE_ML_INPUT_group_rate_1'], '0.1')
    assert.equal(variables['AZURE_ML_OUTPUT_model'], '/m')
    assert.equal(variables['AZUREML_ROOT_RUN_ID'], 'r')
    assert.equal(variables['AZUREML_RUN_TOKEN_EXPIRY'], '5')
    assert.equal(variables['MLFLOW_TRACKING_URI'], 'http://127.0.0.1:1/mlflow/v2.0/w')
    assert.ok(Object.keys(variables).every((name) => /^[A-Z][A-Za-z0-9_]*$/.test(name)))
  })
})
