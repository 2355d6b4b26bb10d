import type { z } from 'zod'
import type { Actor } from '../access/access.ts'
import type { Db } from '../../store/database.ts'
import type { Platform } from '../platform.ts'

/** JSON objects as they travel; what is inside is checked by a resource's schema. */
export type Json = Readonly<Record<string, unknown>>

/** One resource as the store has it. `properties` is what was asked for, `status` is what the platform found. */
export interface Resource<P = Json, S = Json> {
  /** Canonical spelling, e.g. `/subscriptions/…/workspaces/dev/models/flight-delay/versions/1`. */
  readonly id: string
  /** The id in lower case, by which resources are found and compared. */
  readonly key: string
  /** ARM type below its provider, e.g. `workspaces/models/versions`. */
  readonly type: string
  readonly name: string
  /** Key of the parent resource; '' for one that has none. */
  readonly parent: string
  /** Key of the workspace or registry it belongs to; '' above those. */
  readonly scope: string
  /** Top-level fields beside `properties`: tags, location, kind, identity, sku. */
  readonly envelope: Envelope
  readonly properties: P
  readonly status: S
  /** Changes with every write, of properties or of status. */
  readonly etag: string
  /** Counts the changes of what was asked for. */
  readonly generation: number
  readonly archived: boolean
  /** True once its deletion was asked for and its reconciler has not yet let it go. */
  readonly deleting: boolean
  readonly createdAt: Date
  readonly createdBy: string
  readonly createdByType: Actor['kind']
  readonly modifiedAt: Date
  readonly modifiedBy: string
  readonly modifiedByType: Actor['kind']
}

export interface Envelope {
  readonly tags?: Readonly<Record<string, string>>
  readonly location?: string
  readonly kind?: string
  readonly identity?: Json
  readonly sku?: Json
}

/** What a client sends: a resource without what the platform decides. */
export interface ResourceBody<P = Json> extends Envelope {
  readonly properties: P
}

/** A write that is about to happen, for a definition's `prepare`. */
export interface Writing<P = Json> {
  readonly id: string
  readonly name: string
  readonly scope: string
  readonly body: ResourceBody<P>
  /** The resource as it is, or undefined if it is being created. */
  readonly before: Resource<P> | undefined
  readonly actor: Actor
}

/** What `prepare` decides: the properties to keep and the status to start from. */
export interface Prepared<P = Json> {
  readonly properties?: P
  readonly envelope?: Envelope
  /** Merged over the present status in the same transaction as the write. */
  readonly status?: Json
  /** True: written even if it asks for what was there already (what has failed is tried again). */
  readonly again?: boolean
  /** More writes for the same transaction (the principal that a service principal is, for instance). */
  readonly also?: (db: Db) => Promise<void>
  /** Told in the same transaction, if anything is written. */
  readonly events?: readonly NewEvent[]
}

/** What is about to be deleted, for a definition's `beforeDelete`. */
export interface Deletion {
  /** Key of the resource that was named: the resource itself, or one above it with which it goes. */
  readonly root: string
}

/** A POST action such as `cancel` or `listKeys`. */
export interface Action {
  /** Operation it needs, relative to the resource's type: `listKeys/action`. Default `{name}/action`. */
  readonly operation?: string
  /**
   * True: `run` itself finds out whether the actor may, and throws forbidden if not, where roles at the resource alone
   * cannot tell (somebody may stand in for another). Beforehand it is only asked whether the actor may read the resource.
   */
  readonly decidesAccess?: boolean
  /**
   * True: it answers a question, changes nothing and hands out no secret, which is no entry of the audit log. Default: whether
   * reading allows it (`isQuestion`).
   */
  readonly asks?: boolean
  readonly input?: z.ZodType
  /** Returns the body of a 200; undefined answers 204. `accepted` answers 202 with a Location to poll. */
  run?(context: ActionContext): Promise<ActionResult>
  /** Instead of `run`, for what is asked before the resource is made, such as where to upload it. */
  runAhead?(context: Omit<ActionContext, 'resource'>): Promise<ActionResult>
}

type ActionResult = { readonly body?: unknown; readonly accepted?: boolean } | undefined

/** Whether an action is a question: what reading allows is looked at like what is read, and not recorded either. */
export const isQuestion = ({ operation = '', asks }: Pick<Action, 'operation' | 'asks'>): boolean =>
  asks ?? /(?:^|\/)read$/.test(operation)

