import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { ReleasePlan } from '../plan/plan.ts'
import { findChampion } from './champion.ts'

const group = '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces'

/** A platform that has these resources, by what stands after the workspaces, and nothing else. */
function withResources(known: Readonly<Record<string, { properties?: object; status?: object }>>): Platform {
  const all = new Map(
    Object.entries(known).map(([path, { properties = {}, status = {} }]) => {
      const id = `${group}/${path}`
      const name = path.split('/').at(-1)
      return [
        id.toLowerCase(),
        { id, key: id.toLowerCase(), name, properties, status } as unknown as Resource,
      ]
    }),
  )
  const find = async (id: string) => all.get(id.toLowerCase())
  return { resources: { find, get: find } } as unknown as Platform
}

const plan = {
  model: 'delay',
  stages: [{ name: 'production', workspace: 'prod', gates: [], deliver: { online: 'delays' } }],
} as unknown as ReleasePlan

const serving = {
  prod: {},
  'prod/onlineEndpoints/delays': { properties: { traffic: { blue: 30, green: 70 } } },
  'prod/onlineEndpoints/delays/deployments/blue': {
    properties: { model: `${group}/prod/models/delay/versions/1` },
  },
  'prod/onlineEndpoints/delays/deployments/green': {
    properties: { model: `azureml:${group}/prod/models/delay/versions/2` },
  },
  'prod/models/delay/versions/1': {},
  'prod/models/delay/versions/2': {},
}

test('the alias says who reigns', async () => {
  const platform = withResources({
    ...serving,
    'dev/models/delay': { status: { aliases: { champion: '1' } } },
    'dev/models/delay/versions/1': {},
  })
  assert.deepEqual(await findChampion(platform, `${group}/dev`, plan), {
    id: `${group}/dev/models/delay/versions/1`,
    name: 'delay',
    version: '1',
    by: 'alias champion',
  })
})

test('without one it is what the endpoint serves most', async () => {
  const found = await findChampion(withResources(serving), `${group}/dev`, plan)
  assert.deepEqual([found?.version, found?.by], ['2', 'most traffic of delays'])
})

test('nothing served, another model, no endpoint and a plan that delivers nothing have none', async () => {
  const none = async (known: Parameters<typeof withResources>[0], of = plan) =>
    assert.equal(await findChampion(withResources(known), `${group}/dev`, of), undefined)
  await none({ ...serving, 'prod/onlineEndpoints/delays': { properties: { traffic: { green: 0 } } } })
  await none(serving, { ...plan, model: 'other' })
  await none({ prod: {} })
  await none(serving, { ...plan, stages: [] })
})
