import { insertAudit } from '../../store/access-rows.ts'
import type { Db, Store } from '../../store/database.ts'
import {
  deleteRow,
  findRow,
  insertRow,
  listRows,
  namesOf,
  replaceRow,
  rowsBelow,
} from '../../store/resource-rows.ts'
import type { ResourceRow } from '../../store/kernel-tables.ts'
import { scheduleWork } from '../../store/work-rows.ts'
import { accessTypes, type Actor } from '../access/access.ts'
import { keyOf, parseArmId, scopeId } from './arm-id.ts'
import { fullType, parentOf, type Catalogue } from './catalogue.ts'
import { errors } from '../errors.ts'
import type { Outbox } from '../work/events.ts'
import { nearest } from '../nearest.ts'
import type { Access, Platform } from '../platform.ts'
import type { Reconciler } from '../work/reconcile.ts'
import type {
  Envelope,
  Json,
  NewEvent,
  Resource,
  ResourceBody,
  ResourceDefinition,
  Resources,
  WriteOptions,
  Writing,
  Written,
} from './resource.ts'
import { fromRow, mergePatch, mergeStatus, newEtag, stableJson } from './row.ts'
import { parseOrThrow } from './schema.ts'
import { checkImmutable, checkPreconditions, envelopeSchema, withoutReadOnly } from './write-rules.ts'
import { openSecrets, sealSecrets } from './secret-properties.ts'

export interface ResourcesParts {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly access: Access
  readonly outbox: Outbox
  readonly clock: () => Date
  /** Called after every commit that may have scheduled work. */
  readonly workScheduled: () => void
  /** The platform, which exists only after this. */
  readonly platform: () => Platform
  readonly reconcilers: readonly Reconciler[]
}

/** How often a write is tried again when another one came between its reading and its writing. */
const optimisticTries = 5

