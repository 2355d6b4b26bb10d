import { UserError } from '../../../kernel/errors.ts'
import { asCloudEvent } from '../../../kernel/http/event-stream.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { scopeId } from '../../../kernel/resources/arm-id.ts'
import type { StoredEvent } from '../../../kernel/resources/resource.ts'
import { openConnection } from '../../connections.ts'
import type { Outcome } from '../../notices/attempts.ts'
import { formats } from '../../notices/webhook/formats.ts'
import { deliver, readWebhook, type Webhook } from '../../notices/webhook/send.ts'
import { secretsOf } from '../actions.ts'
import type { EventSubscription } from '../subscription.ts'
import { messageOf } from './message.ts'

/** An event as receivers get it: a CloudEvent, with its position beside. */
export const bodyOf = (event: StoredEvent) => ({ ...asCloudEvent(event), sequence: String(event.seq) })
export type EventBody = ReturnType<typeof bodyOf>

/** Where a subscription's events go. Throws a UserError for a connection that is gone or no webhook any more. */
export async function webhookOf(platform: Platform, subscription: EventSubscription): Promise<Webhook> {
  const { destination } = subscription.properties
  if (destination.endpointType === 'Connection') {
    const workspaceId = scopeId(subscription.id) ?? ''
    return readWebhook(await openConnection(platform, workspaceId, destination.properties.connection))
  }
  const { endpointUrl = '', secret } = await secretsOf(platform, subscription)
  return readWebhook({
    name: subscription.name,
    category: 'GenericHttp',
    target: endpointUrl,
    authType: secret === undefined ? 'None' : 'ApiKey',
    credentials: secret === undefined ? {} : { key: secret },
    metadata: {},
  })
}

/**
 * Delivers events to a subscription's receiver: one as CloudEvents' structured mode has it, several as a batch; to chats,
 * in their words. Never throws for what the receiver or a connection does: that is in the outcome.
 */
export async function deliverTo(
  platform: Platform,
  subscription: EventSubscription,
  events: readonly EventBody[],
  signal: AbortSignal,
): Promise<Outcome> {
  const [first] = events
  if (first === undefined) return { sent: true, answer: '' }
  let webhook: Webhook
  try {
    webhook = await webhookOf(platform, subscription)
  } catch (error) {
    if (error instanceof UserError) return { sent: false, error: error.message }
    throw error
  }
  const now = platform.clock()
  if (webhook.format !== formats['cloudevents']) {
    const about = { id: first.id, source: first.source, time: new Date(first.time), key: webhook.secret }
    const body = JSON.stringify(webhook.format.body(messageOf(first), about))
    return deliver(webhook, { id: first.id, body, now, signal })
  }
  if (events.length === 1) return deliver(webhook, { id: first.id, body: JSON.stringify(first), now, signal })
  return deliver(webhook, {
    id: `${first.id}+${events.length - 1}`,
    body: JSON.stringify(events),
    contentType: 'application/cloudevents-batch+json; charset=utf-8',
    now,
    signal,
  })
}
