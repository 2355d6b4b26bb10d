import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diffName } from './data-diffs.ts'

test('each pair of versions has a name of its own, whatever they are called', () => {
  const names = [
    ['a:1', 'a:2'],
    ['a:2', 'a:1'],
    ['a:1a', ':2'],
    ['רכבת🛫:1', `${'x'.repeat(255)}:2`],
  ].map(([from = '', to = '']) => diffName(from, to))
  assert.equal(new Set(names).size, names.length)
  assert.ok(names.every((name) => /^studio-[\da-f]{16}$/.test(name)))
  assert.equal(diffName('a:1', 'a:2'), names[0])
})
