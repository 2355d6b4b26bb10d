import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { describeAt, fieldsOf, type JsonSchema } from './describe.ts'
import { disk } from './disk.ts'
import { kinds, type Kind } from './kinds.ts'
import { parseSource } from './source.ts'

const grammar: JsonSchema = {
  type: 'object',
  properties: {
    when: { $ref: '#/$defs/when' },
    severity: { enum: ['page', 'info'], default: 'info', description: 'How bad it is.' },
  },
  required: ['when'],
  $defs: { when: { type: 'object', description: 'When it fires.', properties: { for: { type: 'string' } } } },
}
const at = (kind: Kind, text: string, path: readonly (string | number)[]) =>
  describeAt(kinds[kind], parseSource(text, 'x.yml', '', disk), path, (name) =>
    name === 'alertRule' ? grammar : undefined,
  )
const names = (kind: Kind, text: string, path: readonly (string | number)[]) =>
  at(kind, text, path).flatMap(({ fields }) => [...fields.keys()])

describe('what may stand at a place of a document', () => {
  test('of a shape: fields with what they are for, words, items', () => {
    const [root] = at('data', '', [])
    assert.equal(root?.kind, 'object')
    assert.equal(root?.fields.get('path')?.isRequired, true)
    assert.match(root?.fields.get('path')?.about ?? '', /file or folder/)
    assert.deepEqual(at('data', 'type: x', ['type'])[0]?.values, ['uri_folder', 'uri_file', 'mltable'])
    assert.deepEqual(
      at('pipelineJob', 'jobs: { a: { component: c } }', ['jobs', 'a', 'inputs', 'x', 'type']).length > 0,
      true,
    )
  })

  test('depends on what stands there already; without anything, on all that might', () => {
    assert.ok(names('compute', 'type: kubernetes', []).includes('namespace'))
    assert.ok(!names('compute', 'type: kubernetes', []).includes('enable_sso'))
    const all = names('compute', '', [])
    for (const name of ['namespace', 'enable_sso', 'max_instances']) assert.ok(all.includes(name), name)
  })

  test('of a grammar of the server: its own fields, through its references', () => {
    assert.deepEqual(names('alertRule', 'when: {}', ['when']), ['for'])
    const [severity] = at('alertRule', '', ['severity'])
    assert.deepEqual([severity?.values, severity?.default], [['page', 'info'], 'info'])
    const field = at('alertRule', '', [])[0]?.fields.get('when')
    assert.deepEqual([field?.isRequired, field?.about], [true, 'When it fires.'])
  })

  test('is nothing where nothing may stand', () => {
    assert.deepEqual(at('data', 'name: x', ['name', 'deeper']), [])
    assert.deepEqual(at('data', '', ['nonsense']), [])
    assert.deepEqual(at('data', 'a: [', ['path']).length, 1)
  })

  test('the fields of a shape are those of all that it may be', () => {
    assert.ok('namespace' in (fieldsOf(kinds.compute) ?? {}))
  })
})
