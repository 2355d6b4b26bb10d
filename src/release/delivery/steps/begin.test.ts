import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deploymentName } from './begin.ts'

const legal = /^[a-zA-Z][-a-zA-Z0-9]{2,31}$/

for (const [model, version, name] of [
  ['flight-delay', '14', 'flight-delay-14'],
  ['Flight_Delay.v2', '3', 'Flight-Delay-v2-3'],
  ['2nd model', '1', 'nd-model-1'],
  ['m', '7', 'm-7'],
  ['ééé', '1.0.0', 'model-1-0-0'],
  ['a-model-with-a-name-that-is-much-longer-than-allowed', '123', 'a-model-with-a-name-that-is--123'],
  ['x', '2026-11-23T06:00:00.000Z', 'x-2026-11-23T0'],
] as const)
  test(`the deployment of ${model}:${version} is called ${name}`, () => {
    assert.equal(deploymentName(model, version), name)
    assert.match(name, legal)
  })
