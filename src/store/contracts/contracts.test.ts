import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { PGlite } from '@electric-sql/pglite'
import { openPglite } from '../pglite.ts'
import { openSqlite } from '../sqlite.ts'
import { accessRowsContract } from './access-rows.contract.ts'
import { alertRowsContract } from './alert-rows.contract.ts'
import { approvalRowsContract } from './approval-rows.contract.ts'
import { eventRowsContract } from './event-rows.contract.ts'
import { lineageRowsContract } from './lineage-rows.contract.ts'
import { migrateContract } from './migrate.contract.ts'
import { monitorRowsContract } from './monitor-rows.contract.ts'
import { resourceRowsContract } from './resource-rows.contract.ts'
import { searchRowsContract } from './search-rows.contract.ts'
import { seriesRowsContract } from './series-rows.contract.ts'
import { workRowsContract } from './work-rows.contract.ts'

const folder = await mkdtemp(join(tmpdir(), 'twinloop-'))
const stores = [await openSqlite(join(folder, 'store.db')), await openPglite(await PGlite.create())]
after(async () => {
  for (const store of stores) await store.close()
  await rm(folder, { recursive: true })
})

for (const store of stores) {
  migrateContract(store)
  resourceRowsContract(store)
  workRowsContract(store)
  eventRowsContract(store)
  accessRowsContract(store)
  lineageRowsContract(store)
  seriesRowsContract(store)
  searchRowsContract(store)
  approvalRowsContract(store)
  monitorRowsContract(store)
  alertRowsContract(store)
}
