import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GateRecord } from '../release.ts'
import { gatesToBegin } from './gates.ts'

test('two gates run side by side, and one that measures speed by itself when the others are done', () => {
  const turn = (...states: readonly GateRecord['state'][]) =>
    states.map((state, i): GateRecord => ({ name: 'abcd'[i] ?? '', gate: '', attempt: 1, state }))
  const begun = (alone: string, ...states: readonly GateRecord['state'][]) =>
    gatesToBegin(turn(...states), ({ name }) => alone.includes(name))
      .map(({ name }) => name)
      .join('')
  assert.equal(begun('', 'pending', 'pending', 'pending'), 'ab')
  assert.equal(begun('', 'running', 'pending', 'pending'), 'b')
  assert.equal(begun('a', 'pending', 'pending', 'pending'), 'bc')
  assert.equal(begun('a', 'pending', 'running', 'passed'), '')
  assert.equal(begun('a', 'pending', 'failed', 'passed'), 'a')
  assert.equal(begun('a', 'running', 'pending', 'pending'), '')
  assert.equal(begun('ab', 'pending', 'pending', 'inconclusive'), 'a')
})
