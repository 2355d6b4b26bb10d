import assert from 'node:assert/strict'
import test from 'node:test'
import { brotliCompressSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib'
import { compressed, expand } from './encoding.ts'

const text = Buffer.from('a'.repeat(100_000))

test('what was compressed is expanded, but to no more than the limit', async () => {
  assert.deepEqual(await expand(gzipSync(text), 'gzip', 100_000), text)
  assert.deepEqual(await expand(deflateSync(text), 'deflate', 100_000), text)
  assert.deepEqual(await expand(brotliCompressSync(text), 'br', 100_000), text)
  assert.equal(await expand(gzipSync(text), 'gzip', 99_999), 'too large')
  assert.equal(await expand(Buffer.from('no'), 'gzip', 100), 'broken')
  assert.equal(await expand(gzipSync(text).subarray(0, 50), 'gzip', 100_000), 'broken')
})

test('an answer is compressed where the caller accepts it and it is worth it', async () => {
  for (const accepted of ['gzip', 'br, gzip', 'deflate, gzip;q=0.5', '*', 'GZIP;q=1.0'])
    assert.deepEqual(gunzipSync((await compressed(text, accepted))?.body ?? ''), text, accepted)
  for (const accepted of ['', 'br', 'gzip;q=0', 'gzip;q=0.0', 'identity'])
    assert.equal(compressed(text, accepted), undefined, accepted)
  assert.equal(compressed(Buffer.from('short'), 'gzip'), undefined)
})
