import assert from 'node:assert/strict'
import test from 'node:test'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Stage } from '../deployments/runtime.ts'
import { readTable } from '../gateway/routes/read-table.ts'
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
  const { table, unrouted } = routeTable(parts, authority, defaults)
  assert.equal(unrouted.size, 0)
  assert.deepEqual(Object.keys(table.endpoints), ['dev/flights'])
  const route = table.endpoints['dev/flights']
  assert.deepEqual(route?.traffic, { blue: 90, green: 10 })
  assert.deepEqual(Object.keys(route?.deployments ?? {}), ['blue'])
  assert.deepEqual(route?.deployments['blue']?.instances, [{ kind: 'socket', name: 'serve-a-r1-0.sock' }])
  assert.deepEqual(route?.keys, ['h1', 'h2'])
  assert.deepEqual(readTable(JSON.stringify(table)), { table, leftOut: {} })
})

test('a deployment whose record does not fit is left out, and takes no other route away', () => {
  const flights = id('twinloop', 'flights')
  const endpoint = resource({ id: flights, properties: { authMode: 'Key', traffic: { blue: 90, old: 10 } } })
  const deployments = [
    resource({ name: 'blue', key: 'blue', status: { runtime: { serving: stage } } }),
    resource({ name: 'old', key: 'old', status: { runtime: { serving: { ...stage, metadata: {} } } } }),
  ]
  const { table, unrouted } = routeTable([{ endpoint, keyHashes: [], deployments }], authority, defaults)
  assert.deepEqual(Object.keys(table.endpoints['dev/flights']?.deployments ?? {}), ['blue'])
  assert.deepEqual([...unrouted.keys()], ['old'])
  assert.match(unrouted.get('old') ?? '', /cannot be told of it \(metadata\.name: .*expected string/)
})

test('a gateway reads a table as far as it can', () => {
  const endpoint = resource({ id: id('twinloop', 'flights'), properties: { authMode: 'Key', traffic: {} } })
  const deployments = [resource({ name: 'blue', status: { runtime: { serving: stage } } })]
  const { table } = routeTable([{ endpoint, keyHashes: [], deployments }], authority, defaults)
  const flights = table.endpoints['dev/flights']
  const odd = { ...flights, deployments: { ...flights?.deployments, red: { instances: 3 } } }
  const { table: read, leftOut } = readTable(
    JSON.stringify({ ...table, endpoints: { 'dev/flights': odd, 'dev/broken': { id: 1 } } }),
  )
  assert.deepEqual(read, table)
  assert.deepEqual(Object.keys(leftOut).sort(), ['dev/broken', 'dev/flights red'])
  assert.throws(() => readTable('{"endpoints":{}}'), /does not fit \(authorizeUrl: /)
})
