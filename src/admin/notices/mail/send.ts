import { UserError } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Outcome } from '../attempts.ts'
import type { Message } from '../message.ts'
import type { Notice } from '../notice.ts'
import { relayOf, type Relay } from './relay.ts'

const [connectWithinMs, answerWithinMs] = [10_000, 30_000]

/** Gives a mail to the relay of the workspace. Never throws: what went wrong is in the outcome. */
export async function sendMail(
  platform: Platform,
  notice: Notice,
  message: Message,
  signal: AbortSignal,
): Promise<Outcome> {
  let relay: Relay | undefined
  try {
    relay = await relayOf(platform, notice.scope)
  } catch (error) {
    if (error instanceof UserError) return { sent: false, error: error.message }
    throw error
  }
  if (relay === undefined)
    return {
      sent: false,
      error:
        'There is no mail server: set TWINLOOP_SMTP_URL and TWINLOOP_MAIL_FROM, or make a connection to one, and resend.',
      permanent: true,
    }
  return give(relay, notice, message, signal)
}

async function give(relay: Relay, notice: Notice, message: Message, signal: AbortSignal): Promise<Outcome> {
  const { createTransport } = await import('nodemailer')
  const { host, port, secure, user, password, from } = relay
  const transport = createTransport({
    host,
    port,
    secure,
    // A password travels encrypted or not at all.
    requireTLS: user !== undefined && !secure,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: connectWithinMs,
    greetingTimeout: connectWithinMs,
    socketTimeout: answerWithinMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const leave = () => transport.close()
  signal.addEventListener('abort', leave, { once: true })
  try {
    const { response } = await transport.sendMail({
      from,
      to: { name: '', address: notice.properties.to },
      subject: message.title,
      text: message.text,
      ...(message.html === undefined ? {} : { html: message.html }),
      // The same at every attempt: whoever got it twice can see that it is once.
      messageId: `<${notice.name}@${domainOf(from)}>`,
      date: notice.createdAt,
      // RFC 3834: nobody's out-of-office shall answer.
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    })
    return { sent: true, answer: response }
  } catch (error) {
    const {
      message: said,
      responseCode = 0,
      code,
    } = error as Error & { responseCode?: number; code?: string }
    // 5xx is for good, but for a password, which somebody will mend.
    const permanent = responseCode >= 500 && code !== 'EAUTH'
    return { sent: false, error: said, permanent }
  } finally {
    signal.removeEventListener('abort', leave)
    transport.close()
  }
}

const domainOf = (from: string) => /@([^\s>]+)/.exec(from)?.[1] ?? 'twinloop.local'
