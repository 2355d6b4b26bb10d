import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { secretName } from '../../kernel/resources/secret-properties.ts'
import type { Action, Resource } from '../../kernel/resources/resource.ts'
import { oneOf } from '../../kernel/resources/schema.ts'
import { publishRoutes } from '../routing/publish.ts'

const kinds = ['Primary', 'Secondary'] as const
type KeyKind = (typeof kinds)[number]

const nameOf = (endpoint: string, kind: KeyKind) =>
  secretName(endpoint, kind === 'Primary' ? 'keys.primaryKey' : 'keys.secondaryKey')

/** Keys that a client brings must be hard to guess. */
export function checkKeys(keys: Readonly<Record<string, unknown>> | null | undefined): void {
  for (const [name, key] of Object.entries(keys ?? {}))
    if (typeof key === 'string') checkKey(key, `properties.keys.${name}`)
}

function checkKey(key: string, target: string) {
  if (!/^[\x21-\x7e]{16,256}$/.test(key))
    throw errors.validation('A key has 16 to 256 printable characters and no blanks.', { target })
}

/** Makes the keys that are missing. */
export async function ensureKeys(platform: Platform, endpoint: string): Promise<void> {
  for (const kind of kinds)
    if ((await platform.secrets.get(nameOf(endpoint, kind))) === undefined)
      await platform.secrets.set(nameOf(endpoint, kind), newKey())
}

export async function removeKeys(platform: Platform, endpoint: string): Promise<void> {
  for (const kind of kinds) await platform.secrets.remove(nameOf(endpoint, kind))
}

/** SHA-256, hex, of the keys that may score now. */
export async function keyHashes(platform: Platform, endpoint: string): Promise<readonly string[]> {
  const keys = await Promise.all(kinds.map((kind) => platform.secrets.get(nameOf(endpoint, kind))))
  return keys.flatMap((key) => (key === undefined ? [] : [createHash('sha256').update(key).digest('hex')]))
}

const newKey = () => randomBytes(32).toString('base64url')

export function requireMode(endpoint: Resource, modes: readonly string[], instead: string) {
  const mode = String(endpoint.properties['authMode'])
  if (!modes.includes(mode))
    throw errors.badRequest(`The endpoint '${endpoint.name}' has authMode ${mode}: ${instead}.`)
}

/** The key that a request of the platform's own goes with; made if there is none yet. */
export async function primaryKey(platform: Platform, endpoint: string): Promise<string> {
  await ensureKeys(platform, endpoint)
  return (await platform.secrets.get(nameOf(endpoint, 'Primary'))) ?? ''
}

/** POST listKeys: `{ primaryKey, secondaryKey }`. */
export const listKeys: Action = {
  async run({ platform, resource }) {
    requireMode(resource, ['Key'], 'it takes tokens, and has no keys')
    await ensureKeys(platform, resource.key)
    const [primaryKey, secondaryKey] = await Promise.all(
      kinds.map((kind) => platform.secrets.get(nameOf(resource.key, kind))),
    )
    return { body: { primaryKey, secondaryKey } }
  },
}

/** POST regenerateKeys: the old key is refused as soon as the gateway has the new table. */
export const regenerateKeys: Action = {
  input: z.looseObject({ keyType: oneOf(kinds), keyValue: z.string().nullish() }),
  async run({ platform, resource, input }) {
    requireMode(resource, ['Key'], 'it takes tokens, and has no keys')
    const { keyType, keyValue } = input as { keyType: KeyKind; keyValue?: string | null }
    if (keyValue) checkKey(keyValue, 'keyValue')
    await platform.secrets.set(nameOf(resource.key, keyType), keyValue || newKey())
    await publishRoutes(platform)
    return { accepted: true }
  },
}
