import { publicUrl } from '../../../kernel/http/public-url.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { StoredEvent } from '../../../kernel/resources/resource.ts'
import type { Reconciler } from '../../../kernel/work/reconcile.ts'
import { UserError } from '../../../kernel/errors.ts'
import { eventsAfter } from '../../../store/event-rows.ts'
import { pauseAfter, type Outcome } from '../../notices/attempts.ts'
import { keepDeadLetter } from '../dead-letters.ts'
import { matches } from '../filter/filter.ts'
import {
  asSubscription,
  eventSubscriptions,
  subscriptionsReconciler,
  type EventSubscription,
  type SubscriptionStatus,
} from '../subscription.ts'
import { bodyOf, deliverTo, webhookOf } from './deliver.ts'
import { refusalOf } from './validate.ts'

/** Receivers that are called at once: one that does not answer must not hold up the reconcilers of anything else. */
const [atOnce, busyMs] = [6, 200]
/** How long one turn goes on before others have theirs. */
const turnMs = 2000
const page = 500
/** The receiver is asked again whether it wants events after this long. */
const validateAgainMs = 30_000
const longestWaitMs = 3_600_000
const longestPauseMs = 8 * 3_600_000

/** Delivers to each subscription what it wants of what happened, one after another. */
export function createSubscriptionReconciler(): Reconciler {
  let underWay = 0
  /** Up to where this server has seen that nothing is wanted, which is not worth a write. */
  const seen = new Map<string, { readonly etag: string; readonly position: number }>()
  return {
    name: subscriptionsReconciler,
    types: [eventSubscriptions.type],
    async reconcile(resource, { platform, signal }) {
      const subscription = asSubscription(resource)
      const { status, properties, key, etag } = subscription
      const now = platform.clock().getTime()
      const { expirationTimeUtc: end } = properties
      if (status.paused !== undefined || (end != null && Date.parse(end) <= now)) return undefined
      const pause = Date.parse(status.nextAttemptAt ?? '') - now
      if (pause > 0) return { again: Math.min(pause, longestWaitMs) }
      if (underWay >= atOnce) return { again: busyMs }
      underWay++
      try {
        if (!(await isWanted(platform, subscription, signal))) return { again: validateAgainMs }
        const known = seen.get(key)
        const from = Math.max(status.position, known?.etag === etag ? known.position : 0)
        const turn = await takeTurn(platform, subscription, from, signal)
        if (turn.etag !== undefined) seen.set(key, { etag: turn.etag, position: turn.position })
        return turn.again === undefined ? undefined : { again: turn.again }
      } finally {
        underWay--
      }
    },
  }
}

/** True once the receiver has said that it wants events, where it is to be asked. */
async function isWanted(
  platform: Platform,
  { properties, status, key, generation }: EventSubscription,
  signal: AbortSignal,
): Promise<boolean> {
  const { destination } = properties
  if (destination.endpointType !== 'WebHook' || !destination.properties.validate || status.validated === true)
    return true
  const found = asSubscription(await platform.resources.get(key))
  const refusal = await refusalOf(await webhookOf(platform, found), new URL(publicUrl(platform)).host, signal)
  if (found.generation !== generation) return false
  await platform.resources.setStatus(
    key,
    refusal === undefined ? { validated: true, lastError: null } : { lastError: refusal },
    { etag: found.etag },
  )
  return refusal === undefined
}

interface Turn {
  readonly again?: number
  readonly position: number
  readonly etag?: string
}

/** Delivers for a while: what is replayed first, then what is new. Ends at the first that is not taken. */
async function takeTurn(
  platform: Platform,
  first: EventSubscription,
  from: number,
  signal: AbortSignal,
): Promise<Turn> {
  const ends = platform.clock().getTime() + turnMs
  let subscription = first
  let position = from
  while (!signal.aborted) {
    const { replay } = subscription.status
    const after = replay === undefined ? position : replay.next - 1
    const events = await read(platform, after)
    const ahead = replay === undefined ? events : events.filter(({ seq }) => seq <= replay.to)
    const batch = nextBatch(subscription, ahead)
    const last = batch.at(-1) ?? ahead.at(-1)
    if (batch.length === 0) {
      if (replay !== undefined && (last === undefined || last.seq >= replay.to)) {
        const written = await write(platform, subscription, { replay: null })
        if (written === undefined) return { position, again: 0 }
        subscription = written
        continue
      }
      if (last === undefined) break
      if (replay === undefined) position = last.seq
      else {
        const written = await write(platform, subscription, { replay: { ...replay, next: last.seq + 1 } })
        if (written === undefined) return { position, again: 0 }
        subscription = written
      }
      continue
    }
    const outcome = await deliverTo(platform, subscription, batch.map(bodyOf), signal)
    signal.throwIfAborted()
    const settled = await settle(platform, subscription, batch, outcome)
    if (settled === undefined) return { position, again: 0 }
    subscription = settled
    if (replay === undefined) position = Math.max(position, subscription.status.position)
    if (!outcome.sent && subscription.status.attempts > 0) return { position }
    if (platform.clock().getTime() >= ends) return { position, again: 0, etag: subscription.etag }
  }
  return { position, etag: subscription.etag }
}

