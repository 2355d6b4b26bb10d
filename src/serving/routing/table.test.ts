import assert from 'node:assert/strict'
import test from 'node:test'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Stage } from '../deployments/runtime.ts'
import { parseRouteTable } from '../gateway/routes/route-table.ts'
import { endpointPath, routeTable } from './table.ts'

const defaults = { subscription: 'S1', resourceGroup: 'twinloop' }
const id = (group: string, name: string) =>
  `/subscriptions/s1/resourceGroups/${group}/providers/Microsoft.MachineLearningServices/workspaces/Dev/onlineEndpoints/${name}`

const resource = (of: Partial<Resource>): Resource => ({
  id: '',
  key: '',
  type: '',
  name: '',
  parent: '',
  scope: '',
  envelope: {},
  properties: {},
  status: {},
  etag: '',
  generation: 1,
  archived: false,
  deleting: false,
  createdAt: new Date(0),
  createdBy: '',
  createdByType: 'User',
  modifiedAt: new Date(0),
  modifiedBy: '',
  modifiedByType: 'User',
  ...of,
})

const probe = { initialDelayMs: 1, periodMs: 1, timeoutMs: 1, successThreshold: 1, failureThreshold: 1 }

const stage: Stage = {
  id: 'r1',
  python: '/p',
  variables: {},
  openapi: {},
  metadata: { name: 'late', versions: ['3'], platform: 'mlflow_pyfunc', inputs: [], outputs: [] },
  processes: ['serve-a-r1-0'],
  concurrency: 2,
  requestTimeoutMs: 5000,
  probes: { readiness: probe, liveness: probe },
  elastic: false,
  startMs: 1,
  begunAt: 0,
}

test('paths are short in the server’s own resource group, and long elsewhere', () => {
  assert.equal(endpointPath(id('Twinloop', 'Flights'), defaults), 'dev/flights')
  assert.equal(endpointPath(id('other', 'flights'), defaults), 's1/other/dev/flights')
})

const authority = { authorizeUrl: 'http://control', tokenKey: '' }

test('the table has what serves, under the names that the deployments have, and nothing that goes', () => {
  const endpoint = resource({
    id: id('twinloop', 'flights'),
    properties: { authMode: 'Key', traffic: { BLUE: 90, green: 10, gone: 0 } },
  })
  const deployments = [
    resource({ name: 'blue', status: { runtime: { serving: stage } } }),
    resource({ name: 'green', status: { runtime: { coming: stage } } }),
    resource({ name: 'old', deleting: true, status: { runtime: { serving: stage } } }),
  ]
  const gone = resource({ id: id('twinloop', 'gone'), deleting: true, properties: { authMode: 'Key' } })
  const parts = [
    { endpoint, keyHashes: ['h1', 'h2'], deployments },
    { endpoint: gone, keyHashes: [], deployments: [] },
  ]
  const table = routeTable(parts, authority, defaults)
  assert.deepEqual(Object.keys(table.endpoints), ['dev/flights'])
  const route = table.endpoints['dev/flights']
  assert.deepEqual(route?.traffic, { blue: 90, green: 10 })
  assert.deepEqual(Object.keys(route?.deployments ?? {}), ['blue'])
  assert.deepEqual(route?.deployments['blue']?.instances, [{ kind: 'socket', name: 'serve-a-r1-0.sock' }])
  assert.deepEqual(route?.keys, ['h1', 'h2'])
  assert.deepEqual(parseRouteTable(JSON.stringify(table)), table)
})
