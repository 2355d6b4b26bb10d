import { errors, UserError } from '../../kernel/errors.ts'

/** Whose failure it is: the store as the user knows it, the host behind it, and where things are in it. */
export interface Blame {
  /** `datastore 'landing'`, at the beginning of a sentence or within. */
  readonly name: string
  readonly host: string
  /** `container 'raw'`, `bucket 'raw'`; undefined for a single address. */
  readonly place?: string
  /** What it authenticates by: `its account key`. */
  readonly by: string
}

/** What a store answered or what the network said, in words that any kind of store shares. */
export interface Trouble {
  readonly status?: number | undefined
  /** The store's own code (`AuthenticationFailed`) or the network's (`ENOTFOUND`). */
  readonly code?: string | undefined
  readonly cause: unknown
}

/** Codes by which the stores say that there is no such container or bucket; the last, no such account either. */
const noPlace = new Set(['ContainerNotFound', 'NoSuchBucket', 'FilesystemNotFound', 'ResourceNotFound'])

/** Codes of the network, and what they mean to a reader. */
const network: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'its name cannot be looked up: this machine has no network or no DNS',
  ECONNREFUSED: 'nothing answers there',
  ECONNRESET: 'it broke the connection off',
  EPIPE: 'it broke the connection off',
  EHOSTUNREACH: 'there is no way to it from here',
  ENETUNREACH: 'there is no way to it from here',
  ETIMEDOUT: 'it does not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it does not answer in time',
  TimeoutError: 'it does not answer in time',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted here',
  EPROTO: 'it does not speak TLS',
}

/**
 * The one sentence for what went wrong with a store. What the store itself wrote is left out: it may quote the URL, and
 * with it a signature.
 */
export function failureOf(blame: Blame, { status, code, cause }: Trouble): UserError {
  const { host, place, by } = blame
  const name = `${blame.name[0]?.toUpperCase() ?? ''}${blame.name.slice(1)}`
  const means = network[code ?? '']
  if (means !== undefined)
    return errors.unavailable(`${name} cannot be reached at ${host}: ${means}.`, { cause })
  if (noPlace.has(code ?? ''))
    return errors.badRequest(`${name}: there is no ${place ?? 'such place'} at ${host}.`, { cause })
  const said = [status, code].filter((part) => part !== undefined && part !== '').join(' ')
  if (status === 401 || status === 403)
    return errors.badRequest(
      `${name}: ${host} refuses ${by}${place === undefined ? '' : ` for ${place}`} (${said}).`,
      {
        cause,
      },
    )
  if (status === 429 || (status !== undefined && status >= 500))
    return errors.unavailable(`${name}: ${host} cannot answer now (${said}).`, { cause })
  return errors.badRequest(
    `${name}: ${host} does not do what was asked of it (${said === '' ? 'no reason given' : said}).`,
    { cause },
  )
}

/** The code of the network behind an error, however deep it lies. */
export function networkCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++) {
    const { code, name } = at as Error & { code?: unknown }
    if (typeof code === 'string' && code in network) return code
    if (name in network) return name
    if (at instanceof AggregateError) {
      const inner = at.errors.map(networkCode).find((c) => c !== undefined)
      if (inner !== undefined) return inner
    }
  }
  return undefined
}
