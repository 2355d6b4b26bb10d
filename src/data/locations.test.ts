import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { UserError } from '../kernel/errors.ts'
import { formatReference, parseReference, type Reference } from './locations.ts'

const workspace = { subscription: 's', resourceGroup: 'g', workspace: 'w' }
const ws = '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w'
const guid = '0f3c7c1e-7b5c-4d0e-9d53-0b7f6f1a2b3c'

const forms: readonly (readonly [string, Reference])[] = [
  ['azureml://datastores/d/paths/a/b.csv', { kind: 'datastore', datastore: 'd', path: 'a/b.csv' }],
  ['azureml://datastores/d/paths/', { kind: 'datastore', datastore: 'd', path: '' }],
  ['azureml://datastores/d', { kind: 'datastore', datastore: 'd', path: '' }],
  ['AzureML://Datastores/d/Paths//a/./b/', { kind: 'datastore', datastore: 'd', path: 'a/b/' }],
  [
    'azureml://subscriptions/s/resourcegroups/g/workspaces/w/datastores/d/paths/x y/ü.csv',
    { kind: 'datastore', workspace, datastore: 'd', path: 'x y/ü.csv' },
  ],
  [`azureml:${ws}/datastores/d`, { kind: 'datastore', workspace, datastore: 'd', path: '' }],
  [
    'azureml://jobs/j/outputs/o/paths/m/MLmodel',
    { kind: 'jobOutput', job: 'j', output: 'o', path: 'm/MLmodel' },
  ],
  ['azureml://jobs/j/outputs/o', { kind: 'jobOutput', job: 'j', output: 'o', path: '' }],
  ['azureml:flights:3', { kind: 'asset', name: 'flights', version: '3' }],
  ['azureml:flights@latest', { kind: 'asset', name: 'flights', label: 'latest' }],
  ['azureml:cpu-cluster', { kind: 'asset', name: 'cpu-cluster' }],
  [
    `${ws}/data/flights/versions/3`,
    { kind: 'asset', workspace, type: 'data', name: 'flights', version: '3' },
  ],
  [
    `azureml:${ws}/models/m/labels/prod`,
    { kind: 'asset', workspace, type: 'models', name: 'm', label: 'prod' },
  ],
  [`azureml:${ws}/computes/c`, { kind: 'resource', id: `${ws}/computes/c` }],
  [
    'azureml://subscriptions/s/resourcegroups/g/workspaces/w/data/flights/versions/3',
    { kind: 'asset', workspace, type: 'data', name: 'flights', version: '3' },
  ],
  [
    `azureml://locations/eastus/workspaces/${guid}/data/f/versions/1`,
    { kind: 'asset', workspaceGuid: guid, type: 'data', name: 'f', version: '1' },
  ],
  [
    'azureml://registries/azureml/environments/sklearn-1.5/labels/latest',
    { kind: 'asset', registry: 'azureml', type: 'environments', name: 'sklearn-1.5', label: 'latest' },
  ],
  ['runs:/abc/model/data', { kind: 'run', run: 'abc', path: 'model/data' }],
  ['runs:/abc', { kind: 'run', run: 'abc', path: '' }],
  ['models:/m/1', { kind: 'asset', type: 'models', name: 'm', version: '1' }],
  ['models:/m@champion', { kind: 'asset', type: 'models', name: 'm', label: 'champion' }],
  [`models:/m-${'0a'.repeat(16)}`, { kind: 'loggedModel', id: `m-${'0a'.repeat(16)}` }],
  [
    `https://127.0.0.1:7443/devstoreaccount1/${guid}-blobstore/LocalUpload/a%20b?sv=1&sig=x`,
    { kind: 'blob', container: `${guid}-blobstore`, path: 'LocalUpload/a b' },
  ],
  [
    `https://127.0.0.1:7443/devstoreaccount1.blob.core.windows.net/${guid}-blobstore/x`,
    { kind: 'blob', container: `${guid}-blobstore`, path: 'x' },
  ],
  [`https://127.0.0.1:7443/${guid}-blobstore/x`, { kind: 'blob', container: `${guid}-blobstore`, path: 'x' }],
  ['https://example.org/iris.csv', { kind: 'url', url: 'https://example.org/iris.csv' }],
  ['wasbs://c@a.blob.core.windows.net/x', { kind: 'url', url: 'wasbs://c@a.blob.core.windows.net/x' }],
]

