import { openConnection } from '../../admin/connections.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { postgresConfig } from './postgres-address.ts'
import { openPostgres } from './postgres-source.ts'
import { openPostgresTarget } from './postgres-target.ts'
import type { SqlSource } from './sql-source.ts'
import type { SqlTarget } from './sql-target.ts'

/** Categories of connections that PostgreSQL's protocol reaches. */
const postgres = new Set(['PostgreSql', 'AzurePostgresDb'])

/** What databases that are not spoken to are to be read with instead. */
const instead =
  'Export the query there to Parquet or CSV in a store that Twinloop reaches (Azure Blob, Data Lake, S3, a folder), and import that with type file_system'

/** The name in `azureml:flights_db`, in an id, or as it is. */
export const connectionName = (reference: string): string =>
  /\/connections\/([^/]+)$/i.exec(reference)?.[1] ?? reference.replace(/^azureml:/i, '')

/** Throws unless the connection leads to a database that can be spoken to, telling what to do instead. */
export function checkDatabase(name: string, category: string): void {
  if (postgres.has(category)) return
  throw errors.badRequest(
    `Connection '${name}' is of type ${category}: only PostgreSQL is read and written as a database. ${instead}.`,
    { target: 'properties.source.connection' },
  )
}

/** Opens the database of a connection for reading. Throws as `SqlSource` does. */
export async function openSource(
  platform: Platform,
  scope: string,
  reference: string,
  options: { readonly timeoutMs: number },
): Promise<SqlSource> {
  const { config, name } = await databaseOf(platform, scope, reference)
  return openPostgres(config, { ...options, name })
}

/** Opens the database of a connection for writing. Throws as `SqlSource` does. */
export async function openTarget(
  platform: Platform,
  scope: string,
  reference: string,
  options: { readonly timeoutMs: number },
): Promise<SqlTarget> {
  const { config, name } = await databaseOf(platform, scope, reference)
  return openPostgresTarget(config, { ...options, name })
}

async function databaseOf(platform: Platform, scope: string, reference: string) {
  const connection = await openConnection(platform, scope, connectionName(reference))
  checkDatabase(connection.name, connection.category)
  return { config: postgresConfig(connection), name: connection.name }
}
