import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { deploymentBody } from './deployment-body.ts'

const champion = {
  envelope: { sku: { name: 'Default', capacity: 3 }, tags: { team: 'ops' } },
  properties: {
    endpointComputeType: 'Managed',
    model: '/m/1',
    description: 'the first',
    environmentId: '/e/1',
    environmentVariables: { A: '1', B: '2' },
    requestSettings: { requestTimeout: 'PT5S', maxConcurrentRequestsPerInstance: 4 },
    dataCollector: { collections: { Request: { dataCollectionMode: 'Enabled' } } },
  },
} as unknown as Resource

test('a deployment is as the champion has it, but for its model', () => {
  const { sku, tags, properties } = deploymentBody('/m/2', {}, champion)
  const { description: _, ...kept } = champion.properties
  assert.deepEqual(properties, { ...kept, model: '/m/2' })
  assert.deepEqual([sku, tags], [{ name: 'Default', capacity: 3 }, { team: 'ops' }])
})

test("a plan's words are laid over it", () => {
  const { sku, properties } = deploymentBody(
    '/m/2',
    {
      instance_count: 2,
      environment: 'azureml:other:1',
      environment_variables: { B: '3' },
      request_settings: { request_timeout_ms: 1500 },
      code_configuration: { code: 'azureml:score:1', scoring_script: 'score.py' },
    },
    champion,
  )
  assert.equal(sku?.['capacity'], 2)
  assert.equal(properties['environmentId'], 'azureml:other:1')
  assert.deepEqual(properties['environmentVariables'], { A: '1', B: '3' })
  assert.deepEqual(properties['requestSettings'], {
    requestTimeout: 'PT1.5S',
    maxConcurrentRequestsPerInstance: 4,
  })
  assert.deepEqual(properties['codeConfiguration'], { codeId: 'azureml:score:1', scoringScript: 'score.py' })
})

test('a plan says what is collected, as YAML of deployments does', () => {
  const plan = {
    data_collector: {
      sampling_rate: 0.5,
      collections: { model_inputs: { enabled: 'true' }, model_outputs: { enabled: true, sampling_rate: 1 } },
    },
  }
  assert.deepEqual(deploymentBody('/m/1', plan, undefined).properties['dataCollector'], {
    rollingRate: 'hour',
    collections: {
      model_inputs: { dataCollectionMode: 'Enabled', samplingRate: 0.5 },
      model_outputs: { dataCollectionMode: 'Enabled', samplingRate: 1 },
    },
  })
})

test('without a champion it has one instance and what is said', () => {
  assert.deepEqual(deploymentBody('/m/1', {}, undefined), {
    sku: { name: 'Default', capacity: 1 },
    tags: {},
    properties: { endpointComputeType: 'Managed', model: '/m/1' },
  })
})
