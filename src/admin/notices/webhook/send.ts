import { UserError, errors } from '../../../kernel/errors.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { openConnection, type OpenConnection } from '../../connections.ts'
import type { Outcome } from '../attempts.ts'
import type { Message } from '../message.ts'
import type { Notice } from '../notice.ts'
import { formats, type Format } from './formats.ts'
import { signatureHeaders } from './signature.ts'

const answerWithinMs = 15_000
/** What is kept of an answer, to tell why it was refused. */
const keptOfAnswer = 500

/** Calls the webhook that a connection of the workspace leads to. Never throws: what went wrong is in the outcome. */
export async function callWebhook(
  platform: Platform,
  notice: Notice,
  message: Message,
  signal: AbortSignal,
): Promise<Outcome> {
  const { name, scope, properties, createdAt } = notice
  let webhook: Webhook
  try {
    webhook = readWebhook(
      await openConnection(platform, scope, properties.to),
      properties.format ?? undefined,
    )
  } catch (error) {
    // A connection that is mended or made meanwhile is used.
    if (error instanceof UserError) return { sent: false, error: error.message }
    throw error
  }
  const { format, secret } = webhook
  const about = { id: name, source: scope, time: createdAt, key: secret }
  return deliver(webhook, {
    id: name,
    body: JSON.stringify(format.body(message, about)),
    now: platform.clock(),
    signal,
  })
}

/**
 * Brings a body to a webhook, signed as Standard Webhooks has it where there is a secret to sign by. `id` is the same for
 * every attempt. Never throws: what went wrong is in the outcome.
 */
export async function deliver(
  { url, authorization, format, secret }: Webhook,
  sent: {
    readonly id: string
    readonly body: string
    readonly now: Date
    readonly signal: AbortSignal
    /** Instead of the format's own. */
    readonly contentType?: string
  },
): Promise<Outcome> {
  const { id, body, now, signal } = sent
  // What goes into the body as the receiver's own key signs nothing.
  const headers =
    secret === undefined || format.takesKey === true
      ? { 'webhook-id': id }
      : signatureHeaders(secret, id, now, body)
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      // A redirect would take the message, and what it opens, to somebody who was not named.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
      headers: {
        'content-type': sent.contentType ?? format.contentType,
        'user-agent': 'Twinloop-Webhook/1',
        ...(authorization === undefined ? {} : { authorization }),
        ...headers,
      },
    })
    const said = `${response.status} ${(await beginningOf(response)).trim()}`.trim()
    if (response.ok) return { sent: true, answer: said }
    const retryAfter = retryAfterMs(response.headers.get('retry-after'))
    return {
      sent: false,
      error: response.status >= 300 && response.status < 400 ? `${said} (redirects are not followed)` : said,
      // Gone is how a receiver says that it wants no more; all else may be a fault that is mended in a while.
      permanent: response.status === 410,
      ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter }),
    }
  } catch (error) {
    return { sent: false, error: reasonOf(error) }
  }
}

/** Where to call, as a connection says it, and what proves who calls. */
export interface Webhook {
  readonly url: URL
  readonly secret: string | undefined
  readonly authorization: string | undefined
  readonly format: Format
}

/**
 * A connection as a webhook: its target is the URL, its API key the secret that signs. With custom keys, `url` is an
 * address that is itself secret (as Slack's are), `secret` signs, and `authorization` is sent as that header.
 * `metadata.format` is one of `formats`, unless `said` is. Throws validation, saying what is missing.
 */
export function readWebhook(
  { name, target, authType, credentials, metadata }: OpenConnection,
  said?: string,
): Webhook {
  const keys = (credentials['keys'] === undefined ? {} : JSON.parse(credentials['keys'])) as Record<
    string,
    string | undefined
  >
  const url = URL.parse(keys['url'] ?? target)
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw errors.validation(`Connection '${name}' is no webhook: its target should be an http(s) address.`)
  const wanted = said ?? metadata['format'] ?? 'cloudevents'
  const format = formats[wanted.toLowerCase()]
  if (format === undefined) {
    const near = nearest(wanted, Object.keys(formats))
    throw errors.validation(
      `Connection '${name}' asks for the format '${wanted}'; there are ${Object.keys(formats).join(', ')}.` +
        (near === undefined ? '' : ` Did you mean ${near}?`),
    )
  }
  return {
    url: format.address?.(url) ?? url,
    secret: authType === 'ApiKey' ? credentials['key'] : keys['secret'],
    authorization: authType === 'PAT' ? `Bearer ${credentials['pat']}` : keys['authorization'],
    format,
  }
}

async function beginningOf(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const part of response.body ?? []) {
    text += decoder.decode(part as Uint8Array, { stream: true })
    if (text.length >= keptOfAnswer) break
  }
  return text.slice(0, keptOfAnswer)
}

/** Seconds or a date, as RFC 9110 has them. */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `No answer within ${answerWithinMs / 1000} seconds.`
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