/** The one door to resources: see `Resources` for what each promises. */
export function createResources(parts: ResourcesParts): Resources {
  const { store, catalogue, access, outbox, clock } = parts
  const reconcilersOf = new Map<string, string[]>()
  for (const reconciler of parts.reconcilers)
    for (const type of reconciler.types)
      reconcilersOf.set(type.toLowerCase(), [
        ...(reconcilersOf.get(type.toLowerCase()) ?? []),
        reconciler.name,
      ])

  /** What every write leaves in its transaction beside the row: its event and the work that it makes. */
  async function follow(
    tx: Db,
    row: ResourceRow,
    change: 'Write' | 'Delete' | 'Status',
    events: readonly NewEvent[],
  ) {
    const definition = catalogue.byType(row.type) ?? catalogue.definitions.find((d) => d.type === row.type)
    const types = {
      Write: 'Microsoft.Resources.ResourceWriteSuccess',
      Delete: 'Microsoft.Resources.ResourceDeleteSuccess',
      Status: 'Twinloop.ResourceStatusChanged',
    }
    const status = JSON.parse(row.status) as Json
    const told: NewEvent = {
      type: types[change],
      subject: row.id,
      source: scopeId(row.id) ?? '/',
      data: {
        resourceUri: row.id,
        resourceType: definition === undefined ? row.type : fullType(definition),
        etag: row.etag,
        ...(status['status'] === undefined ? {} : { status: status['status'] }),
        ...(status['provisioningState'] === undefined
          ? {}
          : { provisioningState: status['provisioningState'] }),
      },
    }
    await outbox.emit(tx, [told, ...events])
    if (change !== 'Delete')
      for (const reconciler of reconcilersOf.get(row.type.toLowerCase()) ?? [])
        await scheduleWork(tx, reconciler, row.key, clock().getTime())
  }

  async function commit<T>(type: string, work: (tx: Db) => Promise<T>): Promise<T> {
    const result = await store.transaction(work)
    if (accessTypes.includes(type)) access.forget()
    outbox.committed()
    parts.workScheduled()
    return result
  }

  const audit = (tx: Db, actor: Actor, operation: string, key: string, requestId: string, detail: string) =>
    insertAudit(tx, {
      time: clock().getTime(),
      actor: actor.id,
      operation,
      resource: key,
      status: 200,
      request_id: requestId,
      detail,
    })

  async function missing(id: string): Promise<Error> {
    const definition = catalogue.definitionOf(id)
    const { names } = parseArmId(id)
    const near = nearest(names.at(-1) ?? '', await namesOf(store.db, keyOf(parentOf(id)), definition.type))
    return errors.notFound(
      `${definition.type} '${names.join('/')}' does not exist.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
    )
  }

  /** Sees that the parent is there: made along with a version, else demanded. */
  async function requireParent(writing: Writing, definition: ResourceDefinition, actor: Actor) {
    const parent = parentOf(writing.id)
    if (parent === '' || definition.parent === 'any') return
    const found = await resources.find(parent)
    if (found?.deleting === true) throw errors.conflict(`'${parent}' is being deleted.`)
    if (found !== undefined) return
    if (definition.parent !== 'created') throw await missing(parent)
    const body = definition.parentBody?.(writing) ?? { properties: {} }
    try {
      await resources.put(actor, parent, body, { ifNoneMatch: '*' })
    } catch (error) {
      if ((await resources.find(parent)) === undefined) throw error
    }
  }

  async function write(
    actor: Actor,
    id: string,
    definition: ResourceDefinition,
    body: ResourceBody,
    before: Resource | undefined,
    options: WriteOptions,
  ): Promise<Written | undefined> {
    const what = `${definition.type} '${parseArmId(id).names.join('/')}'`
    checkPreconditions(what, before, options)
    if (before?.deleting === true)
      throw errors.conflict(`${what} is being deleted; try again when it has gone.`, { retryAfter: 1 })
    const given = withoutReadOnly(body.properties, before)
    const properties = parseOrThrow(definition.schema, given, what, 'properties')
    const envelope = parseOrThrow(envelopeSchema, { ...before?.envelope, ...body }, what) as Envelope
    const writing: Writing = {
      id: before?.id ?? id,
      name: before?.name ?? parseArmId(id).names.at(-1) ?? '',
      scope: keyOf(scopeId(id) ?? ''),
      body: { ...envelope, properties },
      before,
      actor,
    }
    if (before !== undefined) checkImmutable(what, definition, before.properties, properties)
    else catalogue.checkName(writing.name, definition)
    if (definition.parent !== 'created') await requireParent(writing, definition, actor)
    const prepared = await definition.prepare?.(writing, parts.platform())
    // A refused version leaves no container behind.
    if (definition.parent === 'created') await requireParent(writing, definition, actor)
    const { open, sealed } = openSecrets(definition, prepared?.properties ?? properties)
    const wanted = { properties: open, envelope: prepared?.envelope ?? envelope }
    const unchanged =
      before !== undefined &&
      prepared?.again !== true &&
      sealed.size === 0 &&
      stableJson(wanted) === stableJson({ properties: before.properties, envelope: before.envelope })
    if (unchanged) return { resource: before, created: false, changed: false }

    const now = clock().getTime()
    const row: ResourceRow = {
      key: keyOf(writing.id),
      id: writing.id,
      type: definition.type,
      name: writing.name,
      parent: keyOf(parentOf(writing.id)),
      scope: writing.scope,
      envelope: JSON.stringify(wanted.envelope),
      properties: JSON.stringify(wanted.properties),
      status: JSON.stringify(mergeStatus(before?.status ?? {}, prepared?.status ?? {})),
      etag: newEtag(),
      generation: (before?.generation ?? 0) + 1,
      archived: wanted.properties['isArchived'] === true ? 1 : 0,
      deleting: 0,
      created_at: before?.createdAt.getTime() ?? now,
      created_by: before?.createdBy ?? actor.name,
      created_by_type: before?.createdByType ?? actor.kind,
      modified_at: now,
      modified_by: actor.name,
      modified_by_type: actor.kind,
    }
    const done = await commit(definition.type, async (tx) => {
      if (before === undefined) {
        if ((await findRow(tx, row.key)) !== undefined) return false
        await insertRow(tx, row)
      } else if (!(await replaceRow(tx, row, before.etag))) return false
      await sealSecrets(parts.platform().secrets, row.key, sealed, tx)
      await prepared?.also?.(tx)
      await audit(
        tx,
        actor,
        `${fullType(definition)}/write`,
        row.key,
        options.requestId ?? '',
        before === undefined ? 'created' : 'replaced',
      )
      await follow(tx, row, 'Write', prepared?.events ?? [])
      return true
    })
    return done ? { resource: fromRow(row), created: before === undefined, changed: true } : undefined
  }

  async function removeOne(tx: Db, row: ResourceRow, actor: Actor, requestId: string) {
    const definition = catalogue.definitions.find((d) => d.type === row.type)
    if (definition?.reconciledDelete === true && row.deleting === 0) {
      const status = JSON.stringify({ ...(JSON.parse(row.status) as Json), provisioningState: 'Deleting' })
      const marked = { ...row, deleting: 1, status, etag: newEtag() }
      await replaceRow(tx, marked, row.etag)
      await follow(tx, marked, 'Write', [])
    } else if (row.deleting === 0) {
      await deleteRow(tx, row.key)
      await definition?.alsoOnDelete?.(fromRow(row), tx)
      await follow(tx, row, 'Delete', [])
    }
    await audit(
      tx,
      actor,
      `${definition === undefined ? row.type : fullType(definition)}/delete`,
      row.key,
      requestId,
      'deleted',
    )
  }

  const resources: Resources = {
    async get<P, S>(id: string) {
      const found = await resources.find<P, S>(id)
      if (found === undefined) throw await missing(id)
      return found
    },

    async find<P, S>(id: string, db: Db = store.db) {
      const row = await findRow(db, keyOf(id))
      return row === undefined ? undefined : fromRow<P, S>(row)
    },

    async list<P, S>(query: Parameters<Resources['list']>[0]) {
      const field = { createdAt: 'created_at', modifiedAt: 'modified_at', name: 'name' } as const
      const where = new Map<string, string | null>(Object.entries(query.where ?? {}))
      const tagged =
        (catalogue.definitions.find((d) => d.type === query.type)?.tags ?? 'properties') === 'properties'
      for (const [tag, value] of Object.entries(query.tags ?? {}))
        where.set(`${tagged ? 'properties' : 'envelope'}.tags.${tag}`, value ?? null)
      const rows = await listRows(store.db, {
        type: query.type,
        parent: query.parent === undefined ? undefined : keyOf(query.parent),
        scope: query.scope === undefined ? undefined : keyOf(query.scope),
        view: query.view ?? 'active',
        where,
        orderBy: field[query.orderBy?.field ?? 'createdAt'],
        descending: query.orderBy?.descending ?? true,
        skip: query.skip ?? 0,
        top: query.top ?? 1000,
      })
      return rows.map((row) => fromRow<P, S>(row))
    },

    async put<P>(actor: Actor, id: string, body: ResourceBody, options: WriteOptions = {}) {
      const definition = catalogue.definitionOf(id)
      const target = catalogue.canonical(id, definition)
      await access.require(actor, `${fullType(definition)}/write`, target)
      for (let attempt = 0; attempt < optimisticTries; attempt++) {
        const written = await write(actor, target, definition, body, await resources.find(target), options)
        if (written !== undefined) return written as Written<P>
      }
      throw errors.conflict(`'${target}' is being written by others; try again.`, { retryAfter: 1 })
    },

    async patch<P>(actor: Actor, id: string, patch: Json, options: WriteOptions = {}) {
      const definition = catalogue.definitionOf(id)
      const target = catalogue.canonical(id, definition)
      await access.require(actor, `${fullType(definition)}/write`, target)
      for (let attempt = 0; attempt < optimisticTries; attempt++) {
        const before = await resources.find(target)
        if (before === undefined) throw await missing(target)
        const merged = mergePatch(
          { ...before.envelope, properties: before.properties },
          patch,
        ) as ResourceBody
        const written = await write(actor, target, definition, merged, before, options)
        if (written !== undefined) return written as Written<P>
      }
      throw errors.conflict(`'${target}' is being written by others; try again.`, { retryAfter: 1 })
    },

    async remove(actor, id, options = {}) {
      const definition = catalogue.definitionOf(id)
      await access.require(actor, `${fullType(definition)}/delete`, id)
      const before = await resources.find(id)
      checkPreconditions(`'${id}'`, before, options)
      if (before === undefined) return false
      const platform = parts.platform()
      for (const row of await rowsBelow(store.db, before.key))
        await catalogue.definitions
          .find((d) => d.type === row.type)
          ?.beforeDelete?.(fromRow(row), platform, { root: before.key })
      await definition.beforeDelete?.(before, platform, { root: before.key })
      await commit(definition.type, async (tx) => {
        for (const row of (await rowsBelow(tx, before.key)).reverse())
          await removeOne(tx, row, actor, options.requestId ?? '')
        const row = await findRow(tx, before.key)
        if (row !== undefined) await removeOne(tx, row, actor, options.requestId ?? '')
      })
      return true
    },

    async act(actor, id, name, input) {
      const definition = catalogue.definitionOf(id)
      const entry = Object.entries(definition.actions ?? {}).find(
        ([n]) => n.toLowerCase() === name.toLowerCase(),
      )
      if (entry === undefined) {
        const known = Object.keys(definition.actions ?? {})
        const near = nearest(name, known)
        throw errors.noSuchRoute(
          `${definition.type} has no action '${name}'${near === undefined ? '' : `; did you mean '${near}'?`}`,
        )
      }
      const [actionName, action] = entry
      const operation = `${fullType(definition)}/${action.operation ?? `${actionName}/action`}`
      await access.require(actor, operation, id)
      const resource = action.runAhead === undefined ? await resources.get(id) : undefined
      const parsed =
        action.input === undefined
          ? input
          : (parseOrThrow(action.input, input, `The body of ${actionName}`) as Json)
      const target = resource?.id ?? catalogue.canonical(id, definition)
      const context = { platform: parts.platform(), actor, id: target, input: parsed }
      const result =
        resource === undefined
          ? await action.runAhead?.(context)
          : await action.run?.({ ...context, resource })
      await audit(store.db, actor, operation, keyOf(target), '', actionName)
      return result
    },

    async setStatus<P, S>(key: string, change: Json, options: Parameters<Resources['setStatus']>[2] = {}) {
      let result: Resource<P, S> | undefined
      let type = ''
      await commit(type, async (tx) => {
        const row = await findRow(tx, keyOf(key))
        if (row === undefined || (options.etag !== undefined && row.etag !== options.etag)) return
        type = row.type
        const status = JSON.stringify(mergeStatus(JSON.parse(row.status) as Json, change))
        if (status === row.status && options.also === undefined && (options.events ?? []).length === 0) {
          result = fromRow<P, S>(row)
          return
        }
        const next = { ...row, status, etag: newEtag(), modified_at: clock().getTime() }
        await replaceRow(tx, next, row.etag)
        await options.also?.(tx)
        await follow(tx, next, 'Status', options.events ?? [])
        result = fromRow<P, S>(next)
      })
      return result
    },

    async purge(key) {
      await commit('', async (tx) => {
        const row = await findRow(tx, keyOf(key))
        if (row === undefined) return
        await deleteRow(tx, row.key)
        await catalogue.definitions.find((d) => d.type === row.type)?.alsoOnDelete?.(fromRow(row), tx)
        await follow(tx, row, 'Delete', [])
      })
    },
  }
  return resources
}
