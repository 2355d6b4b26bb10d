import assert from 'node:assert/strict'
import { test } from 'node:test'
import { flavorsOf } from './flavors.ts'

test('flavors are read as text, and a file that is no MLmodel has none', () => {
  const mlmodel =
    'flavors:\n  python_function:\n    python_version: 3.11.7\n    env: {conda: conda.yaml}\n  sklearn:\n'
  assert.deepEqual(flavorsOf(mlmodel), {
    python_function: { data: { python_version: '3.11.7', env: '{"conda":"conda.yaml"}' } },
    sklearn: { data: {} },
  })
  for (const other of ['', 'a: [', 'hello', 'flavors: 3']) assert.deepEqual(flavorsOf(other), {})
})