describe('references', () => {
  for (const [text, expected] of forms)
    test(`${text} is understood`, () => {
      const parsed = parseReference(text)
      assert.deepEqual(parsed, expected)
      assert.deepEqual(parseReference(formatReference(parsed)), expected)
    })

  const refused: readonly (readonly [string, RegExp])[] = [
    ['', /expected azureml:/],
    ['./data', /uploaded first/],
    ['../data/x.csv', /uploaded first/],
    ['/mnt/data', /uploaded first/],
    ['C:\\data', /uploaded first/],
    ['file:///etc/passwd', /uploaded first/],
    ['data.csv', /expected azureml:/],
    ['azureml:', /azureml:\{name\}:\{version\}/],
    ['azureml:a:b:c', /azureml:\{name\}:\{version\}/],
    ['azureml:a b', /azureml:\{name\}:\{version\}/],
    ['azureml://datastore/d/paths/x', /expected datastores/],
    ['azureml://datastores//paths/x', /expected datastores/],
    ['azureml://registries/r/datastores/d/paths/x', /expected datastores/],
    ['azureml://datastores/d/paths/../../x', /may not contain '\.\.'/],
    ['azureml://datastores/d/paths/a/..', /may not contain '\.\.'/],
    ['azureml://jobs/j/outputs/o/paths/a/../../../x', /may not contain '\.\.'/],
    ['runs:/r/../../x', /may not contain '\.\.'/],
    ['models:/m', /expected azureml:/],
  ]
  for (const [text, why] of refused)
    test(`${JSON.stringify(text)} is refused and told why`, () => {
      assert.throws(
        () => parseReference(text),
        (error) => error instanceof UserError && why.test(error.message),
      )
    })

  const name = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,20}$/).filter((n) => !n.startsWith('m-'))
  const segment = fc.stringMatching(/^[^/\0]{1,8}$/).filter((s) => s !== '.' && s !== '..')
  const path = fc.array(segment, { maxLength: 4 }).map((segments) => segments.join('/'))
  const home = fc.oneof(
    fc.constant({}),
    fc.record({ workspace: fc.record({ subscription: name, resourceGroup: name, workspace: name }) }),
  )
  const which = fc.oneof(fc.record({ version: name }), fc.record({ label: name }))
  const reference: fc.Arbitrary<Reference> = fc.oneof(
    fc
      .tuple(home, name, path)
      .map(([h, datastore, p]): Reference => ({ kind: 'datastore', ...h, datastore, path: p })),
    fc.record({ kind: fc.constant('jobOutput' as const), job: name, output: name, path }),
    fc.record({ kind: fc.constant('run' as const), run: name, path }),
    fc.record({ kind: fc.constant('blob' as const), container: fc.constant(`${guid}-artifacts`), path }),
    fc.tuple(name, which).map(([n, w]): Reference => ({ kind: 'asset', name: n, ...w })),
    fc
      .tuple(
        fc.oneof(home, fc.record({ registry: name }), fc.record({ workspaceGuid: fc.uuid() })),
        fc.constantFrom('data', 'models', 'components', 'environments', 'codes'),
        name,
        which,
      )
      .map(([h, type, n, w]): Reference => ({ kind: 'asset', ...h, type, name: n, ...w })),
  )

  test('every reference survives being written and read', () => {
    fc.assert(
      fc.property(reference, (r) => assert.deepEqual(parseReference(formatReference(r)), structuredClone(r))),
      { numRuns: 500 },
    )
  })

  test('no text makes the parser fail otherwise than kindly, and no path it gives leaves its root', () => {
    const pieces = [
      'azureml:',
      '//',
      '/',
      'datastores',
      'paths',
      '..',
      '.',
      'jobs',
      'outputs',
      'runs:',
      'subscriptions',
      'a',
      '%2e',
      '%zz',
      '@',
      ':',
      'https://x/devstoreaccount1/',
    ]
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((p) => p.join('')),
    )
    fc.assert(
      fc.property(text, (t) => {
        try {
          const parsed = parseReference(t)
          if ('path' in parsed) assert.ok(!parsed.path.split('/').includes('..'))
        } catch (error) {
          assert.ok(error instanceof UserError, String(error))
        }
      }),
      { numRuns: 2000 },
    )
  })
})