export interface ActionContext {
  readonly platform: Platform
  readonly actor: Actor
  /** Id as it was asked for; the resource's own, if it is there. */
  readonly id: string
  readonly resource: Resource
  readonly input: Json
  /** Aborts when whoever asked has gone. */
  readonly signal?: AbortSignal
}

/**
 * What a kind of resource is: everything else (routes, validation, permissions, paging, audit, events) derives
 * from this. One file per kind, listed in `rooms.ts`.
 */
export interface ResourceDefinition<P = Json> {
  /** ARM type with its canonical case, e.g. `workspaces/onlineEndpoints/deployments`. */
  readonly type: string
  /** Provider namespace; default `Microsoft.MachineLearningServices`. */
  readonly provider?: string
  /** `registry`: registries have it as well, as `registries/…` (see `inRegistry`). Default: only workspaces. */
  readonly scopes?: readonly ('workspace' | 'registry')[]
  /** What permissions call it, where that is not its type: all assets of a registry are `registries/assets`. */
  readonly permission?: string
  /** One sentence for help and the compatibility page. */
  readonly summary: string
  /** Canonical `properties`. Use `oneOf` for enums, so that any case and old spellings are understood. */
  readonly schema: z.ZodType<P>
  /** Where tags are: `properties` for assets and jobs, `envelope` for tracked resources. Default `properties`. */
  readonly tags?: 'properties' | 'envelope'
  /** What a name must look like; default Azure ML's for assets. */
  readonly name?: RegExp
  /** Properties that may not change once set: a different value is 400 with the reason. */
  readonly immutable?: readonly string[]
  /** Properties that are kept encrypted and never returned. */
  readonly secret?: readonly string[]
  /** Container of versions: then `latestVersion` and `nextVersion` are presented, and a version's PUT makes it. */
  readonly container?: boolean
  /** Must the parent exist? Default `required`; a version makes its container; an assignment may hang on anything. */
  readonly parent?: 'required' | 'created' | 'any'
  /** For `created`: what the parent is made of. Default: no properties. */
  parentBody?(writing: Writing<P>): ResourceBody
  /** Query parameters of LIST beyond Azure's common ones, and the path each compares, e.g. `{ jobType: 'properties.jobType' }`. */
  readonly filters?: Readonly<Record<string, string>>
  /** Further paths that `$filter` and `$orderBy` know by name, beside those of `filters`. */
  readonly fields?: Readonly<Record<string, string>>
  /** Paths in which `$search` looks, beside the name. */
  readonly searched?: readonly string[]
  /** What LIST keeps to unless the client gives the filter `unless`: jobs, for instance, but no steps of pipelines. */
  readonly listed?: { readonly where: Readonly<Record<string, string>>; readonly unless: string }
  /** Path of the text `Enabled` or `Disabled`, by which LIST's `EnabledOnly` and `DisabledOnly` choose. */
  readonly switched?: string
  /** PUT and DELETE are long-running: done when status.provisioningState is Succeeded, Failed or Canceled. */
  readonly longRunning?: boolean
  /** Status of a PUT that creates; default 201, but Azure's clients want 200 of some kinds. */
  readonly createdStatus?: 200 | 201
  /** True: DELETE only marks it, and its reconciler calls `resources.purge` when all is cleaned up. */
  readonly reconciledDelete?: boolean
  /** Reads or checks what the write refers to, before anything is written; throws a UserError to refuse. */
  prepare?(writing: Writing<P>, platform: Platform): Promise<Prepared<P> | undefined>
  /** Refuses a deletion by throwing (for instance while something uses it). */
  beforeDelete?(resource: Resource<P>, platform: Platform, deletion: Deletion): Promise<void>
  /** More writes for the transaction of its deletion, alone or along with its parent. */
  alsoOnDelete?(resource: Resource<P>, db: Db): Promise<void>
  /** Read-only properties that are computed rather than stored; merged into what is presented. */
  present?(resource: Resource<P>, platform: Platform): Promise<Json> | Json
  readonly actions?: Readonly<Record<string, Action>>
}

