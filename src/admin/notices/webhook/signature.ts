import { createHmac } from 'node:crypto'

/**
 * Headers that prove who sent a webhook and when, as Standard Webhooks 1.0 has them: `webhook-signature` is `v1,` and the
 * base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`. A secret that begins with `whsec_` is base64
 * after that, any other is its own UTF-8 bytes. The id stays the same however often a message is sent; `now` is when this
 * attempt is, so that a receiver can refuse what is old.
 */
export function signatureHeaders(
  secret: string,
  id: string,
  now: Date,
  body: string,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret, 'utf8')
