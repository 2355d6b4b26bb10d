import { openConnection, type OpenConnection } from '../../../admin/connections.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { mysqlConfig } from './mysql/config.ts'
import { openMysql } from './mysql/source.ts'
import { postgresConfig } from './postgres/config.ts'
import { openPostgres } from './postgres/source.ts'
import { openPostgresTarget } from './postgres/target.ts'
import type { SqlSource } from './sql-source.ts'
import type { SqlTarget } from './sql-target.ts'
import { openSqlite } from './sqlite/source.ts'

interface Asking {
  readonly platform: Platform
  readonly scope: string
  readonly timeoutMs: number
}

/** A kind of database that is spoken to. */
interface Database {
  readonly title: string
  openSource(connection: OpenConnection, asking: Asking): Promise<SqlSource>
  /** Absent where it is only read. */
  openTarget?(connection: OpenConnection, asking: Asking): Promise<SqlTarget>
}

const postgres: Database = {
  title: 'PostgreSQL',
  openSource: (connection, { timeoutMs }) =>
    openPostgres(postgresConfig(connection), { name: connection.name, timeoutMs }),
  openTarget: (connection, { timeoutMs }) =>
    openPostgresTarget(postgresConfig(connection), { name: connection.name, timeoutMs }),
}
const mysql: Database = {
  title: 'MySQL',
  openSource: (connection, { timeoutMs }) =>
    openMysql(mysqlConfig(connection), { name: connection.name, timeoutMs }),
}
const sqlite: Database = { title: 'SQLite', openSource: openSqlite }

/** By the connection's category. */
const databases: ReadonlyMap<string, Database> = new Map([
  ['PostgreSql', postgres],
  ['AzurePostgresDb', postgres],
  ['MySql', mysql],
  ['MariaDb', mysql],
  ['AzureMySqlDb', mysql],
  ['AzureMariaDb', mysql],
  ['Sqlite', sqlite],
])

/** True for a category of connections that leads to a database which is spoken to here. */
export const isDatabase = (category: string): boolean => databases.has(category)

const sqlServer = 'create external table as select, or bcp'
/** The command by which a database that is not spoken to writes files itself. */
const exporters: Readonly<Record<string, string>> = {
  AzureSqlDb: sqlServer,
  AzureSqlMi: sqlServer,
  AzureSynapseAnalytics: 'create external table as select',
  SqlServer: sqlServer,
  Snowflake: 'copy into @stage … file_format = (type = parquet)',
  AmazonRedshift: 'unload … format parquet',
  GoogleBigQuery: 'export data options (format = parquet)',
  Databricks: 'insert overwrite directory … using parquet',
}

/** The name in `azureml:flights_db`, in an id, or as it is. */
export const connectionName = (reference: string): string =>
  /\/connections\/([^/]+)$/i.exec(reference)?.[1] ?? reference.replace(/^azureml:/i, '')

/** Throws unless the connection leads to a database that can be used so, telling what to do instead. */
export function checkDatabase(name: string, category: string, use: 'source' | 'target'): void {
  const database = databases.get(category)
  if (use === 'source' ? database !== undefined : database?.openTarget !== undefined) return
  const target = `properties.${use}.connection`
  if (use === 'target')
    throw errors.badRequest(
      `Connection '${name}' is of type ${category}: tables are written to PostgreSQL only. ` +
        'Export to files (target.path, or --to) and load those with the database’s own means.',
      { target },
    )
  const by = exporters[category]
  throw errors.badRequest(
    `Connection '${name}' is of type ${category}: PostgreSQL, MySQL, MariaDB and SQLite are read as databases. ` +
      `Export the query there to Parquet or CSV${by === undefined ? '' : ` (${by})`} in a store that Twinloop reaches ` +
      '(Azure Blob, Data Lake, S3, a folder), and import that with type file_system.',
    { target },
  )
}

/** Opens the database of a connection for reading. Throws as `SqlSource` does. */
export async function openSource(
  platform: Platform,
  scope: string,
  reference: string,
  options: { readonly timeoutMs: number },
): Promise<SqlSource> {
  const connection = await openConnection(platform, scope, connectionName(reference))
  checkDatabase(connection.name, connection.category, 'source')
  return databaseOf(connection).openSource(connection, { platform, scope, ...options })
}

/** Opens the database of a connection for writing. Throws as `SqlSource` does. */
export async function openTarget(
  platform: Platform,
  scope: string,
  reference: string,
  options: { readonly timeoutMs: number },
): Promise<SqlTarget> {
  const connection = await openConnection(platform, scope, connectionName(reference))
  checkDatabase(connection.name, connection.category, 'target')
  const target = await databaseOf(connection).openTarget?.(connection, { platform, scope, ...options })
  return target ?? Promise.reject(new Error(`${connection.category} is no target`))
}

function databaseOf({ category }: OpenConnection): Database {
  const database = databases.get(category)
  if (database === undefined) throw new Error(`${category} is no database`)
  return database
}
