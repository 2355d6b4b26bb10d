import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeAlias } from './aliases.ts'

test('a change of an alias is remembered with what it was before; no change is none', () => {
  const first = changeAlias({}, { alias: 'champion', to: '1', by: 'ada', at: 't1' })
  assert.deepEqual(first?.aliases, { champion: '1' })
  assert.equal(changeAlias(first, { alias: 'champion', to: '1', by: 'bob', at: 't2' }), undefined)
  const second = changeAlias(first, { alias: 'champion', to: null, by: 'bob', at: 't2' })
  assert.deepEqual(second?.aliases, {})
  assert.deepEqual(second?.aliasHistory, [
    { alias: 'champion', from: null, to: '1', by: 'ada', at: 't1' },
    { alias: 'champion', from: '1', to: null, by: 'bob', at: 't2' },
  ])
  assert.equal(changeAlias({}, { alias: 'x', to: null, by: 'a', at: 't' }), undefined)
})