/** The one door to resources, for REST and for the platform's own actions alike. */
export interface Resources {
  /** Throws notFound, naming the nearest name there is. */
  get<P = Json, S = Json>(id: string): Promise<Resource<P, S>>
  find<P = Json, S = Json>(id: string, db?: Db): Promise<Resource<P, S> | undefined>
  list<P = Json, S = Json>(query: ListQuery): Promise<readonly Resource<P, S>[]>
  /** How many there are, whatever `skip` and `top` say. */
  count(query: ListQuery): Promise<number>
  /** Creates or replaces. Checks access, schema, immutability and references; row, audit, event and work are one transaction. */
  put<P = Json>(actor: Actor, id: string, body: ResourceBody, options?: WriteOptions): Promise<Written<P>>
  /** Merges as RFC 7396 over what is there, then as `put`. */
  patch<P = Json>(actor: Actor, id: string, patch: Json, options?: WriteOptions): Promise<Written<P>>
  /** False if there was none. Children go with it. */
  remove(actor: Actor, id: string, options?: WriteOptions): Promise<boolean>
  /** Runs a POST action with access check and audit. */
  act(
    actor: Actor,
    id: string,
    action: string,
    input: Json,
    options?: { readonly signal?: AbortSignal },
  ): Promise<{ body?: unknown; accepted?: boolean } | undefined>
  /**
   * For reconcilers: merges into status (a null deletes a key), with the events it means, in one transaction. Does
   * nothing and returns undefined if the resource has gone. Wakes whoever reconciles this type, unless nothing changed.
   */
  setStatus<P = Json, S = Json>(
    key: string,
    status: Json,
    options?: StatusOptions,
  ): Promise<Resource<P, S> | undefined>
  /** For reconcilers: removes a resource whose `deleting` they have finished. */
  purge(key: string): Promise<void>
}

export interface StatusOptions {
  readonly events?: readonly NewEvent[]
  /** Only if the resource still has this etag; otherwise nothing is written and the answer is undefined. */
  readonly etag?: string
  /** More writes for the same transaction (a run's end beside its job's, for instance). */
  readonly also?: (db: Db) => Promise<void>
}

export interface ListQuery {
  readonly type: string
  /** Key or id of the parent: its direct children. */
  readonly parent?: string
  /** Key or id of the workspace or registry: everything of this type below it. */
  readonly scope?: string
  readonly view?: 'active' | 'archived' | 'all'
  readonly tags?: Readonly<Record<string, string | undefined>>
  /** Names of `properties.properties`, with the value of each or undefined if any will do. */
  readonly labels?: Readonly<Record<string, string | undefined>>
  /** `createdAt`, `modifiedAt`, `createdBy`, `name` or a dotted path. Default createdAt, newest first. */
  readonly orderBy?: { readonly field: string; readonly descending: boolean }
  /** Equality on string properties or status values, by dotted path, e.g. `{ 'properties.parentJob': '…' }`. */
  readonly where?: Readonly<Record<string, string>>
  /** All must hold. */
  readonly conditions?: readonly ListCondition[]
  /** Words of which each must stand in one of the paths, in any case of letters. */
  readonly search?: { readonly words: readonly string[]; readonly paths: readonly string[] }
  readonly skip?: number
  readonly top?: number
}

/** A comparison with what is at a path: `name`, `createdAt`, `createdBy`, `modifiedAt` (in ms) or a dotted path. */
export interface ListCondition {
  readonly path: string
  readonly comparator: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'in' | 'contains' | 'startswith'
  /** Several for `in`. */
  readonly value: string | number | readonly (string | number)[]
}

export interface WriteOptions {
  /** Etag the resource must have; `*` that it must exist. */
  readonly ifMatch?: string
  /** `*`: it must not exist. */
  readonly ifNoneMatch?: string
  readonly requestId?: string
  /** The platform's own findings about what it writes, for the same transaction; they win over those of `prepare`. */
  readonly along?: Pick<Prepared, 'status' | 'also'>
}

export interface Written<P = Json> {
  readonly resource: Resource<P>
  readonly created: boolean
  /** False if the body asked for what was there already: nothing was written, no event, no work. */
  readonly changed: boolean
}

/** An event to be written with the change that it tells of. */
export interface NewEvent {
  /** CloudEvents type, e.g. `Microsoft.MachineLearningServices.ModelRegistered` or `Twinloop.JobStarted`. */
  readonly type: string
  /** e.g. `models/flight-delay:1`, `jobs/plucky_heron_4f2k`. */
  readonly subject: string
  /** Id of the workspace or registry it is of. */
  readonly source: string
  readonly data: Json
}

export interface StoredEvent extends NewEvent {
  readonly seq: number
  readonly id: string
  readonly time: Date
}
