import { randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { hashToken } from '../../kernel/access/access.ts'
import { errors } from '../../kernel/errors.ts'
import type { Action, ActionContext, Json, ResourceDefinition } from '../../kernel/resources/resource.ts'
import { deletePrincipal, deleteTokens, insertToken, upsertPrincipal } from '../../store/access-rows.ts'

/** What a program signs in with, without its text; named as Microsoft Graph names it. */
interface PasswordCredential {
  readonly keyId: string
  readonly displayName: string | null
  /** First characters of the secret, to tell one from another. */
  readonly hint: string
  readonly startDateTime: string
  readonly endDateTime: string
}

interface Found extends Json {
  /** The principal's id, which role assignments name, and its client id for OAuth: one and the same here. */
  readonly appId: string
  readonly principalId: string
  readonly passwordCredentials: readonly PasswordCredential[]
}

const maximumPasswords = 20
const defaultYears = 2

/**
 * The identity of a program: CI, a service, another server. It signs in by OAuth 2 client credentials, or sends a
 * password as its token. It may do what role assignments to its `principalId` say: at first nothing.
 */
export const servicePrincipals: ResourceDefinition = {
  type: 'servicePrincipals',
  provider: 'Twinloop',
  summary: 'The identity of a program, with passwords to sign in by.',
  schema: z.looseObject({
    displayName: z.string().max(256).nullish(),
    description: z.string().nullish(),
    accountEnabled: z.boolean().nullish(),
  }),
  tags: 'envelope',
  parent: 'any',
  async prepare({ id, name, before, body }, platform) {
    if (!/^\/providers\/Twinloop\/servicePrincipals\/[^/]+$/i.test(id))
      throw errors.badRequest(
        `Service principals belong to the whole server: '${id}' should be '/providers/Twinloop/servicePrincipals/${name}'.`,
      )
    const principalId = (before?.status as Found | undefined)?.principalId ?? randomUUID()
    const disabled = body.properties['accountEnabled'] === false
    const now = platform.clock().getTime()
    return {
      ...(before === undefined
        ? { status: { appId: principalId, principalId, passwordCredentials: [] } }
        : {}),
      also: async (db) => {
        await upsertPrincipal(db, { id: principalId, name, kind: 'Application', disabled }, now)
      },
    }
  },
  alsoOnDelete: (principal, db) => deletePrincipal(db, (principal.status as Found).principalId),
  present: ({ properties }) => ({
    accountEnabled: properties['accountEnabled'] ?? true,
    servicePrincipalType: 'Application',
  }),
  actions: { addPassword: addPassword(), removePassword: removePassword() },
}

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
      await change(context, ({ principalId, passwordCredentials }) => {
        if (passwordCredentials.length >= maximumPasswords)
          throw errors.conflict(
            `There are ${maximumPasswords} passwords already: remove one that is not used any more.`,
          )
        return {
          passwordCredentials: [...passwordCredentials, credential],
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

type Change = Pick<Found, 'passwordCredentials'> & {
  readonly also: NonNullable<
    NonNullable<Parameters<ActionContext['platform']['resources']['setStatus']>[2]>['also']
  >
}

/** Changes the list of passwords together with the token behind each, or tries again where another was faster. */
async function change({ platform, resource }: ActionContext, decide: (found: Found) => Change) {
  for (let now = resource; ; now = await platform.resources.get(resource.id)) {
    const { passwordCredentials, also } = decide(now.status as Found)
    const options = { etag: now.etag, also }
    if ((await platform.resources.setStatus(now.key, { passwordCredentials }, options)) !== undefined) return
  }
}
