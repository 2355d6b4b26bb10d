import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Job } from '../../../api/jobs.ts'
import { differencesOf, medianOf } from './differences.ts'

const job = (properties: object) => ({ name: 'one', properties }) as unknown as Job
const step = (rate: number, component: string) => ({
  train: {
    componentId: `/subscriptions/0/resourceGroups/g/providers/p/workspaces/w/components/${component}`,
    inputs: { rate: { value: String(rate) }, data: { value: '${{parent.inputs.data}}' } },
  },
})

test('pipelines differ in words of their steps, not in steps as a whole', () => {
  const found = differencesOf([
    job({ jobs: step(0.1, 'fit/versions/1'), inputs: { data: { uri: 'azureml:flights:1' } } }),
    job({ jobs: step(0.2, 'fit/versions/2'), inputs: { data: { uri: 'azureml:flights:1' } } }),
  ])
  assert.deepEqual(
    found.map(({ name, values, isSame }) => [name, ...values, isSame]),
    [
      ['step train · componentId', 'fit:1', 'fit:2', false],
      ['step train · inputs · rate · value', '0.1', '0.2', false],
      ['input data', 'flights:1', 'flights:1', true],
      ['step train · inputs · data · value', '${{parent.inputs.data}}', '${{parent.inputs.data}}', true],
    ],
  )
})

test('a step that only one has is told of by its words', () => {
  const found = differencesOf([job({ jobs: { test: { command: 'pytest' } } }), job({})])
  assert.deepEqual(found, [{ name: 'step test · command', values: ['pytest', undefined], isSame: false }])
})

test('the middle of an even number of durations lies between two', () => {
  assert.deepEqual(
    [medianOf([]), medianOf([3]), medianOf([4, 1]), medianOf([9, 1, 2])],
    [undefined, 3, 2.5, 2],
  )
})
