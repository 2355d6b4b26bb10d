import type { Client } from '../../client/client.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { yesFlag } from '../verbs.ts'

const nameFlag = {
  type: 'text',
  short: 'n',
  placeholder: 'NAME',
  required: true,
  summary: 'Its name.',
} as const
const table = { Name: 'name', PrincipalId: 'principal_id', Enabled: 'enabled', Passwords: 'passwords' }

/** A service principal as REST shows it. */
export interface PrincipalBody {
  readonly name: string
  readonly properties: {
    readonly principalId: string
    readonly accountEnabled: boolean
    readonly passwordCredentials: readonly { readonly keyId: string; readonly endDateTime: string }[]
  }
}

/** Where service principals are: they belong to the server, not to a workspace. */
export const principalsAt = (api: Client, name = ''): string =>
  `${api.connection.url}/providers/Twinloop/servicePrincipals${name === '' ? '' : `/${encodeURIComponent(name)}`}`

const present = ({ name, properties }: PrincipalBody) => ({
  name,
  principal_id: properties.principalId,
  enabled: properties.accountEnabled,
  passwords: properties.passwordCredentials.length,
})

const create = defineCommand({
  noun: 'service-principal',
  verb: 'create',
  summary: 'Creates the identity of a program and prints a password for it, this once.',
  flags: {
    name: nameFlag,
    noPassword: { type: 'switch', summary: 'Without one: then it may be made again and again.' },
  },
  examples: [
    'twinloop service-principal create -n ci',
    'twinloop service-principal create -n ci --query password -o tsv',
  ],
  async run({ flags, client }) {
    const api = await client()
    const principal = await api.put<PrincipalBody>(principalsAt(api, flags.name), { properties: {} })
    return flags.noPassword ? present(principal) : addPasswordTo(api, principal)
  },
})

const addPassword = defineCommand({
  noun: 'service-principal',
  verb: 'add-password',
  summary: 'Prints one more password of the identity of a program, this once.',
  flags: { name: nameFlag },
  examples: ['twinloop service-principal add-password -n ci --query password -o tsv'],
  async run({ flags, client }) {
    const api = await client()
    return addPasswordTo(api, await api.get<PrincipalBody>(principalsAt(api, flags.name)))
  },
})

async function addPasswordTo(api: Client, principal: PrincipalBody) {
  const { secretText } = await api.post<{ secretText: string }>(
    `${principalsAt(api, principal.name)}/addPassword`,
  )
  return { ...present(principal), passwords: present(principal).passwords + 1, password: secretText }
}

const list = defineCommand({
  noun: 'service-principal',
  verb: 'list',
  summary: 'Lists the identities of programs.',
  flags: {},
  table,
  examples: ['twinloop service-principal list -o table'],
  async run({ client }) {
    const api = await client()
    return (await api.list<PrincipalBody>(principalsAt(api))).map(present)
  },
})

const remove = defineCommand({
  noun: 'service-principal',
  verb: 'delete',
  summary: 'Deletes the identity of a program; its passwords and tokens end at once.',
  flags: { name: nameFlag, yes: yesFlag },
  examples: ['twinloop service-principal delete -n ci -y'],
  async run({ flags, client }) {
    const api = await client()
    await api.remove(principalsAt(api, flags.name))
    return undefined
  },
})

export const commands: readonly Command[] = [create, addPassword, list, remove]
