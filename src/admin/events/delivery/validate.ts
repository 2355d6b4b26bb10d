import type { Webhook } from '../../notices/webhook/send.ts'

const answerWithinMs = 15_000

/**
 * Asks a receiver whether it wants our events, as CloudEvents' abuse protection has it (HTTP 1.1 Web Hooks for Event
 * Delivery, section 4): OPTIONS with `WebHook-Request-Origin`, answered by a `WebHook-Allowed-Origin` that names it or
 * `*`. Undefined if it does; otherwise why not.
 */
export async function refusalOf(
  { url, authorization }: Webhook,
  origin: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const answer = await fetch(url, {
      method: 'OPTIONS',
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
      headers: {
        'webhook-request-origin': origin,
        ...(authorization === undefined ? {} : { authorization }),
      },
    })
    await answer.body?.cancel()
    const allowed = answer.headers.get('webhook-allowed-origin')
    if (allowed === '*' || allowed?.toLowerCase() === origin.toLowerCase()) return undefined
    return allowed === null
      ? `It answered ${answer.status} without WebHook-Allowed-Origin: it does not say that it wants events of ${origin}.`
      : `It wants events of ${allowed}, and not of ${origin}.`
  } catch (error) {
    signal.throwIfAborted()
    const cause = (error as Error).cause ?? error
    return `It cannot be reached: ${(cause as Error).message}`
  }
}
