import type { DocumentGrammar } from './grammar/document.ts'
import type { Hono } from 'hono'
import type { Analytics } from '../analytics/analytics.ts'
import type { Artifacts } from '../artifacts/artifacts.ts'
import type { Compute } from '../compute/compute.ts'
import type { Config } from '../config.ts'
import type { Store } from '../store/database.ts'
import type { Actor } from './access/access.ts'
import type { RoleDefinition } from './access/roles.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Frame } from './rest/arm.ts'
import type { Series } from './telemetry/series.ts'
import type { EventTypes } from './work/event-types.ts'
import type { Reconciler } from './work/reconcile.ts'
import type { Action, NewEvent, ResourceDefinition, Resources, StoredEvent } from './resources/resource.ts'
import type { Db } from '../store/database.ts'

/** What every room is given: made once in `app.ts`. */
export interface Platform {
  readonly config: Config
  readonly store: Store
  readonly artifacts: Artifacts
  readonly compute: Compute
  readonly analytics: Analytics
  readonly resources: Resources
  readonly access: Access
  readonly events: Events
  readonly secrets: Secrets
  readonly metrics: Metrics
  /** Measurements over time, of the machine, of endpoints and of models alike. */
  readonly series: Series
  readonly log: Log
  readonly clock: () => Date
  /** Addresses that clients can reach this server at. */
  readonly urls: Urls
  /** The identity under which the platform itself acts, e.g. `identity('training')`. */
  identity(room: string): Actor
  /** Asks a reconciler to look at a resource now (or in `delayMs`), e.g. because a process ended. */
  wake(reconciler: string, key: string, delayMs?: number): void
}

export interface Urls {
  /** `http://127.0.0.1:7077`, no slash at the end. */
  readonly http: string
  /** `https://127.0.0.1:7443`, what Azure's clients are given. */
  readonly https: string
  /** Where the scoring gateway listens; '' until it has chosen its port, if it may choose. Set by the serving room. */
  gateway: string
}

export interface Access {
  /** The actor behind a request's credentials (Bearer or Basic, whose password is a token). Throws unauthenticated. */
  authenticate(headers: Headers): Promise<Actor>
  /** Deny by default. `operation` as Azure spells it, e.g. `Microsoft.MachineLearningServices/workspaces/jobs/write`. */
  can(actor: Actor, operation: string, id: string): Promise<boolean>
  /** Throws forbidden, naming actor, operation and scope. */
  require(actor: Actor, operation: string, id: string): Promise<void>
  /** Who holds which role at `id`, there or above, read anew: what another server has changed counts at once. */
  holders(id: string): Promise<readonly { readonly principal: string; readonly role: RoleDefinition }[]>
  /**
   * Makes a token for the principal and returns it, the only time it can be seen. `confinedTo` limits it to a
   * resource and what is below; `expiresAt` ends it.
   */
  issueToken(
    principalId: string,
    options: { purpose: string; confinedTo?: string; expiresAt?: Date },
  ): Promise<string>
  revokeTokens(principalId: string, purpose: string): Promise<void>
  /** Understands tokens of another kind than our own opaque ones (signed ones, for instance). Undefined: not one of mine. */
  addVerifier(verify: (token: string) => Promise<Actor | undefined>): void
  /** Forgets what was read of roles and tokens: to be called after a change of either. */
  forget(): void
}

export interface Events {
  /** Writes events in the caller's transaction; they are delivered after it commits, at least once, in order. */
  emit(db: Db, events: readonly NewEvent[]): Promise<void>
  /** Registers an inside consumer; each event is redelivered until `handle` returns. Call before the server starts. */
  subscribe(consumer: EventConsumer): void
  /** Live tail for event streams, from after `seq`. */
  tail(afterSeq: number, signal: AbortSignal): AsyncIterable<StoredEvent>
}

export interface EventConsumer {
  /** Stable name, under which its position is kept. */
  readonly name: string
  readonly types: readonly string[]
  handle(event: StoredEvent, platform: Platform): Promise<void>
}

/** Values encrypted at rest (AES-256-GCM), by name. Never logged, never presented. */
export interface Secrets {
  set(name: string, value: string, db?: Db): Promise<void>
  get(name: string): Promise<string | undefined>
  remove(name: string, db?: Db): Promise<void>
}

/** One room of the house, as `rooms.ts` lists it. */
export interface Room {
  readonly name: string
  readonly definitions: readonly ResourceDefinition[]
  /**
   * Actions on resources of rooms below, by type and name: a question about a workspace's data, for instance, is
   * asked of the workspace.
   */
  readonly actions?: Readonly<Record<string, Readonly<Record<string, Action>>>>
  readonly reconcilers?: readonly Reconciler[]
  readonly consumers?: readonly EventConsumer[]
  /** Documents that people write in words of this room's own: editors ask what may stand in them. */
  readonly grammars?: readonly DocumentGrammar[]
  /** What it tells of, as events' types with what each means. */
  readonly eventTypes?: EventTypes
  /** HTTP surfaces of its own protocols (MLflow, blobs), mounted at the root. The ARM surface is the kernel's. */
  routes?(platform: Platform): Hono<Frame>
  /** Runs once at start, before requests are taken; must be idempotent (default workspace, default datastores). */
  start?(platform: Platform): Promise<void>
  stop?(platform: Platform): Promise<void>
  /** Forgets what the room keeps for a time only, once an hour. */
  tidy?(platform: Platform): Promise<void>
  /** Ends what outlives a server (deployments, their gateway), when a whole installation goes down. Before `stop`. */
  end?(platform: Platform): Promise<void>
}
