import { insertAudit } from '../../store/access-rows.ts'
import type { Db, Store } from '../../store/database.ts'
import type { ResourceRow } from '../../store/kernel-tables.ts'
import { scheduleWork } from '../../store/work-rows.ts'
import { accessTypes, type Actor } from '../access/access.ts'
import type { Access } from '../platform.ts'
import type { Outbox } from '../work/events.ts'
import type { Reconciler } from '../work/reconcile.ts'
import { scopeId } from './arm-id.ts'
import { fullType, type Catalogue } from './catalogue.ts'
import type { Json, NewEvent } from './resource.ts'

/** What every write leaves beside its row, in the same transaction: its event, the work it makes, who did it. */
export interface Ledger {
  /** Runs `work` in one transaction, and when it has committed tells those who wait for events and for work. */
  commit<T>(type: string, work: (tx: Db) => Promise<T>): Promise<T>
  /** Records the event that a change means, with further ones, and the work of the reconcilers of its type. */
  follow(
    tx: Db,
    row: ResourceRow,
    change: keyof typeof eventTypes,
    events?: readonly NewEvent[],
  ): Promise<void>
  audit(tx: Db, entry: Entry): Promise<void>
}

interface Entry {
  readonly actor: Actor
  readonly operation: string
  readonly key: string
  readonly requestId: string
  readonly detail: string
}

/** Event Grid's types where it has them. */
const eventTypes = {
  Write: 'Microsoft.Resources.ResourceWriteSuccess',
  Delete: 'Microsoft.Resources.ResourceDeleteSuccess',
  Status: 'Twinloop.ResourceStatusChanged',
}

export function createLedger(parts: {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly access: Access
  readonly outbox: Outbox
  readonly clock: () => Date
  readonly workScheduled: () => void
  readonly reconcilers: readonly Reconciler[]
}): Ledger {
  const { store, catalogue, access, outbox, clock } = parts
  const reconcilersOf = Map.groupBy(
    parts.reconcilers.flatMap(({ name, types }) => types.map((type) => ({ name, type: type.toLowerCase() }))),
    ({ type }) => type,
  )

  return {
    async commit(type, work) {
      const result = await store.transaction(work)
      if (accessTypes.includes(type)) access.forget()
      outbox.committed()
      parts.workScheduled()
      return result
    },

    async follow(tx, row, change, events = []) {
      const definition = catalogue.ofType(row.type)
      const { status, provisioningState } = JSON.parse(row.status) as Json
      const told: NewEvent = {
        type: eventTypes[change],
        subject: row.id,
        source: scopeId(row.id) ?? '/',
        data: {
          resourceUri: row.id,
          resourceType: definition === undefined ? row.type : fullType(definition),
          etag: row.etag,
          ...(status === undefined ? {} : { status }),
          ...(provisioningState === undefined ? {} : { provisioningState }),
        },
      }
      await outbox.emit(tx, [told, ...events])
      if (change === 'Delete') return
      for (const { name } of reconcilersOf.get(row.type.toLowerCase()) ?? [])
        await scheduleWork(tx, name, row.key, clock().getTime())
    },

    async audit(tx, { actor, operation, key, requestId, detail }) {
      await insertAudit(tx, {
        time: clock().getTime(),
        actor: actor.id,
        operation,
        resource: key,
        status: 200,
        request_id: requestId,
        detail,
      })
    },
  }
}
