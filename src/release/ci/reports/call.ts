import type { Remote } from './host.ts'

/** A host did not take what it was told. */
export class Refused extends Error {
  readonly status: number
  /** Milliseconds that the host asks to wait. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, status: number, retryAfterMs?: number) {
    super(message)
    this.name = 'Refused'
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}

/** No host needs longer for these. */
const patienceMs = 20_000
const longestAnswer = 2 * 1024 * 1024

/**
 * Calls a host's API and answers the JSON that it gives. Throws Refused with the host's own words for an answer that is
 * an error or leads elsewhere (the token is for this host), and for a host that cannot be reached.
 */
export async function callHost<T>(
  remote: Remote,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH',
  path: string,
  options: { readonly headers: Readonly<Record<string, string>>; readonly body?: unknown },
): Promise<T> {
  const where = new URL(remote.api).host
  let answer: Response
  let text: string
  try {
    answer = await fetch(remote.api + path, {
      method,
      redirect: 'manual',
      signal: AbortSignal.any([remote.signal, AbortSignal.timeout(patienceMs)]),
      headers: {
        'user-agent': 'twinloop',
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    })
    text = (await answer.text()).slice(0, longestAnswer)
  } catch (error) {
    remote.signal.throwIfAborted()
    const cause = (error as Error).cause ?? error
    throw new Refused(`${where} cannot be reached: ${(cause as Error).message}`, 0)
  }
  if (!answer.ok)
    throw new Refused(`${where} answered ${answer.status}${wordsOf(text)}`, answer.status, waitOf(answer))
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** The sentence in an error's body, shortened; it is the host's and may say anything. */
function wordsOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return message === undefined
      ? ''
      : `: ${(typeof message === 'string' ? message : JSON.stringify(message)).slice(0, 200)}`
  } catch {
    return ''
  }
}

function waitOf({ headers }: Response): number | undefined {
  const after = Number(headers.get('retry-after') ?? Number.NaN)
  if (Number.isFinite(after)) return after * 1000
  const isOver = headers.get('x-ratelimit-remaining') === '0'
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN)
  const now = Date.parse(headers.get('date') ?? '')
  return isOver && Number.isFinite(reset - now) ? Math.max(0, reset * 1000 - now) : undefined
}
