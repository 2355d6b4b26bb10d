import { sql } from 'kysely'
import type { Db } from './database.ts'

export interface PrincipalRow {
  readonly id: string
  readonly name: string
  readonly kind: string
}

/** Tokens of this purpose sign a browser in once; nothing else accepts them. */
export const signInLink = 'sign-in link'

/** Makes the principal or gives it its present name; idempotent. `disabled` is left as it is unless given. */
export const upsertPrincipal = (
  db: Db,
  { disabled, ...principal }: PrincipalRow & { readonly disabled?: boolean },
  now: number,
) => {
  const state = disabled === undefined ? {} : { disabled: disabled ? 1 : 0 }
  return db
    .insertInto('principals')
    .values({ ...principal, disabled: 0, ...state, created_at: now })
    .onConflict((c) => c.column('id').doUpdateSet({ name: principal.name, ...state }))
    .execute()
}

/** Every principal that is known here by name, with 1 for those that are disabled. */
export const listPrincipals = (db: Db) =>
  db
    .selectFrom('principals')
    .select(['id', 'name', 'kind', 'disabled'])
    .orderBy('name')
    .orderBy('id')
    .execute()

export const insertToken = (
  db: Db,
  token: {
    readonly hash: string
    readonly principal_id: string
    readonly purpose: string
    readonly scope: string
    readonly created_at: number
    readonly expires_at: number | null
  },
) => db.insertInto('tokens').values(token).execute()

/** The enabled principal behind a token that has not expired, with what the token is confined to. */
export const principalOfToken = (db: Db, hash: string, now: number) =>
  db
    .selectFrom('tokens')
    .innerJoin('principals', 'principals.id', 'tokens.principal_id')
    .select(['principals.id', 'principals.name', 'principals.kind', 'tokens.scope', 'tokens.expires_at'])
    .select('tokens.last_used_at')
    .where('tokens.hash', '=', hash)
    .where('tokens.purpose', '!=', signInLink)
    .where('principals.disabled', '=', 0)
    .where((eb) => eb.or([eb('tokens.expires_at', 'is', null), eb('tokens.expires_at', '>', now)]))
    .executeTakeFirst()

/** Notes that a token was used. */
export const touchToken = (db: Db, hash: string, now: number) =>
  db.updateTable('tokens').set({ last_used_at: now }).where('hash', '=', hash).execute()

/** When each token of a principal was used last, by its purpose; null for one that never was. */
export const tokenUses = (db: Db, principalId: string) =>
  db
    .selectFrom('tokens')
    .select(['purpose', 'last_used_at'])
    .where('principal_id', '=', principalId)
    .execute()

/** Uses a token up: its principal if it was there for that purpose and in time, and gone with this call. */
export async function redeemToken(
  db: Db,
  hash: string,
  purpose: string,
  now: number,
): Promise<string | undefined> {
  const token = await db
    .deleteFrom('tokens')
    .where('hash', '=', hash)
    .where('purpose', '=', purpose)
    .returning(['principal_id', 'expires_at'])
    .executeTakeFirst()
  return token !== undefined && (token.expires_at ?? now) >= now ? token.principal_id : undefined
}

export const deleteTokens = (db: Db, principalId: string, purpose?: string) => {
  let drop = db.deleteFrom('tokens').where('principal_id', '=', principalId)
  if (purpose !== undefined) drop = drop.where('purpose', '=', purpose)
  return drop.execute()
}

export const deletePrincipal = async (db: Db, id: string) => {
  await deleteTokens(db, id)
  await db.deleteFrom('principals').where('id', '=', id).execute()
}

/** Removes tokens whose time is over. */
export const deleteExpiredTokens = (db: Db, now: number) =>
  db.deleteFrom('tokens').where('expires_at', '<=', now).execute()

export interface AuditRow {
  readonly time: number
  readonly actor: string
  readonly operation: string
  readonly resource: string
  readonly status: number
  readonly request_id: string
  readonly detail: string
}

/** Which entries of the audit log to read, beside those of a resource and all below it. Times in ms since 1970, inclusive. */
export interface AuditFilter {
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** Ids of principals. */
  readonly actors?: readonly string[] | undefined
  /** A part of the operation, in any case. */
  readonly operation?: string | undefined
  readonly requestId?: string | undefined
}

export const insertAudit = (db: Db, row: AuditRow) => db.insertInto('audit').values(row).execute()

/** Who made the resource of this key that is there now, or did so last: the id of the principal. */
export const makerOf = async (db: Db, key: string): Promise<string | undefined> =>
  (
    await db
      .selectFrom('audit')
      .select('actor')
      .where('resource', '=', key)
      .where('detail', '=', 'created')
      .orderBy('seq', 'desc')
      .executeTakeFirst()
  )?.actor

/** Newest first, of a resource and what is below it; of everything for the key ''. */
export function auditOf(
  db: Db,
  key: string,
  limit: number,
  beforeSeq: number = Number.MAX_SAFE_INTEGER,
  { from, to, actors, operation, requestId }: AuditFilter = {},
): Promise<readonly (AuditRow & { readonly seq: number })[]> {
  let select = db.selectFrom('audit').selectAll().where('seq', '<', beforeSeq)
  if (key !== '')
    select = select.where((eb) =>
      eb.or([
        eb('resource', '=', key),
        eb.and([eb('resource', '>', `${key}/`), eb('resource', '<', `${key}0`)]),
      ]),
    )
  if (from !== undefined) select = select.where('time', '>=', from)
  if (to !== undefined) select = select.where('time', '<=', to)
  if (actors !== undefined) select = select.where('actor', 'in', [...actors])
  if (operation !== undefined)
    select = select.where(
      sql<string>`lower(operation)`,
      'like',
      `%${operation.toLowerCase().replaceAll(/[%_]/g, '')}%`,
    )
  if (requestId !== undefined) select = select.where('request_id', '=', requestId)
  return select.orderBy('seq', 'desc').limit(limit).execute()
}
