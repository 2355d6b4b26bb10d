import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UserError } from '../../kernel/errors.ts'
import { checkLiteral, readComponentSpec } from './spec.ts'

const train = {
  name: 'train',
  type: 'command',
  command:
    'python train.py --data ${{inputs.data}} $[[--depth ${{inputs.depth}}]] --rate ${{inputs.rate}} --out ${{outputs.model}}',
  environment: 'azureml:/subscriptions/s/environments/e/versions/1',
  code: 'azureml:/subscriptions/s/codes/c/versions/1',
  inputs: {
    data: { type: 'uri_folder' },
    depth: { type: 'integer', optional: 'True' },
    rate: { type: 'number', default: 0.1, min: '0.0', max: 1 },
  },
  outputs: { model: { type: 'mlflow_model' } },
}
const problemsOf = (spec: unknown): readonly string[] => {
  try {
    readComponentSpec(spec)
    return []
  } catch (error) {
    assert.ok(error instanceof UserError)
    return error.details.length > 0
      ? error.details.map((d) => `${d.target}: ${d.message}`)
      : [`${error.target}: ${error.message}`]
  }
}

describe('readComponentSpec', () => {
  it('reads a command component', () => {
    const spec = readComponentSpec(train)
    assert.equal(spec.type, 'command')
    assert.equal(spec.isDeterministic, true)
    assert.deepEqual(spec.inputs['depth'], { type: 'integer', optional: true })
    assert.deepEqual(spec.inputs['rate'], { type: 'number', optional: false, default: '0.1', min: 0, max: 1 })
    assert.deepEqual(spec.outputs, { model: { type: 'mlflow_model' } })
  })
  it('knows a pipeline component by its steps', () => {
    assert.equal(readComponentSpec({ jobs: { a: {} } }).type, 'pipeline')
  })
  it('calls a path what it became', () => {
    const spec = readComponentSpec({ ...train, inputs: { ...train.inputs, data: { type: 'path' } } })
    assert.equal(spec.inputs['data']?.type, 'uri_folder')
  })

  const bad: readonly [string, object, RegExp][] = [
    ['a missing command', { command: ' ' }, /componentSpec\.command: .* needs a command/],
    ['a missing environment', { environment: undefined }, /environment: .* needs an environment/],
    ['an unknown type', { type: 'comand' }, /Did you mean 'command'/],
    ['a type of Azure ML that is not run', { type: 'spark' }, /'spark' are not run/],
    ['an undeclared input', { command: 'x ${{inputs.dta}}' }, /there is no input 'dta'; did you mean 'data'/],
    [
      'an input of unknown type',
      { inputs: { ...train.inputs, data: { type: 'uri_folde' } } },
      /data\.type: .*Did you mean 'uri_folder'/,
    ],
    [
      "a name of the shell's",
      { inputs: { ...train.inputs, PATH: { type: 'string' } } },
      /may not be called 'PATH'/,
    ],
    [
      'a default that is not of its type',
      { inputs: { ...train.inputs, rate: { type: 'number', default: 'high' } } },
      /is a number, not 'high'/,
    ],
    [
      'an output of unknown type',
      { outputs: { model: { type: 'number' } } },
      /Output 'model' has no type 'number'/,
    ],
  ]
  for (const [name, change, message] of bad)
    it(`refuses ${name}`, () => assert.match(problemsOf({ ...train, ...change }).join('\n'), message))

  it('tells every problem at once', () => {
    assert.equal(problemsOf({ ...train, command: '', environment: '', inputs: { a: {} } }).length, 3)
  })
  it('refuses what is no object', () => assert.match(problemsOf('train')[0] ?? '', /must be an object/))
})

describe('checkLiteral', () => {
  const table: readonly [object, string, RegExp | undefined][] = [
    [{ type: 'integer' }, '3', undefined],
    [{ type: 'integer' }, '3.5', /is an integer/],
    [{ type: 'number' }, '1e-3', undefined],
    [{ type: 'number' }, '', /is a number/],
    [{ type: 'number', min: 1 }, '0', /at least 1/],
    [{ type: 'number', max: 1 }, '2', /at most 1/],
    [{ type: 'boolean' }, 'False', undefined],
    [{ type: 'boolean' }, 'no', /is a boolean/],
    [{ type: 'string', enum: ['linear', 'tree'] }, 'tre', /Did you mean 'tree'/],
    [{ type: 'string' }, '', undefined],
  ]
  for (const [input, value, message] of table)
    it(`${JSON.stringify(input)} and '${value}'`, () => {
      const found = checkLiteral(
        'x',
        { optional: false, ...input } as Parameters<typeof checkLiteral>[1],
        value,
      )
      if (message === undefined) assert.equal(found, undefined)
      else assert.match(found ?? '', message)
    })
})
