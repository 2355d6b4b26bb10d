import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Action, Resource, ResourceDefinition } from '../../kernel/resources/resource.ts'
import { oneOf } from '../../kernel/resources/schema.ts'

const schema = z.looseObject({
  channel: oneOf(['mail', 'webhook']),
  /** An address, or the name of a connection. */
  to: z.string().min(1),
  subject: z.string(),
  /** Id of the resource that it tells of. */
  about: z.string(),
  event: z.string(),
  /** Of a webhook: what its receiver understands, where the connection does not say it. */
  format: z.string().nullish(),
  /** The message as JSON: what it says may open doors, so it is sealed, and forgotten when it has been delivered. */
  content: z.string().nullish(),
})
export type NoticeProperties = z.infer<typeof schema>

/** How far a notice has come. Times are ISO. */
export interface NoticeStatus {
  /** `failed`: given up; it can be sent again by hand. */
  readonly state: 'pending' | 'sent' | 'failed'
  readonly attempts: number
  /** When it was first to be sent, or again by hand: from then on the retries are counted. */
  readonly since: string
  readonly nextAttemptAt?: string
  readonly lastAttemptAt?: string
  readonly lastError?: string
  readonly sentAt?: string
  /** What the receiver answered to it. */
  readonly answer?: string
}

export type Notice = Resource<NoticeProperties, NoticeStatus>

/**
 * One message to one receiver: the durable outbox of mails and webhooks. Made by the platform in reaction to what
 * happened, delivered at least once, tried again with growing pauses, kept for 30 days: those that failed are the dead
 * letters.
 */
export const notices: ResourceDefinition<NoticeProperties> = {
  type: 'notices',
  provider: 'Twinloop',
  summary: 'A mail or a webhook call that the platform makes, with how far its delivery is.',
  schema,
  secret: ['content'],
  filters: {
    state: 'status.state',
    channel: 'properties.channel',
    to: 'properties.to',
    about: 'properties.about',
  },
  async prepare({ id, actor, before }, platform) {
    if (!/\/workspaces\/[^/]+\/providers\/twinloop\/notices\/[^/]+$/i.test(id) || scopeId(id) === undefined)
      throw errors.badRequest(`A notice belongs to a workspace; '${id}' is not in one.`)
    // Anybody could otherwise have the server write mails in its name.
    if (actor.id !== platform.identity('admin').id)
      throw errors.forbidden('Notices are written by the platform alone; what has failed can be sent again.')
    const since = platform.clock().toISOString()
    return before === undefined ? { status: { state: 'pending', attempts: 0, since } } : undefined
  },
  actions: { resend: resend() },
}

/** Tries again to deliver what was given up, as often as the first time. */
function resend(): Action {
  return {
    async run({ platform, resource }) {
      const { state } = (resource as unknown as Notice).status
      if (state !== 'failed')
        throw errors.conflict(
          state === 'sent'
            ? `Notice '${resource.name}' was delivered already.`
            : `Notice '${resource.name}' is still being tried.`,
        )
      const again = {
        state: 'pending',
        attempts: 0,
        since: platform.clock().toISOString(),
        nextAttemptAt: null,
      }
      if ((await platform.resources.setStatus(resource.key, again, { etag: resource.etag })) === undefined)
        throw errors.conflict(`Notice '${resource.name}' has just changed; look at it again.`)
      return undefined
    },
  }
}
