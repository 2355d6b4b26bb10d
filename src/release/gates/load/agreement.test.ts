import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agreementOf, type OfflineAnswer } from './agreement.ts'

const label: OfflineAnswer = { prediction: true, probabilities: [0.25, 0.75] }
const shares = { disagreements: [], rows: 1 }
const ofRow = (offline: OfflineAnswer, online: unknown) =>
  agreementOf([[offline]], { 'candidate/0': JSON.stringify([online]) }, 1e-6)

test('a deployment that answers with probabilities is held to those of the model', () => {
  assert.deepEqual(ofRow(label, [0.25, 0.7500001]), shares)
  assert.deepEqual(ofRow(label, { no: 0.25, yes: 0.75 }), shares)
  assert.deepEqual(ofRow(label, [0.75, 0.25]).disagreements, [
    { body: 0, row: 0, offline: [0.25, 0.75], online: '[0.75,0.25]' },
  ])
  assert.equal(ofRow({ ...label, probabilities: [] }, [0.25, 0.75]).disagreements.length, 1)
  assert.equal(ofRow(label, [0.25, 0.5, 0.25]).disagreements.length, 1)
})

test('a deployment that answers with labels or numbers is held to what the model predicts', () => {
  for (const online of [true, 1, [true], { prediction: true }]) assert.deepEqual(ofRow(label, online), shares)
  assert.equal(ofRow(label, false).disagreements.length, 1)
  assert.deepEqual(ofRow({ prediction: 2.5, probabilities: [] }, [2.5]), shares)
  assert.equal(ofRow({ prediction: 2.5, probabilities: [] }, null).disagreements.length, 1)
})
