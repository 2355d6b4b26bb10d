import { createHash, timingSafeEqual } from 'node:crypto'
import type { EndpointRoute } from './route-table.ts'

/** May this caller score? `unknown` where only the control plane could tell and it does not answer. */
export type Verdict = 'allowed' | 'unauthenticated' | 'forbidden' | 'unknown'

/** Asks the control plane whether a token may score at an endpoint. Rejects if it cannot be asked. */
export type AskControlPlane = (url: string, endpointId: string, token: string) => Promise<Verdict>

/** How long an answer of the control plane holds, and how long it is relied on while the control plane is away. */
const freshMs = 60_000
const staleMs = 60 * 60_000
const remembered = 10_000

/**
 * Checks the `Authorization` header of scoring requests. Keys are compared by hash in constant time; tokens are the
 * control plane's to judge, whose answers are remembered for a minute, and for an hour while it is away.
 */
export function createCredentials(ask: AskControlPlane, now: () => number) {
  const answers = new Map<string, { verdict: Verdict; at: number }>()

  async function judge(url: string, endpointId: string, token: string, hash: string): Promise<Verdict> {
    const name = `${hash} ${endpointId}`
    const known = answers.get(name)
    if (known && now() - known.at < freshMs) return known.verdict
    try {
      const verdict = await ask(url, endpointId, token)
      if (verdict === 'unknown') throw new Error('no answer')
      answers.delete(name)
      answers.set(name, { verdict, at: now() })
      for (const oldest of answers.keys()) {
        if (answers.size <= remembered) break
        answers.delete(oldest)
      }
      return verdict
    } catch {
      return known && now() - known.at < staleMs ? known.verdict : 'unknown'
    }
  }

  /** The verdict at once where no one needs to be asked, so that the hot path waits for nothing. */
  return function check(
    authorization: string | undefined,
    route: EndpointRoute,
    authorizeUrl: string,
  ): Verdict | Promise<Verdict> {
    const token = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
    if (token === undefined) return 'unauthenticated'
    const hash = createHash('sha256').update(token).digest()
    let matches = false
    for (const key of route.keys) {
      const expected = Buffer.from(key, 'hex')
      if (expected.length === hash.length && timingSafeEqual(expected, hash)) matches = true
    }
    if (matches) return 'allowed'
    if (!route.tokens || authorizeUrl === '') return 'unauthenticated'
    return judge(authorizeUrl, route.id, token, hash.toString('hex'))
  }
}

/** Asks over HTTP: 204 allows, 401 and 403 refuse. */
export const askOverHttp: AskControlPlane = async (url, endpointId, token) => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint: endpointId }),
    signal: AbortSignal.timeout(5000),
  })
  await answer.arrayBuffer()
  return verdicts[answer.status] ?? 'unknown'
}

const verdicts: Readonly<Record<number, Verdict>> = {
  204: 'allowed',
  401: 'unauthenticated',
  403: 'forbidden',
}
