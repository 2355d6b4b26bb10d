import assert from 'node:assert/strict'
import { test } from 'node:test'
import { registriesIn } from './shared-references.ts'

test('the registries that a document refers to are found wherever they stand, by name or by id', () => {
  const id = (type: string) =>
    `/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/${type}`
  const document = {
    environmentId: 'azureml://registries/One/environments/e/labels/latest',
    jobs: { a: { component: `azureml:${id('registries/two/components/c/versions/1')}` } },
    list: [null, 3, { uri: id('REGISTRIES/three/data/d/versions/1') }],
    workspace: id('workspaces/registries/models/m/versions/1'),
    text: 'see azureml://registries/four/models/m',
    itself: id('registries/five'),
  }
  assert.deepEqual([...registriesIn(document)].sort(), ['one', 'three', 'two'])
  assert.deepEqual([...registriesIn(undefined)], [])
})
