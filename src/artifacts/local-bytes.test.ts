import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { bytesContract } from './bytes.contract.ts'
import { openLocalBytes } from './local-bytes.ts'

const folder = await mkdtemp(join(tmpdir(), 'twinloop-'))
after(() => rm(folder, { recursive: true, force: true }))
let next = 0

bytesContract('a local folder', () => openLocalBytes(join(folder, String(next++))))

test('stored files are read-only and nothing is left in incoming', async () => {
  const root = join(folder, String(next++))
  const store = await openLocalBytes(root)
  const { digest } = await store.write(Buffer.from('x'))
  const file = await store.localFile(digest)
  assert.ok(file)
  assert.equal((await stat(file)).mode & 0o777, 0o444)
  assert.deepEqual(await readdir(join(root, 'incoming')), [])
})

test('what a killed writer left is forgotten once it is old', async () => {
  const root = join(folder, String(next++))
  const store = await openLocalBytes(root)
  const { promise: waits, resolve: goOn } = Promise.withResolvers<void>()
  const { promise: begun, resolve: begins } = Promise.withResolvers<void>()
  async function* body() {
    yield Buffer.from('half')
    begins()
    await waits
    throw new Error('killed')
  }
  const write = assert.rejects(store.write(body()), /killed/)
  await begun
  await store.forgetBroken(new Date(0))
  assert.equal((await readdir(join(root, 'incoming'))).length, 1)
  await store.forgetBroken(new Date(Date.now() + 60_000))
  assert.deepEqual(await readdir(join(root, 'incoming')), [])
  goOn()
  await write
})
