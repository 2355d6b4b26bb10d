import { relayOf } from '../../../../admin/notices/mail/relay.ts'
import { receiverName, type Receiver } from '../../../../admin/notices/message.ts'
import type { NoticeProperties, NoticeStatus } from '../../../../admin/notices/notice.ts'
import { noticeName, post } from '../../../../admin/notices/post.ts'
import { readWebhook } from '../../../../admin/notices/webhook/send.ts'
import { openConnection } from '../../../../admin/connections.ts'
import { errors, UserError } from '../../../../kernel/errors.ts'
import { childId } from '../../../../kernel/resources/arm-id.ts'
import type { ActionContext, ActionKind, ActionMistake, CheckContext } from '../../action.ts'
import { messageOf } from './message.ts'
import { channels, notifyParameters, receiversOf, type NotifyParameters } from './parameters.ts'

/** Tells people by mail, and programs by webhooks in the words they know, of an alert and of its end. */
export const notify: ActionKind<NotifyParameters> = {
  name: 'notify',
  summary: 'Tells people by mail, and chats, pagers and programs by webhooks; and again when it is over.',
  parameters: notifyParameters,
  async check(parameters, context) {
    const mistakes: ActionMistake[] = []
    for (const channel of channels)
      for (const [i, name] of (parameters[channel] ?? []).entries()) {
        const message = await mistakeIn(context, name, channel === 'webhook' ? undefined : channel)
        if (message !== undefined) mistakes.push({ path: [channel, i], message })
      }
    return mistakes
  },
  async rehearse(parameters, context) {
    const { platform, workspaceId } = context
    if (parameters.email !== undefined && (await relayOf(platform, workspaceId)) === undefined)
      throw errors.validation(
        'There is no mail server: set TWINLOOP_SMTP_URL and TWINLOOP_MAIL_FROM, or make a connection to one.',
      )
    const receivers = receiversOf(parameters)
    for (const to of receivers)
      if ('connection' in to) {
        const message = await mistakeIn(context, to.connection, to.format)
        if (message !== undefined) throw errors.validation(message)
      }
    const { title } = await messageOf(context, 'firing')
    return `tells ${list(receivers.map(receiverName))}: ${title}`
  },
  async advance(parameters, context) {
    const receivers = receiversOf(parameters)
    const message = await messageOf(context, 'firing')
    if (context.state['posted'] !== true) {
      for (const to of receivers) {
        if ('connection' in to) await requireConnection(context, to.connection)
        await post(context.platform, context.workspaceId, to, message)
      }
      return { doing: `tells ${list(receivers.map(receiverName))}`, state: { posted: true } }
    }
    return outcome(context, receivers, message.name)
  },
  async resolve(parameters, context) {
    if (!parameters.resolved) return { done: 'nobody is told that it is over' }
    const told = await messageOf(context, 'resolved')
    const all = receiversOf(parameters)
    const { over } = context.state as { readonly over?: readonly number[] }
    if (over !== undefined)
      return outcome(
        context,
        over.flatMap((i) => all[i] ?? []),
        told.name,
      )
    const heard = await whoHeard(context, all)
    for (const i of heard) {
      const to = all[i]
      if (to !== undefined) await post(context.platform, context.workspaceId, to, told)
    }
    const names = heard.flatMap((i) => (all[i] === undefined ? [] : receiverName(all[i])))
    return { doing: `tells ${list(names)} that it is over`, state: { over: heard } }
  },
}

/**
 * Who was told that it fired, by place. Who has not heard of it yet need not hear of it any more: told later than of its
 * end, it would seem to have begun again.
 */
async function whoHeard(context: ActionContext, receivers: readonly Receiver[]): Promise<readonly number[]> {
  const { platform } = context
  const { name } = await messageOf(context, 'firing')
  const heard: number[] = []
  for (const [i, to] of receivers.entries()) {
    const notice = await platform.resources.find<NoticeProperties, NoticeStatus>(noticeId(context, to, name))
    if (notice?.status.state === 'sent') heard.push(i)
    if (notice?.status.state === 'pending')
      await platform.resources.remove(platform.identity('admin'), notice.id)
  }
  return heard
}

/** A notice that is not there any more was sent, and went when it was old. */
const gone: Pick<NoticeStatus, 'state' | 'attempts' | 'lastError'> = { state: 'sent', attempts: 1 }

/** How the notices fare: looked at again when one of them changes. Done when each was tried and one arrived. */
async function outcome(context: ActionContext, receivers: readonly Receiver[], name: string) {
  const found = await Promise.all(
    receivers.map(async (to) => {
      const id = noticeId(context, to, name)
      const notice = await context.platform.resources.find<NoticeProperties, NoticeStatus>(id)
      const { state, attempts, lastError } = notice?.status ?? gone
      return { id, who: receiverName(to), state, attempts, lastError }
    }),
  )
  const fresh = found.filter(({ state, attempts }) => state === 'pending' && attempts === 0)
  if (fresh.length > 0) return { doing: `tells ${list(fresh.map(({ who }) => who))}` }
  const missing = found.filter(({ state }) => state !== 'sent')
  const told = found.filter(({ state }) => state === 'sent').map(({ who }) => who)
  const misses = missing.map(
    ({ who, state, lastError }) =>
      `${who} ${state === 'failed' ? 'could not be told' : 'is not reached yet'} (${lastError ?? 'no answer'})`,
  )
  if (found.length > 0 && missing.every(({ state }) => state === 'failed') && told.length === 0)
    return { refused: `${list(misses)}.` }
  const said = told.length === 0 ? [] : [`told ${list(told)}`]
  return { done: [...said, ...misses].join('; ') || 'nobody had to be told', made: found.map(({ id }) => id) }
}

const noticeId = ({ workspaceId, incident = '' }: ActionContext, to: Receiver, name: string) =>
  childId(workspaceId, 'providers', 'Twinloop', 'notices', noticeName(to, { name, about: incident }))

const listSecrets = 'Microsoft.MachineLearningServices/workspaces/connections/listSecrets/action'

/** Whoever has the server use a connection could read it as well. */
const requireConnection = ({ platform, workspaceId, actor }: CheckContext, name: string) =>
  platform.access.require(actor, listSecrets, childId(workspaceId, 'connections', name))

async function mistakeIn(context: CheckContext, name: string, format: string | undefined) {
  try {
    const connection = await openConnection(context.platform, context.workspaceId, name)
    await requireConnection(context, name)
    readWebhook(connection, format)
    if (format === 'pagerduty' && !('key' in connection.credentials))
      return `connection '${name}' has no key: PagerDuty wants the integration's routing key (authType ApiKey)`
    return undefined
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

const list = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? 'nobody') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
