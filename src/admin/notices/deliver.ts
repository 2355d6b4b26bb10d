import type { Platform } from '../../kernel/platform.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { secretName } from '../../kernel/resources/secret-properties.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { pauseAfter, type Outcome } from './attempts.ts'
import { sendMail } from './mail/send.ts'
import type { Message } from './message.ts'
import type { Notice } from './notice.ts'
import { callWebhook } from './webhook/send.ts'

/**
 * Messages on their way at once, in all and to one receiver (all mails have one, their relay): one that does not answer
 * must not hold up the others, nor the reconcilers of anything else.
 */
const [atOnce, atOnceToOne] = [6, 2]
const busyMs = 1000
const keptMs = 30 * 86_400_000

/** Takes notices to their receivers, and removes them when they are old. */
export function createNoticeReconciler(): Reconciler {
  const onTheWay: string[] = []
  return {
    name: 'notices',
    types: ['notices'],
    async reconcile(resource, { platform, signal }) {
      const notice = resource as unknown as Notice
      const now = platform.clock().getTime()
      const { state, nextAttemptAt } = notice.status
      if (state !== 'pending') return keep(platform, notice, now)
      const due = nextAttemptAt === undefined ? now : Date.parse(nextAttemptAt)
      if (due > now) return { again: due - now }
      const receiver = `${notice.scope} ${notice.properties.channel === 'mail' ? '' : notice.properties.to}`
      const toOne = onTheWay.filter((other) => other === receiver).length
      if (onTheWay.length >= atOnce || toOne >= atOnceToOne) return { again: busyMs }
      onTheWay.push(receiver)
      try {
        return await attempt(platform, notice, signal)
      } finally {
        onTheWay.splice(onTheWay.indexOf(receiver), 1)
      }
    },
  }
}

async function keep(platform: Platform, notice: Notice, now: number) {
  const left = notice.createdAt.getTime() + keptMs - now
  if (left > 0) return { again: left }
  await platform.resources.remove(platform.identity('admin'), notice.id)
  return undefined
}

async function attempt(platform: Platform, notice: Notice, signal: AbortSignal) {
  const outcome = await send(platform, notice, signal)
  signal.throwIfAborted()
  const attempts = notice.status.attempts + 1
  const at = platform.clock()
  const told: Json = { attempts, lastAttemptAt: at.toISOString() }
  if (outcome.sent) {
    const sealed = secretName(notice.key, 'content')
    await platform.resources.setStatus(
      notice.key,
      {
        ...told,
        state: 'sent',
        sentAt: at.toISOString(),
        answer: outcome.answer,
        lastError: null,
        nextAttemptAt: null,
      },
      { also: (db) => platform.secrets.remove(sealed, db) },
    )
    return undefined
  }
  const pause = pauseAfter(attempts, outcome)
  platform.log.warn('a notice could not be delivered', {
    notice: notice.id,
    to: notice.properties.to,
    error: outcome.error,
    given_up: pause === undefined,
  })
  await platform.resources.setStatus(notice.key, {
    ...told,
    state: pause === undefined ? 'failed' : 'pending',
    lastError: outcome.error,
    nextAttemptAt: pause === undefined ? null : new Date(at.getTime() + pause).toISOString(),
  })
  return pause === undefined ? undefined : { again: pause }
}

async function send(platform: Platform, notice: Notice, signal: AbortSignal): Promise<Outcome> {
  const content = await platform.secrets.get(secretName(notice.key, 'content'))
  if (content === undefined) return { sent: false, error: 'Its content is gone.', permanent: true }
  const message = JSON.parse(content) as Message
  return notice.properties.channel === 'mail'
    ? sendMail(platform, notice, message, signal)
    : callWebhook(platform, notice, message, signal)
}
