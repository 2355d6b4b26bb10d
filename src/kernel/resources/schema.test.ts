import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { z } from 'zod'
import { UserError } from '../errors.ts'
import { oneOf, parseOrThrow, textMap } from './schema.ts'

describe('oneOf', () => {
  const words = ['uri_file', 'uri_folder', 'mltable', 'AmlCompute'] as const
  const schema = oneOf(words, { 'file dataset': 'uri_file' })

  test('understands any case and older spellings, and gives the canonical one', () => {
    const cases = [
      ['uri_file', 'uri_file'],
      ['UriFile', 'uri_file'],
      ['URI-FOLDER', 'uri_folder'],
      ['MLTable', 'mltable'],
      ['amlcompute', 'AmlCompute'],
      ['FileDataset', 'uri_file'],
    ] as const
    for (const [given, canonical] of cases) assert.equal(schema.parse(given), canonical)
  })

  test('what it gives it understands again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...words), fc.infiniteStream(fc.boolean()), (word, flips) => {
        const mixed = word.replaceAll(/[a-z]/g, (c) => (flips.next().value === true ? c.toUpperCase() : c))
        assert.equal(schema.parse(schema.parse(mixed)), word)
      }),
    )
  })

  test('anything else is refused, with the nearest right one', () => {
    assert.match(schema.safeParse('uri_fil').error?.issues[0]?.message ?? '', /did you mean uri_file\?/)
    assert.equal(schema.safeParse(3).success, false)
    assert.equal(schema.safeParse('').success, false)
    assert.equal(schema.safeParse('constructor').success, false)
  })
})

test('every problem is told with its dotted path, and the first in the message', () => {
  const schema = z.looseObject({ a: z.object({ b: z.number() }), c: z.string() })
  assert.throws(
    () => parseOrThrow(schema, { a: { b: 'x' } }, "job 'j'", 'properties'),
    (error) => {
      assert.ok(error instanceof UserError)
      assert.equal(error.target, 'properties.a.b')
      assert.match(error.message, /^job 'j' is not valid: properties\.a\.b: .* \(and 1 more problem\)$/)
      assert.deepEqual(
        error.details.map((d) => d.target),
        ['properties.a.b', 'properties.c'],
      )
      return true
    },
  )
  assert.deepEqual(parseOrThrow(schema, { a: { b: 1 }, c: '', d: 2 }, 'x'), { a: { b: 1 }, c: '', d: 2 })
})

test('tags are text: numbers and booleans are written out, null removes', () => {
  assert.deepEqual(textMap.parse({ a: 1, b: true, c: null, d: 'x' }), { a: '1', b: 'true', d: 'x' })
  assert.equal(textMap.safeParse({ a: { b: 1 } }).success, false)
})
