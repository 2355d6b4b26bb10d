import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import {
  checkCommand,
  parseBinding,
  parseReference,
  parseTemplate,
  references,
  render,
  spell,
} from './expressions.ts'
import type { Reference } from './expressions.ts'

const known: readonly [string, Reference][] = [
  ['inputs.data', { kind: 'input', name: 'data' }],
  ['inputs.group.rate', { kind: 'input', name: 'group.rate' }],
  ['outputs.model', { kind: 'output', name: 'model' }],
  ['parent.inputs.data', { kind: 'parent-input', name: 'data' }],
  ['parent.outputs.model', { kind: 'parent-output', name: 'model' }],
  ['parent.jobs.prep-1.outputs.x', { kind: 'step-output', step: 'prep-1', name: 'x' }],
  ['parent.jobs.prep.inputs.x', { kind: 'step-input', step: 'prep', name: 'x' }],
  ['search_space.lr', { kind: 'search_space', name: 'lr' }],
  ['name', { kind: 'name' }],
  ['default_datastore', { kind: 'default_datastore' }],
  ['output_name', { kind: 'output_name' }],
]

describe('parseReference', () => {
  for (const [text, reference] of known)
    it(`knows ${text}, with and without spaces`, () => {
      assert.deepEqual(parseReference(text), reference)
      assert.deepEqual(parseReference(`  ${text} `), reference)
      assert.equal(spell(reference), text)
    })

  const near: readonly [string, RegExp][] = [
    ['input.data', /Did you mean \$\{\{inputs\.data\}\}/],
    ['parent.input.data', /Did you mean \$\{\{parent\.inputs\.data\}\}/],
    ['parent.job.prep.output.x', /Did you mean \$\{\{parent\.jobs\.prep\.outputs\.x\}\}/],
    ['inputs', /Known: /],
    ['', /is not an expression/],
    ['inputs.a b', /is not an expression/],
  ]
  for (const [text, message] of near)
    it(`refuses '${text}' helpfully`, () => assert.throws(() => parseReference(text), { message }))
})

describe('render', () => {
  const values = new Map([
    ['inputs.data', '/in/data'],
    ['inputs.rate', '0.1'],
    ['outputs.model', '/out/model'],
  ])
  const valueOf = (r: Reference) => values.get(spell(r))
  const table: readonly [string, string][] = [
    ['python train.py', 'python train.py'],
    ['python t.py --d ${{inputs.data}} --o ${{ outputs.model }}', 'python t.py --d /in/data --o /out/model'],
    ['a $[[--rate ${{inputs.rate}}]] b', 'a --rate 0.1 b'],
    ['a $[[--depth ${{inputs.depth}}]] b', 'a  b'],
    ['a $[[--r ${{inputs.rate}} --depth ${{inputs.depth}}]]', 'a '],
    ['$[[--plain]]', '--plain'],
    ['--name $[[inputs.rate]]', '--name 0.1'],
    ['echo $HOME ${X} $(ls) [[ -f x ]] }}', 'echo $HOME ${X} $(ls) [[ -f x ]] }}'],
    ['line\n${{inputs.rate}}\n', 'line\n0.1\n'],
    ['', ''],
  ]
  for (const [text, expected] of table)
    it(`renders ${JSON.stringify(text)}`, () => assert.equal(render(parseTemplate(text), valueOf), expected))

  it('refuses a value that is missing outside an optional part', () => {
    assert.throws(() => render(parseTemplate('x ${{inputs.depth}}'), valueOf), /inputs\.depth.* has no value/)
  })
  it('keeps what has no value when asked to', () => {
    const text = '${{name}} ${{inputs.depth}} $[[--x ${{inputs.depth}}]]'
    const template = parseTemplate(text)
    assert.equal(
      render(template, (r) => (r.kind === 'name' ? 'prep' : undefined), 'keep'),
      text.replace('${{name}}', 'prep'),
    )
  })
  it('says when an expression is not closed', () => {
    assert.throws(() => parseTemplate('run ${{inputs.data', 'properties.command'), {
      target: 'properties.command',
    })
    assert.throws(() => parseTemplate('run $[[--x ${{inputs.data}}'), /never closes it with \]\]/)
  })
  it('warns of $[[inputs.x]]', () => assert.equal(parseTemplate('--n $[[inputs.x]]').warnings.length, 1))
  it('leaves text without expressions exactly as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('${{') && !text.includes('$[['))
        assert.equal(
          render(parseTemplate(text), () => undefined),
          text,
        )
      }),
    )
  })
  it('puts values in without reading them again', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        assert.equal(
          render(parseTemplate('a ${{inputs.x}} b'), () => value),
          `a ${value} b`,
        )
      }),
    )
  })
})

describe('parseBinding', () => {
  it('takes only what is one expression as a whole', () => {
    assert.deepEqual(parseBinding('${{parent.inputs.data}}'), { kind: 'parent-input', name: 'data' })
    assert.equal(parseBinding('x ${{parent.inputs.data}}'), undefined)
    assert.equal(parseBinding('${{parent.inputs.a}}${{parent.inputs.b}}'), undefined)
    assert.equal(parseBinding(3), undefined)
  })
})

describe('checkCommand', () => {
  const scope = { inputs: ['data', 'depth'], outputs: ['model'], optionalInputs: ['depth'] }
  const problems = (text: string) => checkCommand(parseTemplate(text), scope, 'command').map((p) => p.message)
  it('is content with what is declared', () => {
    assert.deepEqual(problems('${{inputs.data}} ${{outputs.model}} $[[${{inputs.depth}}]] ${{name}}'), [])
  })
  it('names the nearest input', () =>
    assert.match(problems('${{inputs.dat}}')[0] ?? '', /did you mean 'data'/))
  it('wants optional inputs in an optional part', () =>
    assert.match(problems('${{inputs.depth}}')[0] ?? '', /must stand in/))
  it("refuses a pipeline's references", () =>
    assert.match(problems('${{parent.inputs.data}}')[0] ?? '', /of its own/))
  it('lists all references', () =>
    assert.equal(references(parseTemplate('${{name}} $[[${{inputs.a}}]]')).length, 2))
})
