import { createHash } from 'node:crypto'
import { childId } from '../../kernel/resources/arm-id.ts'
import { UserError, kinds } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Prepared } from '../../kernel/resources/resource.ts'
import { receiverName, type Message, type Receiver } from './message.ts'

/**
 * Puts a message to one receiver into the outbox of a workspace; it is delivered in the background, at least once. Under
 * the same name about the same resource the receiver is told once: what is posted again is dropped, so whoever reacts to
 * an event may be killed and react again. `also` is written with it, or not at all. True if it is new.
 */
export async function post(
  platform: Platform,
  workspaceId: string,
  to: Receiver,
  message: Message,
  also?: Prepared['also'],
): Promise<boolean> {
  const id = childId(workspaceId, 'providers', 'Twinloop', 'notices', noticeName(to, message))
  const properties = {
    channel: 'mail' in to ? 'mail' : 'webhook',
    to: receiverName(to),
    subject: message.title,
    about: message.about,
    event: message.type,
    ...('mail' in to || to.format === undefined ? {} : { format: to.format }),
    content: JSON.stringify(message),
  }
  try {
    const options = { ifNoneMatch: '*', ...(also === undefined ? {} : { along: { also } }) }
    await platform.resources.put(platform.identity('admin'), id, { properties }, options)
    return true
  } catch (error) {
    if (error instanceof UserError && error.kind === kinds.preconditionFailed) return false
    throw error
  }
}

/** The same for the same message to the same receiver: it is the mail's Message-ID and the webhook's id, too. */
export function noticeName(to: Receiver, { name, about }: Pick<Message, 'name' | 'about'>): string {
  const channel = 'mail' in to ? 'mail' : 'webhook'
  const format = 'mail' in to || to.format === undefined ? [] : [to.format]
  const said = [channel, receiverName(to).toLowerCase(), about.toLowerCase(), name, ...format].join('\n')
  return createHash('sha256').update(said).digest('hex').slice(0, 32)
}
