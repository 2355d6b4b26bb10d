import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Action, ResourceDefinition, StoredEvent } from '../../kernel/resources/resource.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { bodyOf, deliverTo } from './delivery/deliver.ts'
import { asSubscription, type EventSubscription } from './subscription.ts'

const keptMs = 30 * 86_400_000

const schema = z.looseObject({
  seq: z.int(),
  reason: z.string(),
  attempts: z.int(),
  /** The event as it was to be delivered. */
  event: z.looseObject({}),
})

/** An event that a subscription could not deliver: kept for 30 days, to be looked at and sent again. */
export const deadLetters: ResourceDefinition<z.infer<typeof schema>> = {
  type: 'eventSubscriptions/deadLetters',
  provider: 'Twinloop',
  summary: 'Events that could not be delivered, with the reason.',
  schema,
  name: /^\d+$/,
  async prepare({ actor, before }, platform) {
    if (before === undefined && actor.id !== platform.identity('admin').id)
      throw errors.forbidden(
        'Dead letters are what a subscription could not deliver; nobody else writes them.',
      )
    return undefined
  },
  actions: { resend: resend() },
}

/** `POST {deadLetter}/resend`: delivers it now, and removes it. Throws conflict, with the receiver's words, if it fails again. */
function resend(): Action {
  return {
    async run({ platform, resource, signal = new AbortController().signal }) {
      const subscription = asSubscription(await platform.resources.get(resource.parent))
      const event = resource.properties['event'] as ReturnType<typeof bodyOf>
      const outcome = await deliverTo(platform, subscription, [event], signal)
      if (!outcome.sent) throw errors.conflict(`It was not taken again: ${outcome.error}`)
      await platform.resources.remove(platform.identity('admin'), resource.id)
      return { body: { answer: outcome.answer } }
    },
  }
}

/** Keeps an event that is given up. */
export async function keepDeadLetter(
  platform: Platform,
  subscription: EventSubscription,
  event: StoredEvent,
  { reason, attempts }: { readonly reason: string; readonly attempts: number },
): Promise<void> {
  const id = childId(subscription.id, 'deadLetters', String(event.seq))
  const properties = { seq: event.seq, reason, attempts, event: bodyOf(event) }
  await platform.resources.put(platform.identity('admin'), id, { properties })
}

/** Removes dead letters when they are old. */
export const deadLetterReconciler: Reconciler = {
  name: 'admin/dead-letters',
  types: [deadLetters.type],
  async reconcile(resource, { platform }) {
    const left = resource.createdAt.getTime() + keptMs - platform.clock().getTime()
    if (left > 0) return { again: left }
    await platform.resources.remove(platform.identity('admin'), resource.id)
    return undefined
  },
}
