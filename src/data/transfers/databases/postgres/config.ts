import type { ClientConfig } from 'pg'
import type { OpenConnection } from '../../../../admin/connections.ts'
import { databaseAddress, type Tls } from '../address.ts'

/** How long a server may take to answer when it is called. */
const connectMs = 10_000

const form = {
  title: 'PostgreSQL',
  schemes: ['postgresql', 'postgres'],
  port: 5432,
  tlsExample: 'sslmode=require',
}

/**
 * What `pg` has to know to reach the database of a connection. Nothing is taken from the server's own environment
 * (`PGPASSWORD`, `~/.pgpass`): what a connection does not say is not known. Throws badRequest for an address that is none.
 */
export function postgresConfig(connection: OpenConnection): ClientConfig {
  const { tls, ...address } = databaseAddress(connection, form)
  return {
    ...address,
    ssl: tls === undefined ? false : sslOf(tls),
    application_name: 'twinloop',
    options: '',
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
  }
}

const sslOf = ({ mode, ca }: Tls) => ({
  rejectUnauthorized: mode !== 'require',
  ...(ca === undefined ? {} : { ca }),
  ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
})