async function read(platform: Platform, after: number): Promise<readonly StoredEvent[]> {
  const rows = await eventsAfter(platform.store.db, after, page)
  return rows.map(({ time, data, ...row }) => ({
    ...row,
    time: new Date(time),
    data: JSON.parse(data) as StoredEvent['data'],
  }))
}

/** The next events that are wanted, as many as go at once. */
function nextBatch({ properties, scope }: EventSubscription, events: readonly StoredEvent[]) {
  const most = properties.destination.properties.maxEventsPerBatch
  const batch: StoredEvent[] = []
  for (const event of events) {
    if (batch.length >= most) break
    if (event.source.toLowerCase() === scope && matches(properties.filter, event)) batch.push(event)
  }
  return batch
}

/** Writes down how a delivery went; undefined where the subscription was changed meanwhile. */
async function settle(
  platform: Platform,
  subscription: EventSubscription,
  batch: readonly StoredEvent[],
  outcome: Outcome,
): Promise<EventSubscription | undefined> {
  const { status } = subscription
  const now = platform.clock()
  const last = batch.at(-1)?.seq ?? status.position
  const onward =
    status.replay === undefined
      ? { position: last }
      : { replay: { ...status.replay, next: last + 1, delivered: status.replay.delivered + batch.length } }
  const fresh = { attempts: 0, nextAttemptAt: null, lastError: null, failingSince: null }
  if (outcome.sent)
    return write(platform, subscription, {
      ...onward,
      ...fresh,
      delivered: status.delivered + batch.length,
      lastDeliveredAt: now.toISOString(),
    })
  const attempts = status.attempts + 1
  const pause = pauseFor(subscription, attempts, outcome, now.getTime())
  if (pause !== undefined)
    return write(platform, subscription, {
      attempts,
      lastError: outcome.error,
      failingSince: status.failingSince ?? now.toISOString(),
      nextAttemptAt: new Date(now.getTime() + pause).toISOString(),
    })
  for (const event of batch)
    await keepDeadLetter(platform, subscription, event, { reason: outcome.error, attempts })
  return write(platform, subscription, {
    ...onward,
    ...fresh,
    lastError: outcome.error,
    deadLetters: status.deadLetters + batch.length,
  })
}

/** The pause before the next attempt; undefined where it is given up. */
function pauseFor(
  { properties, status }: EventSubscription,
  attempts: number,
  outcome: Outcome,
  now: number,
): number | undefined {
  const { maxDeliveryAttempts: most, eventTimeToLiveInMinutes: minutes } = properties.retryPolicy
  // As Event Grid has it: what is no event to the receiver, or too large, will not become one.
  const isFutile = !outcome.sent && /^(?:400|413)\b/.test(outcome.error)
  if (attempts >= most || isFutile || isGone(outcome)) return undefined
  const pause = pauseAfter(attempts, outcome) ?? longestPauseMs
  const since = Date.parse(status.failingSince ?? '') || now
  return now + pause - since > minutes * 60_000 ? undefined : pause
}

const isGone = (outcome: Outcome) => !outcome.sent && outcome.permanent === true

/** Writes the status unless somebody else wrote the subscription meanwhile. */
async function write(
  platform: Platform,
  subscription: EventSubscription,
  change: { readonly [K in keyof SubscriptionStatus]?: SubscriptionStatus[K] | null },
): Promise<EventSubscription | undefined> {
  try {
    const written = await platform.resources.setStatus(subscription.key, change, { etag: subscription.etag })
    return written === undefined ? undefined : asSubscription(written)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
