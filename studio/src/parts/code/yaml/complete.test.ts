import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Described, Field } from '../../../../../src/cli/yaml/describe.ts'
import { infoOf, optionsAt } from './complete.ts'
import type { Cursor } from './cursor.ts'

const is = (kind: Described['kind'], more: Partial<Described> = {}): Described => ({
  says: `a ${kind}`,
  kind,
  fields: new Map(),
  ...more,
})
const field = (described: Described, more: Partial<Field> = {}): Field => ({
  isRequired: false,
  about: undefined,
  is: () => [described],
  ...more,
})
const map = is('object', {
  fields: new Map([
    ['tags', field(is('map'))],
    ['stages', field(is('list'))],
    ['severity', field(is('choice', { values: ['page', 'info'], default: 'info' }))],
    ['name', field(is('text'), { isRequired: true, about: 'What it is called.' })],
  ]),
})
const cursor = (more: Partial<Cursor> = {}): Cursor => ({
  path: [],
  part: 'key',
  canBeValue: false,
  word: '',
  from: 0,
  to: 0,
  present: [],
  indent: 2,
  ...more,
})
const told = (options: ReturnType<typeof optionsAt>) => options.map(({ label, text }) => [label, text])

describe('what may be typed', () => {
  test('keys: required ones first, each with what its value begins with', () => {
    assert.deepEqual(told(optionsAt(cursor(), [map], '')), [
      ['name', 'name: '],
      ['tags', 'tags:\n    '],
      ['stages', 'stages:\n    - '],
      ['severity', 'severity: '],
    ])
  })

  test('no key twice, no colon twice, all on one line within braces', () => {
    const labels = optionsAt(cursor({ present: ['name', 'tags'] }), [map], '').map(({ label }) => label)
    assert.deepEqual(labels, ['stages', 'severity'])
    assert.deepEqual(told(optionsAt(cursor(), [map], ': x'))[0], ['name', 'name'])
    assert.deepEqual(told(optionsAt(cursor({ indent: undefined }), [map], ''))[2], ['stages', 'stages: '])
  })

  test('values: words with their default marked, true and false, a default alone', () => {
    const value = cursor({ part: 'value' })
    const words = optionsAt(value, [is('choice', { values: ['page', 'info'], default: 'info' })], '')
    assert.deepEqual(
      words.map(({ label, detail }) => [label, detail]),
      [
        ['page', ''],
        ['info', 'default'],
      ],
    )
    assert.deepEqual(told(optionsAt(value, [is('boolean')], '')), [
      ['true', 'true'],
      ['false', 'false'],
    ])
    assert.deepEqual(told(optionsAt(value, [is('number', { default: 0.1 })], '')), [['0.1', '0.1']])
    assert.deepEqual(optionsAt(value, [is('text')], ''), [])
  })

  test('a word that may stand alone or begin a map is both', () => {
    const gate = is('object', { fields: new Map([['load', field(is('object'), { about: 'Under load.' })]]) })
    const both = optionsAt(cursor({ canBeValue: true }), [is('choice', { values: ['load'] }), gate], '')
    assert.deepEqual(
      both.map(({ kind, detail }) => [kind, detail]),
      [
        ['field', 'a object'],
        ['value', 'as it is'],
      ],
    )
  })

  test('a key is explained by what it is for and takes', () => {
    assert.equal(
      infoOf(field(is('text', { says: 'text' }), { isRequired: true, about: 'A name.' })),
      'A name.\nRequired: text.',
    )
    assert.equal(infoOf(field(is('number', { says: 'a number', default: 4 }))), 'a number; default 4.')
  })
})
