import { randomUUID } from 'node:crypto'
import type { Action } from '../../kernel/resources/resource.ts'
import { bodyOf, deliverTo } from './delivery/deliver.ts'
import { asSubscription } from './subscription.ts'

/** What a delivery to try says it is: no event of the workspace has this type. */
export const testType = 'Twinloop.SubscriptionTest'

/**
 * `POST {subscription}/test`: sends the receiver one event to try, signed as all are, now and once, also to one that is
 * paused. It is no event of the workspace: it stands in no list and comes in no replay. Answers `{ sent, answer | error, durationMs }`.
 */
export const testDelivery: Action = {
  async run({ platform, actor, resource, signal }) {
    const subscription = asSubscription(resource)
    const begun = platform.clock().getTime()
    const event = bodyOf({
      seq: subscription.status.position,
      id: randomUUID(),
      time: new Date(begun),
      type: testType,
      subject: `eventSubscriptions/${resource.name}`,
      source: resource.scope,
      data: { subscription: resource.name, by: actor.name },
    })
    const outcome = await deliverTo(platform, subscription, [event], signal ?? new AbortController().signal)
    const durationMs = platform.clock().getTime() - begun
    return {
      body: outcome.sent
        ? { sent: true, answer: outcome.answer, durationMs }
        : { sent: false, error: outcome.error, durationMs },
    }
  },
}
