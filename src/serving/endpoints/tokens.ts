import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { Platform } from '../../kernel/platform.ts'
import type { Actor } from '../../kernel/access/access.ts'
import type { Action, Resource } from '../../kernel/resources/resource.ts'
import { signEndpointToken } from '../gateway/credentials/endpoint-token.ts'
import { requireMode } from './keys.ts'

/**
 * How long a token of an endpoint holds, and when a client should fetch the next, in seconds. Short, since it holds
 * even if its owner loses the right to score: the gateway verifies it alone.
 */
const tokenSeconds = { valid: 3600, refresh: 1800 }

const keyName = 'serving/endpoint-token-key'

/** The key (PKCS 8, PEM) that signs tokens for endpoints; made when it is first needed. */
async function privateKey({ secrets }: Platform) {
  const known = await secrets.get(keyName)
  if (known !== undefined) return createPrivateKey(known)
  const made = generateKeyPairSync('ed25519').privateKey
  await secrets.set(keyName, made.export({ type: 'pkcs8', format: 'pem' }).toString())
  // Another server may have made one at the same moment: what is stored counts.
  return createPrivateKey((await secrets.get(keyName)) ?? '')
}

/** The key (SPKI, PEM) by which the gateway knows tokens for endpoints. */
export async function tokenPublicKey(platform: Platform): Promise<string> {
  const key = createPublicKey(await privateKey(platform))
  return key.export({ type: 'spki', format: 'pem' }).toString()
}

/** A token of the actor that is good for this endpoint only, for as long as such tokens are. */
export async function signedToken(platform: Platform, endpoint: Resource, actor: Actor): Promise<string> {
  const now = Math.floor(platform.clock().getTime() / 1000)
  const claims = { sub: actor.id, aud: endpoint.key, iat: now, exp: now + tokenSeconds.valid }
  return signEndpointToken(await privateKey(platform), claims)
}

/** POST token: a token of the caller that is good for this endpoint only. */
export const accessToken: Action = {
  async run({ platform, resource, actor }) {
    requireMode(resource, ['AMLToken', 'AADToken'], 'use listKeys')
    const now = Math.floor(platform.clock().getTime() / 1000)
    const expiryTimeUtc = now + tokenSeconds.valid
    return {
      body: {
        accessToken: await signedToken(platform, resource, actor),
        expiryTimeUtc,
        refreshAfterTimeUtc: now + tokenSeconds.refresh,
        tokenType: 'Bearer',
      },
    }
  },
}
