import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rangesOf, treeOf, type Opened } from './tree.ts'

const shown = (total: number, opened: Readonly<Record<string, Opened>>) => {
  const tree = treeOf(total, new Map(Object.entries(opened)))
  const rows = Array.from({ length: tree.count }, (_, row) => {
    const place = tree.at(row)
    assert.equal(tree.rowOf(place), row)
    return `${'-'.repeat(place.level - 1)}${place.list}${place.index}`
  })
  return { tree, rows }
}

test('rows that are open have theirs below them, at any depth', () => {
  const { rows } = shown(3, {
    b: { list: '', index: 1, total: 2 },
    c: { list: 'b', index: 0, total: 1 },
  })
  assert.deepEqual(rows, ['0', '1', '-b0', '--c0', '-b1', '2'])
  assert.deepEqual(shown(2, {}).rows, ['0', '1'])
  assert.deepEqual(shown(0, {}).rows, [])
})

test('what is open where nothing is open, or is no longer there, is left out', () => {
  const { tree, rows } = shown(2, {
    gone: { list: '', index: 5, total: 9 },
    inner: { list: 'closed', index: 0, total: 9 },
    self: { list: 'self', index: 0, total: 9 },
    none: { list: '', index: 0, total: 0 },
  })
  assert.deepEqual(rows, ['0', '1'])
  assert.equal(tree.rowOf({ list: 'closed', index: 0 }), undefined)
})

test('the lists that are to be seen are told apart', () => {
  const { tree } = shown(50, { a: { list: '', index: 9, total: 100 } })
  assert.deepEqual(
    [...rangesOf(tree, 8, 14)],
    [
      ['', [8, 9]],
      ['a', [0, 4]],
    ],
  )
  assert.deepEqual(
    [...rangesOf(tree, 108, 112)],
    [
      ['a', [98, 99]],
      ['', [10, 12]],
    ],
  )
  assert.deepEqual([...rangesOf(tree, 0, -1)], [])
})
