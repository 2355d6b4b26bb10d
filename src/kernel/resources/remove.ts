import type { Db, Store } from '../../store/database.ts'
import type { ResourceRow } from '../../store/kernel-tables.ts'
import { buryNode } from '../../store/lineage-rows.ts'
import { deleteSeriesOf } from '../../store/series-rows.ts'
import { deleteRow, findRow, replaceRow, rowsBelow } from '../../store/resource-rows.ts'
import type { Actor } from '../access/access.ts'
import type { Platform } from '../platform.ts'
import { operationOf, type Catalogue } from './catalogue.ts'
import type { Ledger } from './ledger.ts'
import type { Json, Resource } from './resource.ts'
import { fromRow, newEtag } from './row.ts'
import { forgetSecrets } from './secret-properties.ts'

export interface Removal {
  /** Removes a resource and all below it, or marks those whose reconcilers have to clean up first. */
  remove(actor: Actor, resource: Resource, requestId: string): Promise<void>
  /** Removes what a reconciler has finished with. */
  purge(key: string): Promise<void>
}

export function createRemoval(parts: {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly ledger: Ledger
  readonly clock: () => Date
  readonly platform: () => Platform
}): Removal {
  const { store, catalogue, ledger, clock } = parts

  async function erase(tx: Db, row: ResourceRow) {
    const definition = catalogue.ofType(row.type)
    await deleteRow(tx, row.key)
    // A later resource of this name must not find what this one was trusted with.
    if (definition !== undefined) await forgetSecrets(parts.platform().secrets, row.key, definition, tx)
    await buryNode(tx, row, clock().getTime())
    if (row.type === 'workspaces') await deleteSeriesOf(tx, row.key)
    await definition?.alsoOnDelete?.(fromRow(row), tx)
    await ledger.follow(tx, row, 'Delete')
  }

  async function mark(tx: Db, row: ResourceRow) {
    const status = JSON.stringify({ ...(JSON.parse(row.status) as Json), provisioningState: 'Deleting' })
    const marked = { ...row, deleting: 1, status, etag: newEtag() }
    await replaceRow(tx, marked, row.etag)
    await ledger.follow(tx, marked, 'Write')
  }

  async function removeOne(tx: Db, row: ResourceRow, actor: Actor, requestId: string) {
    const definition = catalogue.ofType(row.type)
    if (row.deleting === 0) await (definition?.reconciledDelete === true ? mark : erase)(tx, row)
    const operation = definition === undefined ? `${row.type}/delete` : operationOf(definition, 'delete')
    await ledger.audit(tx, { actor, operation, key: row.key, requestId, detail: 'deleted' })
  }

  return {
    async remove(actor, resource, requestId) {
      const [platform, root] = [parts.platform(), resource.key]
      for (const row of await rowsBelow(store.db, root))
        await catalogue.ofType(row.type)?.beforeDelete?.(fromRow(row), platform, { root })
      await catalogue.ofType(resource.type)?.beforeDelete?.(resource, platform, { root })
      await ledger.commit(resource.type, async (tx) => {
        for (const row of (await rowsBelow(tx, root)).toReversed()) await removeOne(tx, row, actor, requestId)
        const row = await findRow(tx, root)
        if (row !== undefined) await removeOne(tx, row, actor, requestId)
      })
    },
    async purge(key) {
      await ledger.commit('', async (tx) => {
        const row = await findRow(tx, key)
        if (row !== undefined) await erase(tx, row)
      })
    },
  }
}
