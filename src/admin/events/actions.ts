import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { Action, Resource } from '../../kernel/resources/resource.ts'
import { secretName } from '../../kernel/resources/secret-properties.ts'
import { eventSpan } from '../../store/event-rows.ts'
import { asSubscription, type EventSubscription } from './subscription.ts'

const reason = z.looseObject({ reason: z.string().nullish() })

/** `POST {subscription}/pause { reason? }`: nothing is delivered until it is resumed; nothing is missed. */
export const pause: Action = {
  input: reason,
  async run({ platform, actor, resource, input }) {
    const { reason: why } = input as z.infer<typeof reason>
    const paused = {
      by: actor.name,
      at: platform.clock().toISOString(),
      ...(why == null ? {} : { reason: why }),
    }
    await platform.resources.setStatus(resource.key, { paused })
    return undefined
  },
}

/** `POST {subscription}/resume`: goes on where it was, at once. */
export const resume: Action = {
  async run({ platform, resource }) {
    await platform.resources.setStatus(resource.key, {
      paused: null,
      attempts: 0,
      nextAttemptAt: null,
      failingSince: null,
    })
    return undefined
  },
}

const moment = z.iso.datetime({ offset: true })
const replayInput = z.strictObject({
  /** Positions of events, … */
  fromSeq: z.int().min(0).optional(),
  toSeq: z.int().min(0).optional(),
  /** … or their times. */
  from: moment.optional(),
  to: moment.optional(),
})

/**
 * `POST {subscription}/replay { from?, to? | fromSeq?, toSeq? }`: delivers again what happened then, as far as it is kept
 * (30 days), before what is new; under the same ids, so that a receiver can tell. Answers `{ fromSeq, toSeq, events }`.
 */
export const replay: Action = {
  input: replayInput,
  async run({ platform, actor, resource, input }) {
    const given = input as z.infer<typeof replayInput>
    const { from, to, fromSeq, toSeq } = given
    if (from === undefined && fromSeq === undefined)
      throw errors.validation('From when? Say from (a time) or fromSeq (a position).', { target: 'from' })
    const subscription = asSubscription(resource)
    const span = await eventSpan(platform.store.db, resource.scope, {
      ...(from === undefined ? {} : { from: Date.parse(from) }),
      ...(to === undefined ? {} : { to: Date.parse(to) }),
      fromSeq: fromSeq ?? 0,
      // What is newer comes anyhow.
      toSeq: Math.min(toSeq ?? Number.MAX_SAFE_INTEGER, subscription.status.position),
    })
    if (span === undefined)
      throw errors.validation('Nothing happened then, or it is no longer kept (30 days).', { target: 'from' })
    await platform.resources.setStatus(resource.key, {
      replay: { next: span.first, to: span.last, by: actor.name, delivered: 0 },
    })
    return { body: { fromSeq: span.first, toSeq: span.last, events: span.count } }
  },
}

/** `POST {subscription}/getFullUrl`: the whole address, which is kept secret otherwise. */
export const getFullUrl: Action = {
  async run({ platform, resource }) {
    return {
      body: { endpointUrl: (await secretsOf(platform, asSubscription(resource))).endpointUrl ?? null },
    }
  },
}

export async function secretsOf(
  { secrets }: { readonly secrets: { get(name: string): Promise<string | undefined> } },
  { key }: Pick<EventSubscription | Resource, 'key'>,
): Promise<{ readonly endpointUrl: string | undefined; readonly secret: string | undefined }> {
  return {
    endpointUrl: await secrets.get(secretName(key, 'destination.properties.endpointUrl')),
    secret: await secrets.get(secretName(key, 'destination.properties.secret')),
  }
}
