import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { errors } from '../../../kernel/errors.ts'

/** Where clouds tell their machines who these are and give them credentials: no data are there for anybody. */
const closed = new BlockList()
closed.addSubnet('169.254.0.0', 16, 'ipv4')
closed.addAddress('100.100.100.200', 'ipv4')
closed.addAddress('168.63.129.16', 'ipv4')
closed.addSubnet('0.0.0.0', 8, 'ipv4')
closed.addSubnet('fe80::', 10, 'ipv6')
closed.addAddress('fd00:ec2::254', 'ipv6')
closed.addAddress('::', 'ipv6')

/** So many redirections are followed. */
const mostRedirections = 5

/** Looks a name up: all its addresses. */
export type Lookup = (host: string) => Promise<readonly string[]>

const addressesOf: Lookup = async (host) => (await lookup(host, { all: true })).map(({ address }) => address)

/**
 * A `fetch` for URLs that users write. Whatever it is led to by redirections is http or https, and none of the addresses
 * from which a cloud's machines get their own credentials (link-local ones, above all). Throws badRequest for those;
 * else as fetch does. Private addresses and this machine's own are open: that is where many people's data are.
 */
export function fetchOpenly(ask: typeof fetch = fetch, addresses: Lookup = addressesOf) {
  return async (url: string, init: RequestInit): Promise<Response> => {
    let at = new URL(url)
    for (let hops = 0; ; hops++) {
      await checkOpen(at, addresses)
      const answer = await ask(at.href, { ...init, redirect: 'manual' })
      const location = answer.headers.get('location')
      if (![301, 302, 303, 307, 308].includes(answer.status) || location === null) return answer
      await answer.body?.cancel()
      if (hops === mostRedirections || !URL.canParse(location, at.href))
        throw errors.badRequest(
          `'${shown(url)}' leads on and on (${mostRedirections} redirections were followed), or nowhere.`,
        )
      at = new URL(location, at.href)
    }
  }
}

async function checkOpen(url: URL, addresses: Lookup): Promise<void> {
  if (!/^https?:$/.test(url.protocol))
    throw errors.badRequest(`'${shown(url.href)}' cannot be read: expected a URL of https.`)
  if (url.username !== '' || url.password !== '')
    throw errors.badRequest(
      `'${shown(url.href)}' has a user or a password in it, where everybody sees them: expected a URL without, or one that is signed.`,
    )
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // A name that cannot be looked up is for fetch to tell.
  const found = isIP(host) === 0 ? await addresses(host).catch(() => []) : [host]
  if (found.some((address) => closed.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')))
    throw errors.badRequest(
      `'${shown(url.href)}' is not read from: ${host} is an address of the machine's own network, from which clouds give credentials.`,
    )
}

const shown = (url: string) => {
  const { origin, pathname, protocol } = new URL(url)
  return `${origin === 'null' ? protocol : origin}${pathname}`
}
