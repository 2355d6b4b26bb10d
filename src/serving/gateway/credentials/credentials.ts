import { createHash, timingSafeEqual } from 'node:crypto'
import type { EndpointRoute, RouteTable } from '../routes/route-table.ts'
import { endpointTokenReader } from './endpoint-token.ts'

/** May this caller score? `unknown` where only the control plane could tell and it does not answer. */
export type Verdict = 'allowed' | 'unauthenticated' | 'forbidden' | 'unknown'

/** Asks the control plane whether a token may score at an endpoint. Rejects if it cannot be asked. */
export type AskControlPlane = (url: string, endpointId: string, token: string) => Promise<Verdict>

/**
 * How long an answer of the control plane holds; how long after that it is still relied on while it is being asked
 * again, so that no request waits for it; and how long while it is away.
 */
const freshMs = 60_000
const renewMs = 120_000
const staleMs = 60 * 60_000
/** How long a signature that was verified is remembered. */
const verifiedMs = 10_000
const remembered = 10_000

/**
 * Checks the `Authorization` header of scoring requests. Keys are compared by hash in constant time; tokens for the
 * endpoint are verified with the table's public key; callers' own tokens are the control plane's to judge, whose
 * answers are remembered.
 */
export function createCredentials(ask: AskControlPlane, now: () => number) {
  const answers = new Map<string, { verdict: Verdict; at: number; asking?: Promise<Verdict> }>()
  const verified = new Map<string, number>()
  let reader: { readonly key: string; readonly read: ReturnType<typeof endpointTokenReader> } | undefined

  async function judge(url: string, endpointId: string, token: string, name: string): Promise<Verdict> {
    const known = answers.get(name)
    try {
      const verdict = await ask(url, endpointId, token)
      if (verdict === 'unknown') throw new Error('no answer')
      remember(answers, name, { verdict, at: now() })
      return verdict
    } catch {
      if (known) delete known.asking
      return known && now() - known.at < staleMs ? known.verdict : 'unknown'
    }
  }

  function ofPlatform(url: string, endpointId: string, token: string, digest: string) {
    const name = `${digest} ${endpointId}`
    const known = answers.get(name)
    if (known === undefined) return judge(url, endpointId, token, name)
    const age = now() - known.at
    if (age < freshMs) return known.verdict
    known.asking ??= judge(url, endpointId, token, name)
    return age < renewMs ? known.verdict : known.asking
  }

  function ofEndpoint(table: RouteTable, route: EndpointRoute, token: string, digest: string): boolean {
    if (!route.endpointTokens || table.tokenKey === '' || !token.includes('.')) return false
    if (reader?.key !== table.tokenKey) {
      reader = { key: table.tokenKey, read: endpointTokenReader(table.tokenKey, now) }
      verified.clear()
    }
    const name = `${digest} ${route.id}`
    if ((verified.get(name) ?? 0) > now()) return true
    const claims = reader.read(token, route.id)
    if (claims) remember(verified, name, Math.min(claims.exp * 1000, now() + verifiedMs))
    return claims !== undefined
  }

  /** The verdict at once where no one needs to be asked, so that the hot path waits for nothing. */
  return function check(
    authorization: string | undefined,
    route: EndpointRoute,
    table: RouteTable,
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
    if (!route.endpointTokens && !route.platformTokens) return 'unauthenticated'
    const digest = hash.toString('hex')
    if (ofEndpoint(table, route, token, digest)) return 'allowed'
    if (!route.platformTokens || table.authorizeUrl === '') return 'unauthenticated'
    return ofPlatform(table.authorizeUrl, route.id, token, digest)
  }
}

function remember<T>(memory: Map<string, T>, name: string, value: T): void {
  memory.delete(name)
  memory.set(name, value)
  for (const oldest of memory.keys()) {
    if (memory.size <= remembered) break
    memory.delete(oldest)
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
