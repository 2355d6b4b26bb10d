import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { BlobMissing, type ByteStore } from './artifacts.ts'

const bytesOf = (text: string) => Buffer.from(text)
const far = new Date(8.64e15)

/** What every place for bytes must do. `open` gives an empty one. */
export function bytesContract(name: string, open: () => Promise<ByteStore>): void {
  describe(`bytes in ${name}`, () => {
    test('are found by their digest, whole or in part', async () => {
      const store = await open()
      const { digest, md5, size } = await store.write(bytesOf('hello, flights'))
      assert.equal(digest, createHash('sha256').update('hello, flights').digest('hex'))
      assert.equal(md5, createHash('md5').update('hello, flights').digest('base64'))
      assert.equal(size, 14)
      assert.equal(await store.has(digest), true)
      const read = async (range?: { start: number; end?: number }) =>
        (await buffer(await store.read(digest, range))).toString()
      assert.equal(await read(), 'hello, flights')
      assert.equal(await read({ start: 7 }), 'flights')
      assert.equal(await read({ start: 0, end: 4 }), 'hello')
      assert.equal(await read({ start: 7, end: 99 }), 'flights')
    })

    test('may be empty', async () => {
      const store = await open()
      const { digest, size } = await store.write(bytesOf(''))
      assert.equal(size, 0)
      assert.equal((await buffer(await store.read(digest))).length, 0)
    })

    test('come as a stream of any chunks', async () => {
      const store = await open()
      const chunk = Buffer.alloc(70_001, 7)
      async function* body() {
        for (let i = 0; i < 40; i++) yield chunk
      }
      const { digest, size } = await store.write(body())
      assert.equal(size, 40 * 70_001)
      assert.equal(
        createHash('sha256')
          .update(await buffer(await store.read(digest)))
          .digest('hex'),
        digest,
      )
    })

    test('that break off leave nothing', async () => {
      const store = await open()
      async function* body() {
        yield bytesOf('half of it')
        throw new Error('the line went dead')
      }
      await assert.rejects(store.write(body()), /went dead/)
      assert.deepEqual(await Array.fromAsync(store.all()), [])
    })

    test('written twice are kept once, also at the same time', async () => {
      const store = await open()
      const written = await Promise.all(Array.from({ length: 8 }, () => store.write(bytesOf('same'))))
      assert.equal(new Set(written.map((w) => w.digest)).size, 1)
      const all = await Array.fromAsync(store.all())
      assert.deepEqual(
        all.map(({ digest, size }) => ({ digest, size })),
        [{ digest: written[0]?.digest, size: 4 }],
      )
    })

    test('that are not here are missing, and nothing is found outside', async () => {
      const store = await open()
      await assert.rejects(store.read('0'.repeat(64)), BlobMissing)
      await assert.rejects(async () => store.read('../../etc/passwd'), BlobMissing)
      assert.equal(await store.has('0'.repeat(64)), false)
      assert.equal(await store.localFile('0'.repeat(64)), undefined)
      assert.equal(await store.remove('0'.repeat(64), far), false)
    })

    test('are removed, but not if they were written since', async () => {
      const store = await open()
      const { digest } = await store.write(bytesOf('kept'))
      assert.equal(await store.remove(digest, new Date(0)), false)
      assert.equal((await buffer(await store.read(digest))).toString(), 'kept')
      assert.equal(await store.remove(digest, far), true)
      assert.equal(await store.has(digest), false)
    })

    test('go on being read by who has begun to, after they were removed', async () => {
      const store = await open()
      const { digest } = await store.write(Buffer.alloc(3_000_000, 1))
      const stream = await store.read(digest)
      await store.remove(digest, far)
      assert.equal((await buffer(stream)).length, 3_000_000)
    })
  })
}
