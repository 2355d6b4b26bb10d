import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeIdOf, placeOf, textIn, type CodeFile } from '../../../api/code.ts'
import { changesOf } from './changes.ts'
import { firstFile, spotsIn, treeOf, type Folder } from './tree.ts'

const file = (path: string, md5?: string, bytes = 1): CodeFile => ({
  path,
  bytes,
  md5,
  url: `${path} ${md5} ${bytes}`,
})
const files = ['train.py', 'lib/util.py', 'lib/deep/x.py', 'README.md'].map((path) => file(path))

test('files are shown in their folders', () => {
  const shown = (folder: Folder): unknown => [
    folder.path,
    folder.folders.map(shown),
    folder.files.map(({ path }) => path),
  ]
  assert.deepEqual(shown(treeOf(files)), [
    '',
    [['lib', [['lib/deep', [], ['lib/deep/x.py']]], ['lib/util.py']]],
    ['README.md', 'train.py'],
  ])
})

test('what the command runs is opened first', () => {
  assert.equal(firstFile(files, 'python train.py --rate 1')?.path, 'train.py')
  assert.equal(firstFile(files, 'python -m lib.util')?.path, 'lib/util.py')
  assert.equal(firstFile(files, "bash -c './lib/deep/x.py'")?.path, 'lib/deep/x.py')
  assert.equal(firstFile(files, 'true')?.path, 'README.md')
  assert.equal(firstFile([], 'true'), undefined)
})

test('a traceback leads to the lines of the own code', () => {
  const log = `Traceback (most recent call last):
  File "/home/x/.twinloop/jobs/a_train.0123456789/code/train.py", line 30, in <module>
  File "/home/x/.twinloop/jobs/a_train.0123456789/code/lib/util.py", line 2, in helper
  File "/usr/lib/python3.11/json/decoder.py", line 355, in raw_decode
  File "<frozen importlib._bootstrap>", line 1, in x
ValueError`
  assert.deepEqual(spotsIn(log), [
    { file: 'train.py', line: 30 },
    { file: 'lib/util.py', line: 2 },
  ])
})

test('where code is, in every way that a job and a version say it', () => {
  const ml = '/subscriptions/s/workspaces/dev'
  assert.equal(codeIdOf(ml, 'azureml:src:2'), `${ml}/codes/src/versions/2`)
  assert.equal(codeIdOf(ml, `azureml:${ml}/codes/a/versions/1`), `${ml}/codes/a/versions/1`)
  assert.equal(codeIdOf(ml, './src'), undefined)
  const path = 'LocalUpload/a b/src'
  assert.deepEqual(placeOf('https://h:1/devstoreaccount1/g-blobstore/LocalUpload/a%20b/src/', 'g'), {
    container: 'g-blobstore',
    path,
  })
  assert.deepEqual(placeOf(`azureml://datastores/workspaceblobstore/paths/${path}`, 'g'), {
    container: 'g-blobstore',
    path,
  })
  assert.equal(
    placeOf('azureml://subscriptions/s/workspaces/w/datastores/Lake/paths/x/', 'g')?.container,
    'g-store-lake',
  )
  assert.equal(placeOf('https://example.org/src', 'g'), undefined)
})

test('what is no text is told, not shown', () => {
  assert.deepEqual(textIn(new TextEncoder().encode('é = 1\n')), { text: 'é = 1\n' })
  assert.match(JSON.stringify(textIn(new Uint8Array([65, 0, 66]))), /no text/)
  assert.match(JSON.stringify(textIn(new Uint8Array([0xff, 0xfe]))), /no text/)
})

test('versions of code differ by files that came, went and changed', () => {
  const before = [file('a', '1'), file('b', '1'), file('c', undefined, 3), file('d', '1')]
  const after = [file('a', '1'), file('b', '2'), file('c', undefined, 4), file('e', '1')]
  assert.deepEqual(
    changesOf(before, after).map(({ path, how }) => `${path} ${how}`),
    ['b changed', 'c changed', 'd removed', 'e added'],
  )
})
