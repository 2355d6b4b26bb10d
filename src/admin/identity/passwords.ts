import { randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { hashToken } from '../../kernel/access/access.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Action, ActionContext, Json } from '../../kernel/resources/resource.ts'
import { deleteTokens, insertToken, tokenUses } from '../../store/access-rows.ts'

/** What somebody signs in with, without its text; named as Microsoft Graph names it. */
interface PasswordCredential {
  readonly keyId: string
  readonly displayName: string | null
  /** First characters of the secret, to tell one from another. */
  readonly hint: string
  readonly startDateTime: string
  readonly endDateTime: string
}

/** What the platform knows of a user or a service principal. */
export interface Identified extends Json {
  /** The id that role assignments name; for a program also its client id for OAuth. */
  readonly principalId: string
  /** Principals that made it or were given a password of it: what it does may be theirs. */
  readonly owners?: readonly string[]
  readonly passwordCredentials: readonly PasswordCredential[]
}

const maximumPasswords = 20
const defaultYears = 2

/** As Microsoft Graph's addPassword: the answer is the only time that `secretText` can be seen. */
function addPassword(): Action {
  return {
    input: z.looseObject({
      passwordCredential: z
        .looseObject({
          displayName: z.string().max(256).nullish(),
          endDateTime: z.iso.datetime({ offset: true }).nullish(),
        })
        .nullish(),
    }),
    async run(context) {
      const asked = (context.input['passwordCredential'] ?? {}) as Partial<PasswordCredential>
      const now = context.platform.clock()
      const expires = endOf(asked.endDateTime, now)
      const secretText = `tl_${randomBytes(32).toString('base64url')}`
      const credential: PasswordCredential = {
        keyId: randomUUID(),
        displayName: asked.displayName ?? null,
        hint: secretText.slice(0, 6),
        startDateTime: now.toISOString(),
        endDateTime: expires.toISOString(),
      }
      await change(context, ({ principalId, passwordCredentials, owners = [] }) => {
        if (passwordCredentials.length >= maximumPasswords)
          throw errors.conflict(
            `There are ${maximumPasswords} passwords already: remove one that is not used any more.`,
          )
        return {
          passwordCredentials: [...passwordCredentials, credential],
          owners: [...new Set([...owners, context.actor.id])],
          also: async (db) => {
            await insertToken(db, {
              hash: hashToken(secretText),
              principal_id: principalId,
              purpose: purposeOf(credential.keyId),
              scope: '',
              created_at: now.getTime(),
              expires_at: expires.getTime(),
            })
          },
        }
      })
      return { body: { ...credential, secretText } }
    },
  }
}

/** As Microsoft Graph's removePassword; tokens that were issued for the password end with it. */
function removePassword(): Action {
  return {
    input: z.looseObject({ keyId: z.string() }),
    async run(context) {
      const keyId = String(context.input['keyId'])
      await change(context, ({ principalId, passwordCredentials }) => {
        const left = passwordCredentials.filter((p) => p.keyId !== keyId)
        if (left.length === passwordCredentials.length)
          throw errors.notFound(`There is no password with the keyId '${keyId}'.`, { target: 'keyId' })
        return {
          passwordCredentials: left,
          also: async (db) => {
            await deleteTokens(db, principalId, purposeOf(keyId))
          },
        }
      })
      context.platform.access.forget()
      return undefined
    },
  }
}

const purposeOf = (keyId: string) => `password ${keyId}`

function endOf(asked: string | null | undefined, now: Date): Date {
  const end = new Date(asked ?? now)
  if (asked === undefined || asked === null) end.setUTCFullYear(end.getUTCFullYear() + defaultYears)
  else if (end <= now)
    throw errors.validation(`endDateTime is ${asked}, which is over.`, {
      target: 'passwordCredential.endDateTime',
    })
  return end
}

type Change = Pick<Identified, 'passwordCredentials' | 'owners'> & {
  readonly also: NonNullable<
    NonNullable<Parameters<ActionContext['platform']['resources']['setStatus']>[2]>['also']
  >
}

/** Changes the list of passwords together with the token behind each, or tries again where another was faster. */
async function change({ platform, resource }: ActionContext, decide: (found: Identified) => Change) {
  for (let now = resource; ; now = await platform.resources.get(resource.id)) {
    const { also, ...found } = decide(now.status as Identified)
    const options = { etag: now.etag, also }
    if ((await platform.resources.setStatus(now.key, found, options)) !== undefined) return
  }
}

/** What gives somebody a password, and takes it away. */
export const passwordActions: Readonly<Record<string, Action>> = {
  addPassword: addPassword(),
  removePassword: removePassword(),
}

/** The passwords, each with when it was used last (to the minute), as `lastUsedDateTime`: null if never. */
export async function withUses(
  { store }: Platform,
  { principalId, passwordCredentials }: Identified,
): Promise<readonly (PasswordCredential & { readonly lastUsedDateTime: string | null })[]> {
  if (passwordCredentials.length === 0) return []
  const uses = new Map((await tokenUses(store.db, principalId)).map((use) => [use.purpose, use.last_used_at]))
  return passwordCredentials.map((credential) => {
    const at = uses.get(purposeOf(credential.keyId)) ?? null
    return { ...credential, lastUsedDateTime: at === null ? null : new Date(at).toISOString() }
  })
}
