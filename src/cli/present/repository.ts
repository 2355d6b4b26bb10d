import type { Json } from '../client/client.ts'
import { clean, frame, snakeKeys } from './present.ts'
import type { Body } from './present.ts'

/** A repository in the words of its YAML, with the address that its host is to call. */
export function presentRepository(body: Body): Json {
  const { url, host, rules, report, webhookUrl, description, tags } = body.properties ?? {}
  return frame(body, {
    type: 'repository',
    url,
    host,
    description,
    tags,
    rules,
    report,
    webhook_url: webhookUrl,
  })
}

/** One call of its webhook, and what came of it. */
export function presentDelivery(body: Body): Json {
  const { state, reason, started, readings, delivery } = body.properties ?? {}
  const events = ((readings ?? []) as readonly { readonly event?: Json }[]).flatMap(({ event }) =>
    event === undefined ? [] : [Object.fromEntries(Object.entries(event).filter(([key]) => key !== 'paths'))],
  )
  return clean({
    name: body.name,
    received: body.systemData?.['createdAt'],
    delivery,
    events: snakeKeys(events),
    state,
    reason,
    started,
  })
}

/** One thing that its host is told, and how far that is. */
export function presentReport(body: Body): Json {
  const { kind, about, state, attempts, lastError, nextAttemptAt, sentAt, status, comment } =
    body.properties ?? {}
  return clean({
    name: body.name,
    kind,
    about,
    state,
    attempts,
    last_error: lastError,
    next_attempt: nextAttemptAt,
    sent: sentAt,
    status: snakeKeys(status),
    comment: snakeKeys(comment),
  })
}
