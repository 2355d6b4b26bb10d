import { readFile } from 'node:fs/promises'
import { get as plain } from 'node:http'
import { get as secure } from 'node:https'
import { text } from 'node:stream/consumers'
import type { Platform } from '../../kernel/platform.ts'
import { authorityFile } from '../../kernel/tls/trust.ts'

/** How long the gateway may take to answer: what it is asked is soon said. */
const timeoutMs = 3000
const tokenMs = 3_600_000
const purpose = 'metrics of the gateway'

/** Asks the gateway for a path; undefined if it does not answer in time. */
export type AskGateway = (path: string) => Promise<{ status: number; body: string } | undefined>

/**
 * Asks the gateway as any client would. One that listens beyond this machine speaks HTTPS with the platform's own
 * certificate authority, and wants to know who reads its metrics: the platform's own identity, by a token of an hour.
 */
export function askingGateway(platform: Platform): AskGateway {
  let token: { readonly text: string; readonly until: number } | undefined

  async function identify(): Promise<string> {
    const now = platform.clock().getTime()
    if (token === undefined || token.until < now + tokenMs / 10) {
      const { id } = platform.identity('monitoring')
      await platform.access.revokeTokens(id, purpose)
      const until = now + tokenMs
      token = { text: await platform.access.issueToken(id, { purpose, expiresAt: new Date(until) }), until }
    }
    return `Bearer ${token.text}`
  }

  return async (path) => {
    const url = `${platform.urls.gateway}${path}`
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      const isSecure = url.startsWith('https:')
      const options = isSecure
        ? {
            signal,
            ca: await readFile(authorityFile(platform.config.home)),
            headers: { authorization: await identify() },
          }
        : { signal }
      return await new Promise((resolve, reject) => {
        const request = (isSecure ? secure : plain)(url, options, (response) => {
          text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject)
        })
        request.on('error', reject)
      })
    } catch {
      return undefined
    }
  }
}
