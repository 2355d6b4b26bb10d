import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { z } from 'zod'

/**
 * Tokens for one endpoint: JSON Web Tokens that the control plane signs (EdDSA, Ed25519) and the gateway verifies with
 * the public key alone. They hold for a short time and cannot be called back before it is over.
 */
const claims = z.object({
  /** Whose it is: the principal that asked for it. */
  sub: z.string(),
  /** ARM id, in lower case, of the endpoint that it is for. */
  aud: z.string(),
  /** Seconds since 1970. */
  iat: z.number(),
  exp: z.number(),
})
export type EndpointClaims = z.infer<typeof claims>

const header = encode({ alg: 'EdDSA', typ: 'JWT' })
/** How far the clocks of two machines may be apart. */
const skewSeconds = 30

export function signEndpointToken(key: KeyObject, of: EndpointClaims): string {
  const signed = `${header}.${encode(of)}`
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`
}

/** Reads tokens that the holder of this key (SPKI, PEM) has signed for an endpoint and that hold now; undefined for others. */
export function endpointTokenReader(publicKey: string, nowMs: () => number) {
  const key = createPublicKey(publicKey)
  return function read(token: string, endpointId: string): EndpointClaims | undefined {
    const [head, body, signature, ...rest] = token.split('.')
    if (head !== header || body === undefined || signature === undefined || rest.length > 0) return undefined
    if (!verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')))
      return undefined
    const { data } = claims.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()))
    const now = nowMs() / 1000
    if (data === undefined || data.aud !== endpointId) return undefined
    return data.exp > now && data.iat <= now + skewSeconds ? data : undefined
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
