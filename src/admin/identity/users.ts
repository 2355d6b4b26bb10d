import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { administratorId, makeSignInUrl } from '../../kernel/access/sign-in.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Action, Resource, ResourceDefinition } from '../../kernel/resources/resource.ts'
import { deletePrincipal, upsertPrincipal } from '../../store/access-rows.ts'
import { passwordActions, withUses, type Identified } from './passwords.ts'

const schema = z.looseObject({
  displayName: z.string().min(1).max(256).nullish(),
  mail: z.email().max(254).nullish(),
  accountEnabled: z.boolean().nullish(),
  identities: z
    .array(z.string().regex(/^[a-z][a-z0-9-]*:\S+$/i, 'expected issuer:name, e.g. github:octocat'))
    .max(20)
    .nullish(),
})
type Properties = z.infer<typeof schema>

export type User = Resource<Properties, Identified>

/**
 * A person. Signs a browser in by a link that somebody made for them, a command line by a password as its token, and may
 * do what role assignments to the `principalId` say: at first nothing. Whoever answers for a release is one of these.
 */
export const users: ResourceDefinition<Properties> = {
  type: 'users',
  provider: 'Twinloop',
  summary: 'A person, with an address for mail and the names they have elsewhere.',
  schema,
  tags: 'envelope',
  parent: 'any',
  async prepare({ id, name, before, body, actor }, platform) {
    if (!/^\/providers\/Twinloop\/users\/[^/]+$/i.test(id))
      throw errors.badRequest(
        `Users belong to the whole server: '${id}' should be '/providers/Twinloop/users/${name}'.`,
      )
    const { mail, identities, accountEnabled } = body.properties
    await checkUnique(platform, name, { mail, identities })
    const first = name.toLowerCase() === administratorId ? administratorId : randomUUID()
    const principalId = (before?.status as Identified | undefined)?.principalId ?? first
    if (principalId === administratorId && accountEnabled === false)
      throw errors.conflict('The administrator cannot be disabled: nobody could enable them again.')
    const principal = { id: principalId, name, kind: 'User', disabled: accountEnabled === false }
    return {
      ...(before === undefined
        ? { status: { principalId, passwordCredentials: [], owners: [actor.id] } }
        : {}),
      also: async (db) => {
        await upsertPrincipal(db, principal, platform.clock().getTime())
      },
    }
  },
  async beforeDelete({ status }) {
    if ((status as Identified).principalId === administratorId)
      throw errors.conflict('The administrator cannot be deleted.')
  },
  alsoOnDelete: (user, db) => deletePrincipal(db, (user.status as Identified).principalId),
  present: async ({ properties, status }, platform) => ({
    accountEnabled: properties.accountEnabled ?? true,
    passwordCredentials: await withUses(platform, status as Identified),
  }),
  actions: { ...passwordActions, createSignInLink: createSignInLink() },
}

/** A link that signs the person's browser in, once, within 15 minutes. */
function createSignInLink(): Action {
  return {
    async run({ platform, resource }) {
      const { properties, status } = resource as User
      if (properties.accountEnabled === false)
        throw errors.conflict(`'${resource.name}' is disabled and could not use a link.`)
      return { body: { name: resource.name, url: await makeSignInUrl(platform, status.principalId) } }
    },
  }
}

/** By its address and by its names elsewhere, one person is known: two could otherwise answer as each other. */
async function checkUnique(
  platform: Platform,
  name: string,
  { mail, identities }: Pick<Properties, 'mail' | 'identities'>,
) {
  const others = (await allUsers(platform)).filter((user) => user.name.toLowerCase() !== name.toLowerCase())
  const taken = (target: string, value: string, by: string) =>
    errors.validation(`'${value}' is ${by}'s already.`, { target })
  for (const other of others) {
    if (mail && other.properties.mail?.toLowerCase() === mail.toLowerCase())
      throw taken('properties.mail', mail, other.name)
    const known = (other.properties.identities ?? []).map((identity) => identity.toLowerCase())
    const same = (identities ?? []).find((identity) => known.includes(identity.toLowerCase()))
    if (same !== undefined) throw taken('properties.identities', same, other.name)
  }
}

/** Everybody that this server knows by name. */
export const allUsers = async (platform: Platform): Promise<readonly User[]> =>
  platform.resources.list<Properties, Identified>({ type: 'users', view: 'all', top: 100_000 })

/** Sees that the administrator, who is there from the start, is a user like any other. */
export async function ensureAdministratorUser(platform: Platform): Promise<void> {
  const id = `/providers/Twinloop/users/${administratorId}`
  if ((await platform.resources.find(id)) === undefined)
    await platform.resources.put({ ...platform.identity('admin'), id: 'platform/setup' }, id, {
      properties: {},
    })
}
