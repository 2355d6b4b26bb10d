import { isIP } from 'node:net'
import type { ClientConfig } from 'pg'
import type { OpenConnection } from '../../admin/connections.ts'
import { errors } from '../../kernel/errors.ts'

/** How long a server may take to answer when it is called. */
const connectMs = 10_000

/**
 * What `pg` has to know to reach the database of a connection. Nothing is taken from the server's own environment
 * (`PGPASSWORD`, `~/.pgpass`): what a connection does not say is not known. Throws badRequest for an address that is none.
 *
 *     postgresql://db.example.org:5432/flights?sslmode=verify-full
 *     Server=db.example.org;Port=5432;Database=flights;SslMode=VerifyFull
 *     host=db.example.org port=5432 dbname=flights sslmode=require
 */
export function postgresConfig(connection: OpenConnection): ClientConfig {
  const { name, target, credentials } = connection
  const said = target.includes('://') ? ofUrl(name, target) : ofPairs(target)
  const host = said.get('host') ?? ''
  const database = said.get('database') ?? ''
  if (host === '' || host.includes('/') || database === '')
    throw wrongAddress(
      name,
      target === '' ? 'it has none' : `it names no ${database === '' && host !== '' ? 'database' : 'host'}`,
    )
  const port = Number(said.get('port') ?? 5432)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw wrongAddress(name, `'${said.get('port')}' is no port`)
  const user = credentials['username'] ?? ''
  if (user === '')
    throw errors.badRequest(
      `Connection '${name}' has no user name: a PostgreSQL connection authenticates by username and password.`,
    )
  return {
    host,
    port,
    database,
    user,
    password: credentials['password'] ?? '',
    ssl: tls(name, host, said.get('sslmode')),
    application_name: 'twinloop',
    options: '',
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
  }
}

const wrongAddress = (name: string, why: string) =>
  errors.badRequest(
    `The target of connection '${name}' is no address of a PostgreSQL database: ${why}. ` +
      'Expected postgresql://host:5432/database?sslmode=require, or Server=host;Port=5432;Database=database.',
  )

function ofUrl(name: string, target: string): ReadonlyMap<string, string> {
  const url = URL.parse(target)
  if (url === null || !/^(?:postgres|postgresql):$/i.test(url.protocol))
    throw wrongAddress(name, `it is ${url === null ? 'no URL' : `a URL of ${url.protocol}//`}`)
  if (url.password !== '')
    throw errors.badRequest(
      `The target of connection '${name}' has a password in it, where everybody sees it: give it as credentials.`,
    )
  return new Map([
    ['host', url.hostname.replace(/^\[|\]$/g, '')],
    ['database', decodeURIComponent(url.pathname.slice(1))],
    ...(url.port === '' ? [] : [['port', url.port] as const]),
    ...(url.searchParams.has('sslmode') ? [['sslmode', url.searchParams.get('sslmode') ?? ''] as const] : []),
  ])
}

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
    const [, key = '', value = ''] = /^\s*([\w ]+?)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
    const known = spellings[key.toLowerCase().replaceAll(' ', '')]
    return known === undefined ? [] : [[known, value.replace(/^(['"])(.*)\1$/, '$2')]]
  })
  return new Map(pairs)
}

/** As libpq understands it; without a word, only this machine is spoken to in the open. */
function tls(name: string, host: string, mode: string | undefined): ClientConfig['ssl'] {
  const isLocal = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
  switch ((mode ?? (isLocal ? 'disable' : 'verify-full')).toLowerCase().replaceAll(/[-_ ]/g, '')) {
    case 'disable':
      return false
    case 'require':
      return { rejectUnauthorized: false }
    case 'verifyca':
    case 'verifyfull':
      return { rejectUnauthorized: true }
    default:
      throw errors.badRequest(
        `Connection '${name}' asks for sslmode=${mode}; there are disable, require and verify-full.`,
      )
  }
}
