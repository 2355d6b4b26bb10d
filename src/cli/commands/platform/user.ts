import type { Client } from '../../client/client.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { yesFlag } from '../verbs.ts'

const nameFlag = {
  type: 'text',
  short: 'n',
  placeholder: 'NAME',
  required: true,
  summary: 'Name to sign in by.',
} as const
const table = {
  Name: 'name',
  DisplayName: 'display_name',
  Mail: 'mail',
  Enabled: 'enabled',
  PrincipalId: 'principal_id',
}

/** A user as REST shows it. */
export interface UserBody {
  readonly name: string
  readonly properties: {
    readonly principalId: string
    readonly displayName?: string | null
    readonly mail?: string | null
    readonly identities?: readonly string[] | null
    readonly accountEnabled: boolean
  }
}

/** Where users are: they belong to the server, not to a workspace. */
export const usersAt = (api: Client, name = ''): string =>
  `${api.connection.url}/providers/Twinloop/users${name === '' ? '' : `/${encodeURIComponent(name)}`}`

const present = ({ name, properties }: UserBody) => ({
  name,
  display_name: properties.displayName ?? undefined,
  mail: properties.mail ?? undefined,
  identities: properties.identities ?? [],
  enabled: properties.accountEnabled,
  principal_id: properties.principalId,
})

const fields = {
  displayName: { type: 'text', placeholder: 'TEXT', summary: 'How they are called.' },
  mail: { type: 'text', placeholder: 'ADDRESS', summary: 'Where approvals are asked for.' },
  identity: {
    type: 'words',
    placeholder: 'ISSUER:NAME',
    summary: 'What they are called elsewhere, e.g. github:octocat: CI decides for them by it.',
  },
} as const

const create = defineCommand({
  noun: 'user',
  verb: 'create',
  summary: 'Makes a person known, or changes what is known of them.',
  flags: { name: nameFlag, ...fields },
  table,
  examples: [
    'twinloop user create -n ana --display-name "Ana Silva" --mail ana@example.org',
    'twinloop user create -n ben --mail ben@example.org --identity github:octocat',
  ],
  async run({ flags, client }) {
    const api = await client()
    const { properties: before } = (await api.find<UserBody>(usersAt(api, flags.name))) ?? {}
    const properties = {
      displayName: flags.displayName ?? before?.displayName,
      mail: flags.mail ?? before?.mail,
      identities: flags.identity.length > 0 ? flags.identity : before?.identities,
      accountEnabled: before?.accountEnabled,
    }
    return present(await api.put<UserBody>(usersAt(api, flags.name), { properties }))
  },
})

const enable = (verb: 'enable' | 'disable') =>
  defineCommand({
    noun: 'user',
    verb,
    summary:
      verb === 'enable' ? 'Lets a person in again.' : 'Shuts a person out at once; what they did stays.',
    flags: { name: nameFlag },
    table,
    examples: [`twinloop user ${verb} -n ana`],
    async run({ flags, client }) {
      const api = await client()
      const { properties } = await api.get<UserBody>(usersAt(api, flags.name))
      const changed = { properties: { ...properties, accountEnabled: verb === 'enable' } }
      return present(await api.put<UserBody>(usersAt(api, flags.name), changed))
    },
  })

const list = defineCommand({
  noun: 'user',
  verb: 'list',
  summary: 'Lists the people whom this server knows.',
  flags: {},
  table,
  examples: ['twinloop user list -o table'],
  async run({ client }) {
    const api = await client()
    return (await api.list<UserBody>(usersAt(api))).map(present)
  },
})

const link = defineCommand({
  noun: 'user',
  verb: 'sign-in-link',
  summary: 'Prints a link that signs a person’s browser in, once, within 15 minutes.',
  flags: { name: nameFlag },
  examples: ['twinloop user sign-in-link -n ana --query url -o tsv'],
  async run({ flags, client }) {
    const api = await client()
    return api.post<{ readonly url: string }>(`${usersAt(api, flags.name)}/createSignInLink`)
  },
})

const token = defineCommand({
  noun: 'user',
  verb: 'add-token',
  summary: 'Prints a token by which a person’s command line signs in (TWINLOOP_TOKEN), this once.',
  flags: { name: nameFlag, displayName: { type: 'text', placeholder: 'TEXT', summary: 'What it is for.' } },
  examples: ['twinloop user add-token -n ana --query token -o tsv'],
  async run({ flags, client }) {
    const api = await client()
    const made = await api.post<{
      readonly secretText: string
      readonly keyId: string
      readonly endDateTime: string
    }>(`${usersAt(api, flags.name)}/addPassword`, { passwordCredential: { displayName: flags.displayName } })
    return { name: flags.name, token: made.secretText, key_id: made.keyId, expires: made.endDateTime }
  },
})

const remove = defineCommand({
  noun: 'user',
  verb: 'delete',
  summary: 'Forgets a person; their tokens end at once.',
  flags: { name: nameFlag, yes: yesFlag },
  examples: ['twinloop user delete -n ana -y'],
  async run({ flags, client }) {
    const api = await client()
    await api.remove(usersAt(api, flags.name))
    return undefined
  },
})

export const commands: readonly Command[] = [
  create,
  list,
  enable('enable'),
  enable('disable'),
  link,
  token,
  remove,
]
