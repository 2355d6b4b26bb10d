import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import assert from 'node:assert/strict'
import { symlink, writeFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { localStore } from './local-store.ts'
import { storeContract } from '../store.contract.ts'

const root = await mkdtemp(join(tmpdir(), 'twinloop-'))
after(() => rm(root, { recursive: true, force: true }))
let next = 0

async function open() {
  const folder = join(root, String(next++))
  await mkdir(folder)
  return localStore({ name: "datastore 'nas'", folder, roots: [root] })
}

storeContract('a local folder', open)

test('neither .. nor a link leads out of the folder, and a folder that was closed is closed', async () => {
  const store = await open()
  await writeFile(join(root, 'secret'), 'x')
  await symlink(join(root, 'secret'), join(await store.pathOf(''), 'link'))
  await assert.rejects(store.read('link'), /a link leads outside/)
  await assert.rejects(store.write('../escaped', (async function* () {})()), /leads outside/)
  const closed = localStore({ name: 'x', folder: await store.pathOf(''), roots: [] })
  await assert.rejects(closed.head('a'), /not open to datastores any more/)
})
