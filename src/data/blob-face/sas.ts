import { createHmac, timingSafeEqual } from 'node:crypto'
import type { BlobName } from '../../artifacts/artifacts.ts'
import { account } from './address.ts'

/** What a shared access signature may allow: read, add, create, write, delete, list. */
export type Permission = 'r' | 'a' | 'c' | 'w' | 'd' | 'l'

export interface SasGrant extends BlobName {
  /** `c`: the whole container. `d`: everything in the folder `path`. `b`: the blob `path` alone. */
  readonly resource: 'c' | 'd' | 'b'
  readonly permissions: readonly Permission[]
  readonly startsOn?: Date
  readonly expiresOn: Date
}

/** The version of Azure's service SAS whose parameters these are; the signed text is our own. */
const version = '2021-12-02'
const allPermissions: readonly Permission[] = ['r', 'a', 'c', 'w', 'd', 'l']

/**
 * A token in the form of Azure's service SAS (`sv sr sp st se sdd sig`, percent-encoded), which Azure's clients accept
 * as a credential and pass on with every request. It is signed with HMAC-SHA256 under `key` over all of it.
 */
export function signSas(key: Buffer, grant: SasGrant): string {
  const { resource, permissions, startsOn, expiresOn } = grant
  const query = new URLSearchParams({ sv: version, sr: resource, se: seconds(expiresOn) })
  if (startsOn !== undefined) query.set('st', seconds(startsOn))
  if (resource === 'd') query.set('sdd', String(grant.path.split('/').length))
  query.set('sp', allPermissions.filter((p) => permissions.includes(p)).join(''))
  query.set('sig', signature(key, query, resource === 'c' ? '' : grant.path, grant.container))
  return query.toString()
}

/**
 * Why the token in the query does not allow this, or undefined if it does. `name.path` is the blob's, or for a listing
 * its prefix. The signature is compared in constant time, and first: nothing is said about a forged token.
 */
export function refuseSas(
  key: Buffer,
  query: URLSearchParams,
  name: BlobName,
  anyOf: readonly Permission[],
  now: Date,
):
  | { readonly code: 'AuthenticationFailed' | 'AuthorizationPermissionMismatch'; readonly message: string }
  | undefined {
  const forged = {
    code: 'AuthenticationFailed',
    message: 'The shared access signature does not fit this request.',
  } as const
  const scope = scopeOf(query, name.path)
  if (scope === undefined) return forged
  const expected = Buffer.from(signature(key, query, scope, name.container))
  const given = Buffer.from(query.get('sig') ?? '')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return forged
  const [starts, ends] = [query.get('st'), query.get('se') ?? '']
  if (!(Date.parse(ends) > now.getTime()))
    return { code: 'AuthenticationFailed', message: `The shared access signature expired at ${ends}.` }
  if (starts !== null && !(Date.parse(starts) <= now.getTime()))
    return {
      code: 'AuthenticationFailed',
      message: `The shared access signature is valid only from ${starts}.`,
    }
  if (anyOf.some((permission) => (query.get('sp') ?? '').includes(permission))) return undefined
  return {
    code: 'AuthorizationPermissionMismatch',
    message: `This needs permission ${anyOf.join(' or ')}; the shared access signature allows '${query.get('sp')}'.`,
  }
}

/** The path that the token would have been signed for, if it is to cover `path`: its first `sdd` folders, or all of it. */
function scopeOf(query: URLSearchParams, path: string): string | undefined {
  const resource = query.get('sr')
  if (resource === 'c') return ''
  if (resource === 'b') return path
  const depth = Number(query.get('sdd'))
  const segments = path.split('/')
  // One segment more than the depth: the folder `a` covers `a/` and `a/b`, but neither `a` nor `ab`.
  if (resource !== 'd' || !Number.isInteger(depth) || depth < 1 || segments.length <= depth) return undefined
  return segments.slice(0, depth).join('/')
}

function signature(key: Buffer, query: URLSearchParams, path: string, container: string): string {
  const signed = ['sp', 'st', 'se', 'sv', 'sr', 'sdd'].map((name) => query.get(name) ?? '')
  const text = [...signed, `/blob/${account}/${container}`, path].join('\n')
  return createHmac('sha256', key).update(text).digest('base64')
}

/** Whole seconds, as Azure writes them; cut, so that a token never lives longer than was meant. */
const seconds = (date: Date) => `${date.toISOString().slice(0, 19)}Z`
