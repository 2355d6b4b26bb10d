import { isIP } from 'node:net'
import type { ConnectionOptions } from 'mysql2'
import type { OpenConnection } from '../../../../admin/connections.ts'
import { errors } from '../../../../kernel/errors.ts'
import { databaseAddress, type Tls } from '../address.ts'

/** How long a server may take to answer when it is called. */
const connectMs = 10_000

const form = { title: 'MySQL', schemes: ['mysql', 'mariadb'], port: 3306, tlsExample: 'ssl-mode=REQUIRED' }

/**
 * What `mysql2` has to know to reach the database of a connection. Values come as the server's own text, in UTF-8. Throws
 * badRequest for an address that is none.
 */
export function mysqlConfig(connection: OpenConnection): ConnectionOptions {
  const { tls, ...address } = databaseAddress(connection, form)
  // The client compares the certificate with a name, and takes `localhost` where there is none.
  if (tls?.mode === 'verify-full' && isIP(address.host) !== 0)
    throw errors.badRequest(
      `Connection '${connection.name}' names its host by an address, ${address.host}, with which no certificate is compared: give the host's name, or write ssl-mode=VERIFY_CA into the target.`,
    )
  return {
    ...address,
    ...(tls === undefined ? {} : { ssl: sslOf(tls) }),
    charset: 'utf8mb4',
    rowsAsArray: true,
    typeCast: false,
    connectTimeout: connectMs,
    enableKeepAlive: true,
    keepAliveInitialDelay: 30_000,
    connectAttributes: { program_name: 'twinloop' },
  }
}

const sslOf = ({ mode, ca }: Tls) => ({
  rejectUnauthorized: mode !== 'require',
  verifyIdentity: mode === 'verify-full',
  ...(ca === undefined ? {} : { ca }),
})
