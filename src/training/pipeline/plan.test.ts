import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UserError } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { readComponentSpec } from '../components/spec.ts'
import { readJobInput, readJobOutput } from '../jobs/io.ts'
import { readNodes } from './nodes.ts'
import { planPipeline } from './plan.ts'

const spec = (inputs: Json, outputs: Json) =>
  readComponentSpec({ type: 'command', command: 'run', environment: 'azureml:e:1', inputs, outputs })

const components = {
  prep: spec(
    { raw: { type: 'uri_file' }, flag: { type: 'string', default: 'false' } },
    { train: { type: 'uri_folder' }, test: { type: 'uri_folder' } },
  ),
  train: spec(
    { data: { type: 'uri_folder' }, rate: { type: 'number' }, name: { type: 'string', optional: true } },
    { model: { type: 'mlflow_model' } },
  ),
}
/** Nodes as azure-ai-ml sends them. */
const jobs = {
  prep: {
    name: 'prep',
    type: 'command',
    componentId: 'prep',
    inputs: { raw: { job_input_type: 'literal', value: '${{parent.inputs.input}}' } },
    outputs: { train: null },
    _source: 'YAML.JOB',
  },
  train: {
    type: 'command',
    componentId: 'train',
    computeId: 'azureml:cpu',
    inputs: {
      data: { job_input_type: 'literal', value: '${{parent.jobs.prep.outputs.train}}', mode: 'Download' },
      rate: { job_input_type: 'literal', value: '0.1' },
      name: { job_input_type: 'literal', value: 'model-${{parent.inputs.suffix}}' },
    },
    outputs: { model: { type: 'literal', value: '${{parent.outputs.trained}}' } },
  },
}
const io = {
  inputs: {
    input: readJobInput({ jobInputType: 'uri_file', uri: 'azureml:taxi:1' }, 'x')!,
    suffix: { literal: 'a' },
  },
  outputs: { trained: readJobOutput(null, 'x') },
}
const plan = (changed: Json = jobs, pipeline: Parameters<typeof planPipeline>[2] = io) =>
  planPipeline(readNodes(changed), (node) => components[node.component as keyof typeof components], pipeline)
const changed = (step: keyof typeof jobs, change: Json) => ({ ...jobs, [step]: { ...jobs[step], ...change } })

function problems(work: () => unknown): string {
  try {
    work()
    return ''
  } catch (error) {
    assert.ok(error instanceof UserError, String(error))
    return [
      `${error.target}: ${error.message}`,
      ...error.details.map((d) => `${d.target}: ${d.message}`),
    ].join('\n')
  }
}

describe('planPipeline', () => {
  it('finds what each step needs', () => {
    assert.deepEqual(
      plan().steps.map((s) => [s.name, s.needs]),
      [
        ['prep', []],
        ['train', ['prep']],
      ],
    )
  })
  it('reads how an input is bound', () => {
    const { node } = plan().steps[1]!
    assert.deepEqual(node.inputs['data'], {
      from: { kind: 'step-output', step: 'prep', name: 'train' },
      mode: 'download',
    })
    assert.deepEqual(node.inputs['rate'], { literal: '0.1' })
    assert.ok('template' in node.inputs['name']!)
    assert.equal(node.outputs['model']?.to, 'trained')
    assert.equal(node.computeId, 'azureml:cpu')
  })

  const input = (name: string, value: unknown) => ({
    inputs: { ...jobs.train.inputs, [name]: { job_input_type: 'literal', value } },
  })
  const bad: readonly [string, Json, RegExp][] = [
    ['no steps', {}, /needs at least one step/],
    ['a name that is none', { 'a b': jobs.prep }, /may not be called 'a b'/],
    [
      'a step without component',
      { prep: { type: 'command' } },
      /properties\.jobs\.prep\.componentId: .*names no component/,
    ],
    [
      'a type that is not run',
      changed('prep', { type: 'sweep' }),
      /'sweep', which Twinloop does not run yet/,
    ],
    ['a type that does not exist', changed('prep', { type: 'comand' }), /Did you mean 'command'/],
    [
      'an input that the component lacks',
      changed('train', input('rat', 1)),
      /there is no input 'rat'; did you mean 'rate'/,
    ],
    [
      'a missing input',
      changed('train', { inputs: {} }),
      /needs a value for its input 'data'[^]*needs a value for its input 'rate'/,
    ],
    [
      'a step that is not there',
      changed('train', input('data', '${{parent.jobs.pre.outputs.train}}')),
      /there is no step 'pre'; did you mean 'prep'/,
    ],
    [
      'an output that a step lacks',
      changed('train', input('data', '${{parent.jobs.prep.outputs.trian}}')),
      /did you mean 'train'/,
    ],
    [
      'an input that the pipeline lacks',
      changed('prep', { inputs: { raw: '${{parent.inputs.inptu}}' } }),
      /in the pipeline there is no input 'inptu'; did you mean 'input'/,
    ],
    [
      'an output that the pipeline lacks',
      changed('train', { outputs: { model: '${{parent.outputs.traind}}' } }),
      /did you mean 'trained'/,
    ],
    [
      'an output bound to an input',
      changed('train', { outputs: { model: '${{parent.inputs.input}}' } }),
      /An output is bound to one of the pipeline's/,
    ],
    [
      'a value for data',
      changed('train', input('data', 'here')),
      /input 'data' is data \(uri_folder\), not the value 'here'/,
    ],
    [
      'data for a value',
      changed('train', input('rate', '${{parent.jobs.prep.outputs.train}}')),
      /input 'rate' is a number, but .* is data/,
    ],
    [
      'a value bound to data',
      changed('train', input('data', '${{parent.inputs.suffix}}')),
      /is data \(uri_folder\), but .* is a value/,
    ],
    ['a literal of the wrong type', changed('train', input('rate', 'high')), /is a number, not 'high'/],
    [
      "an expression of a command's",
      changed('train', input('rate', '${{inputs.rate}}')),
      /an input of a step takes/,
    ],
    [
      'an unknown expression',
      changed('train', input('rate', '${{parent.input.rate}}')),
      /Did you mean \$\{\{parent\.inputs\.rate\}\}/,
    ],
    ['an output made twice', { ...jobs, again: jobs.train }, /'trained' is made by 2 steps: train, again/],
    [
      'a circle, told step by step',
      {
        a: { componentId: 'train', inputs: { data: '${{parent.jobs.b.outputs.model}}', rate: 1 } },
        b: { componentId: 'train', inputs: { data: '${{parent.jobs.a.outputs.model}}', rate: 1 } },
      },
      /circle: (a → b → a|b → a → b)/,
    ],
  ]
  for (const [name, given, message] of bad)
    it(`refuses ${name}`, () =>
      assert.match(
        problems(() => plan(given)),
        message,
      ))

  it('tells every problem of every step at once, with its field', () => {
    const found = problems(() =>
      plan({ prep: { ...jobs.prep, inputs: {} }, train: { ...jobs.train, inputs: {} } }),
    )
    assert.match(found, /properties\.jobs\.prep\.inputs: [^]*properties\.jobs\.train\.inputs: /)
  })
  it('allows a binding to an optional input without a value', () => {
    const given = changed('train', input('name', '${{parent.inputs.label}}'))
    assert.doesNotThrow(() => plan(given, { ...io, optionalInputs: ['label'] }))
    assert.throws(() => plan(given))
  })
})
