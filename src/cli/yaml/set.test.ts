import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../failure.ts'
import { applySets } from './set.ts'
import { disk } from './disk.ts'
import { parseSource } from './source.ts'

const set = (text: string, ...sets: string[]) => {
  const { document } = parseSource(text, 'x.yml', '/', disk)
  applySets(document, sets)
  return document.toJS() as unknown
}

test('--set changes, adds and makes what is above', () => {
  assert.deepEqual(set('a: {b: 1}', 'a.b=2'), { a: { b: 2 } })
  assert.deepEqual(set('a: 1', 'b.c.d=x'), { a: 1, b: { c: { d: 'x' } } })
  assert.deepEqual(set('a:', 'a.b=x'), { a: { b: 'x' } })
  assert.deepEqual(set('a: [1, 2]', 'a[1]=5'), { a: [1, 5] })
  assert.deepEqual(set('{}', 'tags.a\\.b=c=d'), { tags: { 'a.b': 'c=d' } })
  assert.deepEqual(set('{}', 'a={"b": [1]}'), { a: { b: [1] } })
  assert.deepEqual(set('{}', 'text=', 'path=a: b'), { text: '', path: 'a: b' })
})

test('--set changes the one that counts of a key that stands twice', () => {
  assert.deepEqual(set('a: 1\nb: 2\na: 3', 'a=4'), { a: 4, b: 2 })
  assert.deepEqual(set('a: {x: 1}\na: {y: 2, y: 3}', 'a.y=4'), { a: { y: 4 } })
})

test('--set below a value, or of nothing, is a usage failure', () => {
  assert.throws(() => set('a: 1', 'a.b=2'), Failure)
  assert.throws(() => set('a: 1', 'a'), Failure)
})

test('what --set says has no place in the file', async () => {
  const { rangeAt } = await import('./source.ts')
  const source = parseSource('a: 1\nb: 2\n', 'x.yml', '/', disk)
  applySets(source.document, ['a=x', 'c.d={"e": [1]}'])
  assert.equal(rangeAt(source, ['a']), undefined)
  assert.equal(rangeAt(source, ['c', 'd', 'e', 0]), undefined)
  assert.deepEqual(rangeAt(source, ['b']), [8, 9])
})
