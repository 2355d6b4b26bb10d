import { createHash, randomBytes } from 'node:crypto'
import { deleteTokens, insertToken, principalOfToken, touchToken } from '../../store/access-rows.ts'
import type { Store } from '../../store/database.ts'
import { listRows } from '../../store/resource-rows.ts'
import { keyOf } from '../resources/arm-id.ts'
import { errors } from '../errors.ts'
import type { Access } from '../platform.ts'
import { builtInRoles, roleAllows, type RoleDefinition } from './roles.ts'

/** Who acts: a person, a service principal, or a part of the platform with an identity of its own. */
export interface Actor {
  readonly id: string
  readonly name: string
  readonly kind: 'User' | 'Application' | 'ManagedIdentity' | 'Key'
  /** Resource key that the actor's token is confined to; '' if it is not. */
  readonly confinedTo: string
}

/** How long another server's change of a token or a role may go unseen here. */
const cacheMs = 5000

/** How exactly it is known when a token was used last. */
const useMs = 60_000

/** Notes that a token is used, unless that was noted a moment ago. */
export async function noteUse(
  { db }: Pick<Store, 'db'>,
  hash: string,
  before: number | null,
  now: number,
): Promise<void> {
  if (before === null || before < now - useMs) await touchToken(db, hash, now)
}

/** What an assignment says: this principal has this role on this resource and all below it. */
interface Assignment {
  readonly principal: string
  readonly role: RoleDefinition
  readonly scope: string
}

/** Types whose writes change who may do what. */
export const accessTypes = ['roleAssignments', 'roleDefinitions', 'servicePrincipals', 'users']

/** A part of the platform acting by itself: audited under its own name, allowed what a contributor is. */
export const platformActor = (room: string): Actor => ({
  id: `platform/${room}`,
  name: `Twinloop ${room}`,
  kind: 'ManagedIdentity',
  confinedTo: '',
})

/** The actor that a token's principal is. */
export const asActor = (row: Readonly<Record<'id' | 'name' | 'kind' | 'scope', string>>): Actor => ({
  id: row.id,
  name: row.name,
  kind: row.kind as Actor['kind'],
  confinedTo: row.scope,
})

/** `hashToken` is what the store keeps of a token. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

export function createAccess({ store, clock }: { store: Store; clock: () => Date }): Access {
  const tokens = new Map<string, { readonly actor: Actor; readonly until: number }>()
  const verifiers: ((token: string) => Promise<Actor | undefined>)[] = []
  let assignments: { readonly list: Promise<readonly Assignment[]>; readonly until: number } | undefined

  const currentAssignments = () => {
    const now = clock().getTime()
    if (assignments === undefined || assignments.until < now)
      assignments = { list: readAssignments(store), until: now + cacheMs }
    return assignments.list
  }

  const actorOf = async (token: string): Promise<Actor | undefined> => {
    const now = clock().getTime()
    const hash = hashToken(token)
    const cached = tokens.get(hash)
    if (cached !== undefined && cached.until > now) return cached.actor
    tokens.delete(hash)
    const remember = (actor: Actor, until: number) => {
      if (tokens.size > 10_000) tokens.clear()
      tokens.set(hash, { actor, until: Math.min(now + cacheMs, until) })
      return actor
    }
    const row = await principalOfToken(store.db, hash, now)
    if (row !== undefined) {
      await noteUse(store, hash, row.last_used_at, now)
      return remember(asActor(row), row.expires_at ?? Number.MAX_SAFE_INTEGER)
    }
    for (const verify of verifiers) {
      const actor = await verify(token)
      if (actor !== undefined) return remember(actor, Number.MAX_SAFE_INTEGER)
    }
    return undefined
  }

  const access: Access = {
    async authenticate(headers) {
      const token = tokenIn(headers)
      if (token === undefined)
        throw errors.unauthenticated(
          'No credentials: send `Authorization: Bearer {token}`, or Basic with a token as its password.',
        )
      const actor = await actorOf(token)
      if (actor === undefined)
        throw errors.unauthenticated('The token is not known here, was revoked or has expired.')
      return actor
    },
    async can(actor, operation, id) {
      const key = keyOf(id)
      if (actor.confinedTo !== '' && !covers(actor.confinedTo, key)) return false
      if (actor.id === 'platform/setup') return true
      if (actor.id.startsWith('platform/')) return roleAllows(contributor, operation)
      return (await currentAssignments()).some(
        (a) => a.principal === actor.id && covers(a.scope, key) && roleAllows(a.role, operation),
      )
    },
    async require(actor, operation, id) {
      if (await access.can(actor, operation, id)) return
      throw errors.forbidden(
        `${actor.name} may not do '${operation}' on '${id}'. An owner can assign a role that allows it.`,
      )
    },
    async holders(id) {
      const key = keyOf(id)
      return (await readAssignments(store)).filter(({ scope }) => covers(scope, key))
    },

    async issueToken(principalId, { purpose, confinedTo = '', expiresAt }) {
      const token = `tl_${randomBytes(32).toString('base64url')}`
      await insertToken(store.db, {
        hash: hashToken(token),
        principal_id: principalId,
        purpose,
        scope: keyOf(confinedTo),
        created_at: clock().getTime(),
        expires_at: expiresAt?.getTime() ?? null,
      })
      return token
    },
    async revokeTokens(principalId, purpose) {
      await deleteTokens(store.db, principalId, purpose)
      access.forget()
    },
    forget() {
      tokens.clear()
      assignments = undefined
    },
    addVerifier: (verify) => void verifiers.push(verify),
  }
  return access
}

const contributor = builtInRoles.find((r) => r.name === 'Contributor')!

/** A scope covers itself and all below it; the root covers everything. */
const covers = (scope: string, key: string) => scope === '' || key === scope || key.startsWith(`${scope}/`)

