import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proxiedPath, readDatastorePath, safePath } from './artifact-paths.ts'

test('a path stays below its root, however it is encoded', () => {
  for (const good of ['a', 'a/b c/ü.txt', 'a..b/..c', '100%', 'a%20b', '']) assert.equal(safePath(good), good)
  assert.equal(safePath('a/b/'), 'a/b')
  for (const bad of [
    '..',
    'a/../b',
    '/a',
    'a/./b',
    '%2e%2e/a',
    '%252e%252e/a',
    '%2Fa',
    'a\\b',
    'C:/x',
    'a#b',
    'a\0',
  ])
    assert.throws(() => safePath(bad), /must be relative/, bad)
})

test('a proxied address is known with and without a host', () => {
  assert.equal(proxiedPath('mlflow-artifacts:/ExperimentRun/dcid.r/model'), 'ExperimentRun/dcid.r/model')
  assert.equal(proxiedPath('mlflow-artifacts://host:5000/a/b/'), 'a/b')
  assert.equal(proxiedPath('s3://bucket/a'), undefined)
})

test('the proxy also reads what was uploaded', () => {
  assert.deepEqual(readDatastorePath('datastores/blobstore/paths/LocalUpload/x'), {
    which: 'blobstore',
    path: 'LocalUpload/x',
  })
  assert.deepEqual(readDatastorePath('ExperimentRun/x'), { which: 'artifacts', path: 'ExperimentRun/x' })
})
