import { boolean, choice, literal, map, object, required, text } from '../shape.ts'
import type { Infer } from '../shape.ts'
import { header } from './values.ts'

/** `type` of a connection, and the category that REST has for it. */
export const connectionTypes = {
  s3: 'S3',
  amazon_s3_compatible: 'AmazonS3Compatible',
  azure_blob: 'AzureBlob',
  azure_data_lake_gen2: 'ADLSGen2',
  postgresql: 'PostgreSql',
  azure_postgres_db: 'AzurePostgresDb',
  azure_sql_db: 'AzureSqlDb',
  azure_synapse_analytics: 'AzureSynapseAnalytics',
  azure_my_sql_db: 'AzureMySqlDb',
  mysql: 'MySql',
  mariadb: 'MariaDb',
  sqlite: 'Sqlite',
  sql_server: 'SqlServer',
  snowflake: 'Snowflake',
  git: 'Git',
  python_feed: 'PythonFeed',
  container_registry: 'ContainerRegistry',
  generic_http: 'GenericHttp',
  custom: 'CustomKeys',
} as const
type ConnectionType = keyof typeof connectionTypes

/** `credentials.type`, and REST's word for it. */
export const credentialTypes = {
  none: 'None',
  username_password: 'UsernamePassword',
  access_key: 'AccessKey',
  account_key: 'AccountKey',
  sas: 'SAS',
  pat: 'PAT',
  api_key: 'ApiKey',
  service_principal: 'ServicePrincipal',
  managed_identity: 'ManagedIdentity',
  aad: 'AAD',
  custom: 'CustomKeys',
} as const

export const connection = object('a connection', {
  ...header,
  type: required(choice(...(Object.keys(connectionTypes) as ConnectionType[]))),
  target: text(),
  credentials: object('credentials', {
    type: required(choice(...(Object.keys(credentialTypes) as (keyof typeof credentialTypes)[]))),
    username: text(),
    password: text(),
    access_key_id: text(),
    secret_access_key: text(),
    account_key: text(),
    sas_token: text(),
    pat: text(),
    key: text(),
    keys: map(text()),
    tenant_id: text(),
    client_id: text(),
    client_secret: text(),
    resource_id: text(),
  }),
  metadata: map(literal()),
  is_shared: boolean(),
})
export type Connection = Infer<typeof connection>
