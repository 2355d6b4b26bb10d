import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { valueAt, withValue } from './edit.ts'

const text = `# what it is
name: flights # its name
type: uri_file
tags: { a: b }
stages:
  # the first
  - name: test
    gates: [signature]
`

describe('a form changes a text', () => {
  test('and leaves all else as it stands', () => {
    assert.equal(withValue(text, ['name'], 'months'), text.replace('flights', 'months'))
    assert.equal(withValue(text, ['tags', 'c'], 'd'), text.replace('a: b', 'a: b, c: d'))
    assert.equal(
      withValue(text, ['stages', 0, 'gates', 1], 'load'),
      text.replace('[signature]', '[ signature, load ]'),
    )
  })
  test('making what is above', () => {
    assert.equal(withValue('', ['a', 'b'], 1), 'a:\n  b: 1\n')
    assert.equal(withValue('a: x\n', ['a', 'b'], 1), 'a:\n  b: 1\n')
  })
  test('and takes away what is empty then', () => {
    assert.equal(withValue('a:\n  b:\n    c: 1\nd: 2\n', ['a', 'b', 'c'], undefined), 'd: 2\n')
    assert.equal(withValue('d: 2\n', ['x'], undefined), 'd: 2\n')
  })
  test('but not one that is no YAML', () => {
    assert.equal(withValue('a: [', ['a'], 1), 'a: [')
  })
})

test('values are read where they stand', () => {
  assert.equal(valueAt(text, ['name']), 'flights')
  assert.deepEqual(valueAt(text, ['stages', 0, 'gates']), ['signature'])
  assert.equal(valueAt(text, ['stages', 3, 'gates']), undefined)
  assert.equal(valueAt('a: [', ['b']), undefined)
})
