import { generateKeyPair, randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, importJWK, jwtVerify, SignJWT, type JWK } from 'jose'
import { asActor, hashToken, noteUse, type Actor } from '../../kernel/access/access.ts'
import type { Platform } from '../../kernel/platform.ts'
import { principalOfToken } from '../../store/access-rows.ts'

/** Seconds that an access token is good for. */
export const lifetimeSeconds = 3600

const algorithm = 'RS256'
const secretName = 'identity/signing-key'
const shape = /^[\w-]+\.[\w-]+\.[\w-]+$/

export interface AccessTokens {
  /**
   * A JSON Web Token for the bearer of an opaque token (a password, the administrator's token), or undefined if the
   * client did not give its own. It ends with what it was issued for: it only points there.
   */
  issue(request: TokenRequest): Promise<string | undefined>
  /** The actor behind a token of ours; undefined for anything else and for one that is over. */
  verify(token: string): Promise<Actor | undefined>
  /** The public key, as a JWK set. */
  keys(): Promise<{ readonly keys: readonly JWK[] }>
}

export interface TokenRequest {
  readonly clientId: string
  readonly clientSecret: string
  readonly tenant: string
  readonly audience: string
  readonly issuer: string
}

/** Issues and verifies access tokens under one key, made when it is first needed and kept among the secrets. */
export function createAccessTokens({
  store,
  secrets,
  clock,
}: Pick<Platform, 'store' | 'secrets' | 'clock'>): AccessTokens {
  let signing: Promise<SigningKey> | undefined
  const key = () => {
    signing ??= readKey(secrets).catch((error: unknown) => {
      signing = undefined
      throw error
    })
    return signing
  }

  return {
    async issue({ clientId, clientSecret, tenant, audience, issuer }) {
      // Found by its hash, so that what is compared says nothing of the secret, and always the same is done.
      const credential = hashToken(clientSecret)
      const principal = await principalOfToken(store.db, credential, clock().getTime())
      if (principal?.id !== clientId.toLowerCase()) return undefined
      const { kid, privateKey } = await key()
      const seconds = Math.floor(clock().getTime() / 1000)
      const claims = {
        oid: principal.id,
        appid: principal.id,
        tid: tenant,
        idtyp: 'app',
        ver: '1.0',
        credential,
      }
      return new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, kid, typ: 'JWT' })
        .setSubject(principal.id)
        .setAudience(audience)
        .setIssuer(issuer)
        .setJti(randomUUID())
        .setIssuedAt(seconds)
        .setNotBefore(seconds)
        .setExpirationTime(seconds + lifetimeSeconds)
        .sign(privateKey)
    },
    async verify(token) {
      if (!shape.test(token)) return undefined
      const { publicKey } = await key()
      const options = { algorithms: [algorithm], currentDate: clock() }
      const claims = await jwtVerify(token, publicKey, options).then(
        ({ payload }) => payload,
        () => undefined,
      )
      if (typeof claims?.['credential'] !== 'string') return undefined
      const principal = await principalOfToken(store.db, claims['credential'], clock().getTime())
      if (principal === undefined || principal.id !== claims.sub) return undefined
      await noteUse(store, claims['credential'], principal.last_used_at, clock().getTime())
      return asActor(principal)
    },
    keys: async () => ({ keys: [(await key()).shown] }),
  }
}

type Key = Awaited<ReturnType<typeof importJWK>>

interface SigningKey {
  readonly kid: string
  readonly privateKey: Key
  readonly publicKey: Key
  readonly shown: JWK
}

async function readKey(secrets: Platform['secrets']): Promise<SigningKey> {
  const kept = (await secrets.get(secretName)) ?? (await makeKey(secrets))
  const full = JSON.parse(kept) as JWK
  const { kty, n, e } = full as Record<'kty' | 'n' | 'e', string>
  const open = { kty, n, e }
  const kid = await calculateJwkThumbprint(open)
  return {
    kid,
    privateKey: await importJWK(full, algorithm),
    publicKey: await importJWK(open, algorithm),
    shown: { ...open, kid, use: 'sig', alg: algorithm },
  }
}

async function makeKey(secrets: Platform['secrets']): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  await secrets.set(secretName, JSON.stringify(privateKey.export({ format: 'jwk' })))
  return (await secrets.get(secretName)) ?? ''
}
