import { isIP } from 'node:net'
import type { OpenConnection } from '../../../admin/connections.ts'
import { errors } from '../../../kernel/errors.ts'

/** How a kind of database writes its addresses. */
export interface AddressForm {
  /** What people call it, e.g. `PostgreSQL`. */
  readonly title: string
  /** Schemes of its URLs; the first one is shown. */
  readonly schemes: readonly string[]
  readonly port: number
  /** Its own word for the TLS mode, as the example shows it: `sslmode=require`. */
  readonly tlsExample: string
}

/** Where a database is and how it is reached; nothing of it comes from the server's own environment. */
export interface DatabaseAddress {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
  readonly tls: Tls | undefined
}

/** TLS as libpq understands its modes: `require` encrypts, the others verify the certificate, `verify-full` the name too. */
export interface Tls {
  readonly mode: 'require' | 'verify-ca' | 'verify-full'
  /** Certificates in PEM that are trusted in place of the system's. */
  readonly ca: string | undefined
}

/**
 * Reads the target and credentials of a connection. Throws badRequest for an address that is none, for a password in it,
 * and where there is no user name.
 *
 *     postgresql://db.example.org:5432/flights?sslmode=verify-full
 *     Server=db.example.org;Port=5432;Database=flights;SslMode=VerifyFull
 *     host=db.example.org port=5432 dbname=flights sslmode=require
 */
export function databaseAddress(connection: OpenConnection, form: AddressForm): DatabaseAddress {
  const { name, target, credentials, metadata } = connection
  const wrong = (why: string) => wrongAddress(name, form, why)
  const said = target.includes('://') ? ofUrl(name, target, form) : ofPairs(target)
  // Azure writes `tcp:host,port` here.
  const [host = '', ownPort] = (said.get('host') ?? '').replace(/^tcp:/i, '').split(',')
  const database = said.get('database') ?? ''
  if (host === '' || host.includes('/') || database === '')
    throw wrong(
      target === '' ? 'it has none' : `it names no ${database === '' && host !== '' ? 'database' : 'host'}`,
    )
  const port = Number(said.get('port') ?? ownPort ?? form.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw wrong(`'${said.get('port') ?? ownPort}' is no port`)
  const user = credentials['username'] ?? ''
  if (user === '')
    throw errors.badRequest(
      `Connection '${name}' has no user name: a ${form.title} connection authenticates by username and password.`,
    )
  return {
    host,
    port,
    database,
    user,
    password: credentials['password'] ?? '',
    tls: tlsOf(name, host, said.get('sslmode'), rootCertificate(metadata)),
  }
}

const rootCertificate = (metadata: OpenConnection['metadata']) =>
  Object.entries(metadata).find(([key]) => folded(key) === 'sslrootcert')?.[1]

const wrongAddress = (name: string, { title, schemes, port, tlsExample }: AddressForm, why: string) =>
  errors.badRequest(
    `The target of connection '${name}' is no address of a ${title} database: ${why}. ` +
      `Expected ${schemes[0]}://host:${port}/database?${tlsExample}, or Server=host;Port=${port};Database=database.`,
  )

function ofUrl(name: string, target: string, form: AddressForm): ReadonlyMap<string, string> {
  const url = URL.parse(target)
  if (url === null || !form.schemes.includes(url.protocol.slice(0, -1).toLowerCase()))
    throw wrongAddress(name, form, `it is ${url === null ? 'no URL' : `a URL of ${url.protocol}//`}`)
  if (url.password !== '')
    throw errors.badRequest(
      `The target of connection '${name}' has a password in it, where everybody sees it: give it as credentials.`,
    )
  const mode = [...url.searchParams].find(([key]) => spellings[folded(key)] === 'sslmode')?.[1]
  return new Map([
    ['host', url.hostname.replace(/^\[|\]$/g, '')],
    ['database', decodeURIComponent(url.pathname.slice(1))],
    ...(url.port === '' ? [] : [['port', url.port] as const]),
    ...(mode === undefined ? [] : [['sslmode', mode] as const]),
  ])
}

const folded = (word: string) => word.toLowerCase().replaceAll(/[-_ ]/g, '')

const spellings: Readonly<Record<string, string>> = {
  server: 'host',
  host: 'host',
  hostaddr: 'host',
  datasource: 'host',
  port: 'port',
  database: 'database',
  dbname: 'database',
  initialcatalog: 'database',
  sslmode: 'sslmode',
}

/** `Key=Value;…` as ADO.NET writes it, `key=value …` as libpq does. */
function ofPairs(target: string): ReadonlyMap<string, string> {
  const pairs = target.split(target.includes(';') ? ';' : /\s+/).flatMap((pair): [string, string][] => {
    const [, key = '', value = ''] = /^\s*([\w -]+?)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
    const known = spellings[folded(key)]
    return known === undefined ? [] : [[known, value.replace(/^(['"])(.*)\1$/, '$2')]]
  })
  return new Map(pairs)
}

/** True for this machine, which is spoken to in the open where nothing else is said. */
const isLocal = (host: string) =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** By libpq's words (`verify-full`), MySQL's (`VERIFY_IDENTITY`) and ADO.NET's (`VerifyFull`). */
function tlsOf(
  name: string,
  host: string,
  said: string | undefined,
  ca: string | undefined,
): Tls | undefined {
  switch (folded(said ?? (isLocal(host) ? 'disable' : 'verify-full'))) {
    case 'disable':
    case 'disabled':
    case 'none':
      return undefined
    case 'require':
    case 'required':
      return { mode: 'require', ca }
    case 'verifyca':
      return { mode: 'verify-ca', ca }
    case 'verifyfull':
    case 'verifyidentity':
      return { mode: 'verify-full', ca }
    default:
      throw errors.badRequest(
        `Connection '${name}' asks for sslmode=${said}; there are disable, require, verify-ca and verify-full.`,
      )
  }
}