/** Name of the cookie that holds a signed-in browser's token. */
export const sessionCookie = 'twinloop_session'

function tokenIn(headers: Headers): string | undefined {
  if (!headers.has('authorization')) {
    if (!isFromOwnPage(headers)) return undefined
    const cookie = (headers.get('cookie') ?? '').split(/;\s*/).find((c) => c.startsWith(`${sessionCookie}=`))
    return cookie?.slice(sessionCookie.length + 1)
  }
  const [scheme, value] = (headers.get('authorization') ?? '').split(/\s+/, 2)
  if (scheme === undefined || value === undefined) return undefined
  if (scheme.toLowerCase() === 'bearer') return value
  if (scheme.toLowerCase() !== 'basic') return undefined
  const decoded = Buffer.from(value, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  return colon < 0 ? undefined : decoded.slice(colon + 1)
}

/**
 * A browser sends a session's cookie along with whatever a page of another server on this machine asks for: to it, a
 * port makes no other site. Such a request says of which origin it is, unless it only follows a link.
 */
function isFromOwnPage(headers: Headers): boolean {
  const origin = headers.get('origin')
  if (origin === null) return true
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin' || site === 'none'
  return URL.parse(origin)?.host === headers.get('host')
}

async function readAssignments(store: Store): Promise<readonly Assignment[]> {
  const all = {
    view: 'all',
    where: new Map(),
    orderBy: 'name',
    descending: false,
    skip: 0,
    top: 100_000,
  } as const
  const custom = (await listRows(store.db, { ...all, type: 'roleDefinitions' })).map(
    (row): RoleDefinition => {
      const properties = JSON.parse(row.properties) as {
        roleName: string
        description?: string
        permissions: { actions?: string[]; notActions?: string[] }[]
      }
      return {
        id: row.name,
        name: properties.roleName,
        description: properties.description ?? '',
        actions: properties.permissions.flatMap((p) => p.actions ?? []),
        notActions: properties.permissions.flatMap((p) => p.notActions ?? []),
      }
    },
  )
  const roles = new Map([...builtInRoles, ...custom].map((r) => [r.id.toLowerCase(), r]))
  return (await listRows(store.db, { ...all, type: 'roleAssignments' })).flatMap((row) => {
    const { principalId, roleDefinitionId } = JSON.parse(row.properties) as Record<string, string>
    const role = roles.get((roleDefinitionId ?? '').toLowerCase().split('/').at(-1) ?? '')
    return role === undefined || principalId === undefined
      ? []
      : [{ principal: principalId, role, scope: row.parent }]
  })
}
