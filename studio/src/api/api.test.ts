import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addressOf } from './call.ts'
import { readLenientJson } from './lenient-json.ts'
import { fieldsOf, readModelFile } from './model-file.ts'
import { allows } from './permissions.ts'
import { concerns, keyOf, typeOf } from './queries.ts'
import { labelOf, namesIn, type Resource } from './resource.ts'
import { keyed } from './workspaces.ts'

const place = '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/dev'

test('addresses take any name, and resources an api-version', () => {
  assert.equal(addressOf('/w/a b/ü#?', { q: '1&2' }), '/w/a%20b/%C3%BC%23%3F?q=1%262')
  assert.equal(
    addressOf('/subscriptions/s', { $top: '5', none: undefined }),
    '/subscriptions/s?$top=5&api-version=2025-12-01',
  )
})

describe('ids', () => {
  const release = `${place}/providers/Twinloop/releasePlans/flight-delay/releases/3`
  test('have a kind and names', () => {
    assert.equal(typeOf(`${place}/models/m/versions/1`), 'workspaces/models/versions')
    assert.equal(typeOf(release), 'releasePlans/releases')
    assert.deepEqual(namesIn(release), ['dev', 'flight-delay', '3'])
    assert.deepEqual(namesIn(`${place}/models/m/versions/1`), ['dev', 'm', '1'])
  })
  test('are called by their names', () => {
    assert.deepEqual(
      [`${place}/data/flights/versions/12`, 'azureml:cpu-cluster', `${place}/computes/cpu/`].map(labelOf),
      ['flights:12', 'cpu-cluster', 'cpu'],
    )
  })
})

test('an event concerns what shows it: its resource, those above and below, and lists of its kind', () => {
  const jobs = keyOf({ types: ['workspaces/jobs'] }, 'list')
  const one = keyOf({ types: ['workspaces/jobs'], id: `${place}/jobs/a` }, 'resource')
  assert.ok(concerns(jobs, 'workspaces/jobs', `${place}/jobs/b`))
  assert.ok(concerns(one, 'Workspaces/Jobs', `${place}/JOBS/A`))
  assert.ok(!concerns(one, 'workspaces/jobs', `${place}/jobs/ab`))
  assert.ok(!concerns(jobs, 'workspaces/models', `${place}/models/m`))
  assert.ok(!concerns(['me'], 'workspaces/jobs', `${place}/jobs/b`))
})

test('permissions are judged as Azure judges them', () => {
  const scientist = [
    { actions: ['A/workspaces/*/read', 'A/workspaces/*/write'], notActions: ['A/workspaces/computes/write'] },
  ]
  assert.ok(allows(scientist, 'a/workspaces/jobs/write'))
  assert.ok(!allows(scientist, 'A/workspaces/computes/write'))
  assert.ok(!allows(scientist, 'A/workspaces/jobs/delete'))
  assert.ok(!allows([], 'A/x/read'))
  assert.ok(!allows([{ actions: ['A.B/*'], notActions: [] }], 'AxB/c'), 'a dot is a dot')
  assert.ok(allows([...scientist, { actions: ['*'], notActions: [] }], 'A/workspaces/computes/write'))
})

test('workspaces are called as shortly as they can be told apart', () => {
  const at = (group: string, name: string) =>
    ({
      id: `/subscriptions/s/resourceGroups/${group}/providers/M/workspaces/${name}`,
      name,
      properties: {},
    }) as Resource<object>
  assert.deepEqual(
    keyed([at('a', 'dev'), at('b', 'dev'), at('a', 'prod')]).map(({ key }) => key),
    ['a.dev', 'b.dev', 'prod'],
  )
})

describe('what a model says of itself', () => {
  test('is read from MLmodel', async () => {
    const file = await readModelFile(`
model_size_bytes: 12
mlflow_version: 3.17.2
utc_time_created: '2026-11-23 08:59:55.413353'
signature:
  inputs: '[{"type": "string", "name": "carrier", "required": true}, {"type": "double", "name": "temp", "required": false}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 2]}}]'
`)
    assert.deepEqual(file.inputs, [
      { name: 'carrier', type: 'string', required: true },
      { name: 'temp', type: 'double', required: false },
    ])
    assert.deepEqual(file.outputs, [{ name: '(1)', type: 'float64 (-1, 2)', required: true }])
    assert.deepEqual([file.sizeBytes, file.madeAt], [12, '2026-11-23T08:59:55.413353Z'])
  })
  test('may be nothing, or nonsense', async () => {
    assert.deepEqual((await readModelFile('')).inputs, [])
    for (const text of [null, 'nonsense', '{}', '3']) assert.deepEqual(fieldsOf(text), [])
  })
})

test('Python writes NaN into JSON', () => {
  assert.deepEqual(readLenientJson('{"a": [NaN, 1, -Infinity], "b": "NaN, [NaN"}'), {
    a: [null, 1, null],
    b: 'NaN, [NaN',
  })
})
