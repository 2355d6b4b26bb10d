import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import { yesFlag } from '../verbs.ts'

interface Password {
  readonly keyId: string
  readonly displayName: string | null
  readonly hint: string
  readonly startDateTime: string
  readonly endDateTime: string
  readonly lastUsedDateTime?: string | null
}

const dayMs = 86_400_000

const create = defineCommand({
  noun: 'token',
  verb: 'create',
  summary: 'Makes a token of your own (TWINLOOP_TOKEN); it is printed this once.',
  flags: {
    displayName: { type: 'text', placeholder: 'TEXT', summary: 'What it is for.' },
    days: { type: 'integer', placeholder: 'N', summary: 'How many days it lasts. Default two years.' },
  },
  examples: ['twinloop token create --display-name laptop --days 90 --query token -o tsv'],
  async run({ flags, client }) {
    const { days } = flags
    if (days !== undefined && days < 1) throw usage('a token lasts a day at least', '--days 90')
    const api = await client()
    const ends = days === undefined ? undefined : new Date(Date.now() + days * dayMs).toISOString()
    const made = await api.post<Password & { readonly secretText: string }>(
      `${api.connection.url}/v1.0/me/addPassword`,
      { passwordCredential: { displayName: flags.displayName, endDateTime: ends } },
    )
    return { token: made.secretText, key_id: made.keyId, expires: made.endDateTime }
  },
})

const list = defineCommand({
  noun: 'token',
  verb: 'list',
  summary: 'Lists your own tokens, without their secrets.',
  flags: {},
  table: {
    KeyId: 'key_id',
    For: 'display_name',
    BeginsWith: 'begins_with',
    Expires: 'expires',
    LastUsed: 'last_used',
  },
  examples: ['twinloop token list -o table'],
  async run({ client }) {
    const api = await client()
    const { value } = await api.get<{ readonly value: readonly Password[] }>(
      `${api.connection.url}/v1.0/me/passwordCredentials`,
    )
    return value.map((one) => ({
      key_id: one.keyId,
      display_name: one.displayName ?? undefined,
      begins_with: one.hint,
      created: one.startDateTime,
      expires: one.endDateTime,
      last_used: one.lastUsedDateTime ?? undefined,
    }))
  },
})

const revoke = defineCommand({
  noun: 'token',
  verb: 'revoke',
  summary: 'Ends a token of your own at once.',
  flags: {
    keyId: { type: 'text', placeholder: 'ID', required: true, summary: 'As `token list` tells it.' },
    yes: yesFlag,
  },
  examples: ['twinloop token revoke --key-id 4c88fdeb-baa0-4fb7-b1f9-c083fddb5da3 -y'],
  async run({ flags, client }) {
    const api = await client()
    await api.post(`${api.connection.url}/v1.0/me/removePassword`, { keyId: flags.keyId })
    return undefined
  },
})

export const commands: readonly Command[] = [create, list, revoke]
