import type { Db, Store } from '../../store/database.ts'
import { countRows, findRow, listRows, namesOf, replaceRow } from '../../store/resource-rows.ts'
import { requireSharedReads } from '../access/shared-references.ts'
import { errors } from '../errors.ts'
import { nearest } from '../nearest.ts'
import type { Access, Platform } from '../platform.ts'
import type { Outbox } from '../work/events.ts'
import type { Reconciler } from '../work/reconcile.ts'
import { inWords, keyOf, parseArmId } from './arm-id.ts'
import { operationOf, parentOf, type Catalogue } from './catalogue.ts'
import { createLedger } from './ledger.ts'
import { createRemoval } from './remove.ts'
import type {
  Action,
  Json,
  ListQuery,
  Resource,
  ResourceBody,
  ResourceDefinition,
  Resources,
  Writing,
  Written,
} from './resource.ts'
import { isQuestion } from './resource.ts'
import { fromRow, mergePatch, mergeStatus, newEtag } from './row.ts'
import { parseOrThrow } from './schema.ts'
import { createWrite } from './write.ts'
import { checkPreconditions } from './write-rules.ts'

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
const optimisticTries = 20

/** The one door to resources: see `Resources` for what each promises. */
export function createResources(parts: ResourcesParts): Resources {
  const { store, catalogue, access, clock } = parts
  const ledger = createLedger(parts)
  const write = createWrite({ ...parts, ledger, requireParent })
  const removal = createRemoval({ ...parts, ledger })

  async function missing(id: string): Promise<Error> {
    const definition = catalogue.definitionOf(id)
    const { names } = parseArmId(id)
    const near = nearest(names.at(-1) ?? '', await namesOf(store.db, keyOf(parentOf(id)), definition.type))
    return errors.notFound(
      `${inWords(definition.type, names)} does not exist.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
    )
  }

  /** The parent of a version is made along with it; any other must be there. */
  async function requireParent(writing: Writing, definition: ResourceDefinition) {
    const parent = parentOf(writing.id)
    if (parent === '' || definition.parent === 'any') return
    const found = await resources.find(parent)
    if (found?.deleting === true) throw errors.conflict(`'${parent}' is being deleted.`)
    if (found !== undefined) return
    if (definition.parent !== 'created') throw await missing(parent)
    const body = definition.parentBody?.(writing) ?? { properties: {} }
    try {
      await resources.put(writing.actor, parent, body, { ifNoneMatch: '*' })
    } catch (error) {
      if ((await resources.find(parent)) === undefined) throw error
    }
  }

  /** Tries until no other write comes between; `attempt` returns undefined if one did. */
  async function optimistically<T>(id: string, attempt: () => Promise<T | undefined>): Promise<T> {
    for (let i = 0; i < optimisticTries; i++) {
      const done = await attempt()
      if (done !== undefined) return done
    }
    throw errors.conflict(`'${id}' is being written by others; try again.`, { retryAfter: 1 })
  }

  /** The kind and canonical id of what is to be written, if the actor may. */
  async function writable(actor: Parameters<Resources['put']>[0], id: string) {
    const definition = catalogue.definitionOf(id)
    const target = catalogue.canonical(id, definition)
    await access.require(actor, operationOf(definition, 'write'), target)
    return { definition, target }
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

    async list<P, S>(query: ListQuery) {
      const rows = await listRows(store.db, rowQuery(query, catalogue.ofType(query.type)))
      return rows.map((row) => fromRow<P, S>(row))
    },

    count: (query) => countRows(store.db, rowQuery(query, catalogue.ofType(query.type))),

    async put<P>(...[actor, id, body, options = {}]: Parameters<Resources['put']>) {
      const { definition, target } = await writable(actor, id)
      const written = await optimistically(target, async () => {
        const before = await resources.find(target)
        return write({ actor, id: target, definition, body, before, options })
      })
      return written as Written<P>
    },

    async patch<P>(...[actor, id, patch, options = {}]: Parameters<Resources['patch']>) {
      const { definition, target } = await writable(actor, id)
      const written = await optimistically(target, async () => {
        const before = await resources.find(target)
        if (before === undefined) throw await missing(target)
        const body = mergePatch({ ...before.envelope, properties: before.properties }, patch) as ResourceBody
        return write({ actor, id: target, definition, body, before, options })
      })
      return written as Written<P>
    },

    async remove(actor, id, options = {}) {
      const definition = catalogue.definitionOf(id)
      await access.require(actor, operationOf(definition, 'delete'), id)
      const before = await resources.find(id)
      checkPreconditions(`'${id}'`, before, options)
      if (before === undefined) return false
      await removal.remove(actor, before, options.requestId ?? '')
      return true
    },

    async act(actor, id, name, given, { signal } = {}) {
      const definition = catalogue.definitionOf(id)
      const [actionName, action] = actionOf(definition, name)
      const operation = operationOf(definition, action.operation ?? `${actionName}/action`)
      await access.require(
        actor,
        action.decidesAccess === true ? operationOf(definition, 'read') : operation,
        id,
      )
      const resource = action.runAhead === undefined ? await resources.get(id) : undefined
      const target = resource?.id ?? catalogue.canonical(id, definition)
      const input =
        action.input === undefined
          ? given
          : (parseOrThrow(action.input, given, `The body of ${actionName}`) as Json)
      await requireSharedReads(parts.platform(), actor, input)
      const context = {
        platform: parts.platform(),
        actor,
        id: target,
        input,
        ...(signal === undefined ? {} : { signal }),
      }
      const result =
        resource === undefined
          ? await action.runAhead?.(context)
          : await action.run?.({ ...context, resource })
      if (!isQuestion(action))
        await ledger.audit(store.db, {
          actor,
          operation,
          key: keyOf(target),
          requestId: '',
          detail: actionName,
        })
      return result
    },

    async setStatus<P, S>(...[key, change, options = {}]: Parameters<Resources['setStatus']>) {
      const written = await optimistically(key, () =>
        ledger.commit('', async (tx): Promise<{ readonly resource?: Resource<P, S> } | undefined> => {
          const row = await findRow(tx, keyOf(key))
          if (row === undefined || (options.etag !== undefined && row.etag !== options.etag)) return {}
          const status = JSON.stringify(mergeStatus(JSON.parse(row.status) as Json, change))
          const { also, events = [] } = options
          if (status === row.status && also === undefined && events.length === 0)
            return { resource: fromRow<P, S>(row) }
          const next = { ...row, status, etag: newEtag(), modified_at: clock().getTime() }
          if (!(await replaceRow(tx, next, row.etag))) return undefined
          await also?.(tx)
          await ledger.follow(tx, next, 'Status', events)
          return { resource: fromRow<P, S>(next) }
        }),
      )
      return written.resource
    },

    purge: (key) => removal.purge(keyOf(key)),
  }
  return resources
}

/** The action of that name, in any case. Throws noSuchRoute with the nearest one. */
function actionOf(definition: ResourceDefinition, name: string): [string, Action] {
  const actions = Object.entries(definition.actions ?? {})
  const found = actions.find(([known]) => known.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found
  const near = nearest(
    name,
    actions.map(([known]) => known),
  )
  throw errors.noSuchRoute(
    `${definition.type} has no action '${name}'${near === undefined ? '' : `; did you mean '${near}'?`}`,
  )
}

function rowQuery(
  query: ListQuery,
  definition: ResourceDefinition | undefined,
): Parameters<typeof listRows>[1] {
  const tags = `${definition?.tags ?? 'properties'}.tags`
  const where = new Map<string, string | null>(Object.entries(query.where ?? {}))
  for (const [tag, value] of Object.entries(query.tags ?? {})) where.set(`${tags}.${tag}`, value ?? null)
  for (const [label, value] of Object.entries(query.labels ?? {}))
    where.set(`properties.properties.${label}`, value ?? null)
  return {
    type: query.type,
    parent: query.parent === undefined ? undefined : keyOf(query.parent),
    scope: query.scope === undefined ? undefined : keyOf(query.scope),
    view: query.view ?? 'active',
    where,
    conditions: query.conditions ?? [],
    ...(query.search === undefined ? {} : { search: query.search }),
    orderBy: query.orderBy?.field ?? 'createdAt',
    descending: query.orderBy?.descending ?? true,
    skip: query.skip ?? 0,
    top: query.top ?? 1000,
  }
}
