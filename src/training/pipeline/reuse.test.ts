import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { reuseKey } from './reuse.ts'
import type { ReuseParts } from './reuse.ts'

const parts: ReuseParts = {
  command: 'python train.py --data ${{inputs.data}} --rate ${{inputs.rate}}',
  environment: 'e'.repeat(64),
  code: 'c'.repeat(64),
  environmentVariables: { SEED: '1' },
  inputs: { data: { type: 'uri_folder', mode: 'ro_mount', digest: 'd' }, rate: { literal: '0.1' } },
  outputs: { model: { type: 'mlflow_model', mode: 'rw_mount', path: '' } },
}

describe('reuseKey', () => {
  it('does not depend on the order of names', () => {
    const turned = { ...parts, inputs: Object.fromEntries(Object.entries(parts.inputs).toReversed()) }
    assert.equal(
      reuseKey(Object.fromEntries(Object.entries(turned).toReversed()) as unknown as ReuseParts),
      reuseKey(parts),
    )
  })

  const changes: readonly [string, Partial<ReuseParts>][] = [
    ['the command', { command: 'python train.py' }],
    ['the environment', { environment: 'f' }],
    ['the code', { code: '' }],
    ['a variable', { environmentVariables: { SEED: '2' } }],
    ['a literal', { inputs: { ...parts.inputs, rate: { literal: '0.2' } } }],
    [
      'the content of an input',
      { inputs: { ...parts.inputs, data: { type: 'uri_folder', mode: 'ro_mount', digest: 'x' } } },
    ],
    ['an input that is a literal and not data', { inputs: { ...parts.inputs, data: { literal: 'd' } } }],
    ['an output', { outputs: {} }],
  ]
  for (const [what, change] of changes)
    it(`depends on ${what}`, () => assert.notEqual(reuseKey({ ...parts, ...change }), reuseKey(parts)))
})
