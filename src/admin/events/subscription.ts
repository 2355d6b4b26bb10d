import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import { childId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource, ResourceDefinition, Writing } from '../../kernel/resources/resource.ts'
import { oneOf, textMap } from '../../kernel/resources/schema.ts'
import { lastSeq } from '../../store/event-rows.ts'
import { openConnection } from '../connections.ts'
import { readWebhook } from '../notices/webhook/send.ts'
import { getFullUrl, pause, replay, resume } from './actions.ts'
import { filterSchema } from './filter/filter.ts'
import { testDelivery } from './test-delivery.ts'

const webhook = z.looseObject({
  endpointType: oneOf(['WebHook']),
  properties: z.looseObject({
    /** Where events are posted; kept secret, as it may hold a key. */
    endpointUrl: z.string().nullish(),
    /** What signs them, by Standard Webhooks. */
    secret: z.string().min(8, 'is shorter than 8 characters').nullish(),
    maxEventsPerBatch: z.int().min(1).max(5000).default(1),
    /** True: it is asked by OPTIONS whether it wants them, as CloudEvents' protection against abuse has it. */
    validate: z.boolean().default(false),
  }),
})
const connection = z.looseObject({
  endpointType: oneOf(['Connection']),
  properties: z.looseObject({
    /** A connection of the workspace whose target is a webhook. */
    connection: z.string().min(1),
    maxEventsPerBatch: z.int().min(1).max(5000).default(1),
  }),
})

const schema = z.looseObject({
  description: z.string().nullish(),
  tags: textMap.nullish(),
  destination: z.union([webhook, connection], {
    error:
      'expected { endpointType: WebHook, properties: { endpointUrl } } or { endpointType: Connection, properties: { connection } }',
  }),
  filter: z.preprocess((given) => given ?? {}, filterSchema),
  eventDeliverySchema: oneOf(['CloudEventSchemaV1_0']).default('CloudEventSchemaV1_0'),
  retryPolicy: z.preprocess(
    (given) => given ?? {},
    z.looseObject({
      maxDeliveryAttempts: z.int().min(1).max(30).default(30),
      eventTimeToLiveInMinutes: z.int().min(1).max(1440).default(1440),
    }),
  ),
  expirationTimeUtc: z.iso.datetime({ offset: true }).nullish(),
})
export type SubscriptionProperties = z.infer<typeof schema>

/** How far a subscription is. Times are ISO. */
export interface SubscriptionStatus extends Json {
  /** Every event up to here was delivered, was not wanted, or is a dead letter. */
  readonly position: number
  readonly delivered: number
  readonly deadLetters: number
  /** Of the event that is next. */
  readonly attempts: number
  /** When it was tried first. */
  readonly failingSince?: string
  readonly nextAttemptAt?: string
  readonly lastError?: string
  readonly lastDeliveredAt?: string
  readonly paused?: { readonly by: string; readonly at: string; readonly reason?: string }
  /** True once the receiver has said that it wants events. */
  readonly validated?: boolean
  /** Events that are delivered once more, before what is new. */
  readonly replay?: {
    readonly next: number
    readonly to: number
    readonly by: string
    readonly delivered: number
  }
}

export type EventSubscription = Resource<SubscriptionProperties, SubscriptionStatus>
export const asSubscription = (resource: Resource): EventSubscription =>
  resource as unknown as EventSubscription

/** Under this name the reconciler is woken. */
export const subscriptionsReconciler = 'admin/event-subscriptions'

/** Who outside is told of what happens in a workspace, in the order in which it happened. Shaped like Event Grid's. */
export const eventSubscriptions: ResourceDefinition<SubscriptionProperties> = {
  type: 'eventSubscriptions',
  provider: 'Twinloop',
  summary: 'Programs outside that are told of events: webhooks with filters, retries and dead letters.',
  schema,
  name: /^[a-zA-Z0-9-]{3,64}$/,
  secret: ['destination.properties.endpointUrl', 'destination.properties.secret'],
  prepare,
  present: (resource) => ({ state: stateOf(asSubscription(resource)) }),
  actions: { pause, resume, replay, test: testDelivery, getFullUrl },
}

async function prepare(writing: Writing<SubscriptionProperties>, platform: Platform) {
  const { id, actor, before, body } = writing
  const workspaceId = scopeId(id)
  if (
    workspaceId === undefined ||
    !/\/workspaces\/[^/]+\/providers\/twinloop\/eventsubscriptions\/[^/]+$/i.test(id)
  )
    throw errors.badRequest(`An event subscription is to the events of a workspace; '${id}' is not in one.`)
  const { destination } = body.properties
  if (destination.endpointType === 'Connection') {
    const { connection: name } = destination.properties
    readWebhook(await openConnection(platform, workspaceId, name))
    // Whoever has the server use a connection could read it as well.
    await platform.access.require(
      actor,
      'Microsoft.MachineLearningServices/workspaces/connections/listSecrets/action',
      childId(workspaceId, 'connections', name),
    )
  } else checkUrl(destination.properties.endpointUrl, before !== undefined)
  const again = { attempts: 0, nextAttemptAt: null, lastError: null, failingSince: null, validated: null }
  if (before !== undefined) return { properties: withBaseUrl(body.properties), status: again }
  const position = await lastSeq(platform.store.db)
  return {
    properties: withBaseUrl(body.properties),
    status: { position, delivered: 0, deadLetters: 0, attempts: 0 } satisfies SubscriptionStatus,
  }
}

function checkUrl(url: string | null | undefined, isKept: boolean): void {
  if (url == null && isKept) return
  const parsed = URL.parse(url ?? '')
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol))
    throw errors.validation(`'${url ?? ''}' is no http(s) address of a webhook.`, {
      target: 'properties.destination.properties.endpointUrl',
    })
}

/** The address without what may be secret in it, as Event Grid shows it. */
function withBaseUrl(properties: SubscriptionProperties): SubscriptionProperties {
  const { destination } = properties
  if (destination.endpointType !== 'WebHook' || destination.properties.endpointUrl == null) return properties
  const { origin, pathname } = new URL(destination.properties.endpointUrl)
  return {
    ...properties,
    destination: {
      ...destination,
      properties: { ...destination.properties, endpointBaseUrl: origin + pathname },
    },
  }
}

/** `active`, `paused`, `replaying`, `failing` (what is next could not be delivered yet), `validating`, `expired`. */
export function stateOf({ properties, status }: EventSubscription): string {
  const { expirationTimeUtc: end, destination } = properties
  if (end != null && Date.parse(end) <= Date.now()) return 'expired'
  if (status.paused !== undefined) return 'paused'
  const asks = destination.endpointType === 'WebHook' && destination.properties.validate
  if (asks && status.validated !== true) return 'validating'
  if (status.attempts > 0) return 'failing'
  return status.replay === undefined ? 'active' : 'replaying'
}
