import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { afterPrefix, isWithin, justAfter } from './names.ts'

const text = fc.string({ unit: 'binary', maxLength: 4 }).filter((t) => t.isWellFormed() && !t.includes('\0'))
const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

test('what starts with a prefix is exactly what lies between it and what is after it, by bytes', () => {
  fc.assert(
    fc.property(text, fc.oneof(text, fc.constantFrom('\u{10ffff}', '\ud7ff', '\ue000')), (prefix, rest) => {
      for (const name of [prefix + rest, rest, prefix]) {
        const end = afterPrefix(prefix)
        const between = compare(name, prefix) >= 0 && (end === undefined || compare(name, end) < 0)
        assert.equal(between, name.startsWith(prefix))
      }
    }),
    { numRuns: 2000 },
  )
  assert.equal(afterPrefix('a\ud7ff'), 'a\ue000')
  assert.equal(afterPrefix('a\u{10ffff}'), 'b')
  assert.equal(afterPrefix('\u{10ffff}'), undefined)
})

test('nothing lies between a name and what is just after it', () => {
  fc.assert(
    fc.property(text, text, (name, other) => {
      assert.equal(compare(other, name) > 0, compare(other, justAfter(name)) >= 0)
    }),
  )
})

test('a path is within itself and what is above it, not beside it', () => {
  for (const [root, path, expected] of [
    ['/a', '/a', true],
    ['/a', '/a/b', true],
    ['/a', '/a/..b', true],
    ['/a', '/ab', false],
    ['/a', '/', false],
    ['/a', '/b', false],
    ['/', '/a', true],
  ] as const)
    assert.equal(isWithin(root, path), expected, `${root} ${path}`)
})
