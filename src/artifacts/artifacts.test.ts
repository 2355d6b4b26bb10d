import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { PGlite } from '@electric-sql/pglite'
import { createBlobIndex } from '../store/blob-index.ts'
import { openPglite } from '../store/pglite.ts'
import { openSqlite } from '../store/sqlite.ts'
import { artifactsContract } from './artifacts.contract.ts'
import { createArtifacts } from './create-artifacts.ts'
import { openLocalBytes } from './local-bytes.ts'

const folder = await mkdtemp(join(tmpdir(), 'twinloop-'))
let next = 0

const sqlite = await openSqlite(join(folder, 'store.db'))
const pglite = await openPglite(await PGlite.create())
after(async () => {
  await sqlite.close()
  await pglite.close()
  await rm(folder, { recursive: true, force: true })
})

for (const store of [sqlite, pglite])
  artifactsContract(`a local folder and ${store.dialect}`, async (clock = () => new Date()) => {
    await store.db.deleteFrom('blobs').execute()
    await store.db.deleteFrom('blob_blocks').execute()
    const bytes = await openLocalBytes(join(folder, String(next++)), { clock })
    return createArtifacts({ bytes, index: createBlobIndex(store, clock), clock })
  })
