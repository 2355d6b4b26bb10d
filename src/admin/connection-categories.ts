/** Azure's groups of connection categories, with the categories that people in data and ML use. */
const groups: Readonly<Record<string, readonly string[]>> = {
  Database: [
    'AzureSqlDb',
    'AzureSynapseAnalytics',
    'AzureMySqlDb',
    'AzurePostgresDb',
    'AzureSqlMi',
    'AzureMariaDb',
    'AzureDataExplorer',
    'Snowflake',
    'PostgreSql',
    'MySql',
    'MariaDb',
    'SqlServer',
    'Oracle',
    'AmazonRedshift',
    'GoogleBigQuery',
    'Databricks',
    'Db2',
    'Hive',
    'Teradata',
    'Vertica',
    'Sqlite',
  ],
  File: ['S3', 'AmazonS3Compatible', 'AzureBlob', 'ADLSGen2', 'AzureOneLake', 'GoogleCloudStorage', 'Sftp'],
  ServicesAndApps: ['PythonFeed', 'ContainerRegistry', 'Git', 'Redis', 'ApiKey', 'CustomKeys', 'Serverless'],
  GenericProtocol: ['GenericHttp', 'GenericRest', 'Odbc'],
}

/** Names that people give for what Azure calls otherwise. */
const aliases: Readonly<Record<string, string>> = {
  postgres: 'PostgreSql',
  azuredatalakegen2: 'ADLSGen2',
  custom: 'CustomKeys',
}

const folded = (word: string) => word.replaceAll(/[_\- ]/g, '').toLowerCase()
const known = new Map(
  Object.values(groups)
    .flat()
    .map((category) => [folded(category), category]),
)

/** Azure's spelling of a category; one that is not known here is kept as it is: Azure has about a hundred. */
export const categoryOf = (word: string): string => known.get(folded(word)) ?? aliases[folded(word)] ?? word

/** Azure's group of a category. */
export const groupOf = (category: string): string =>
  Object.entries(groups).find(([, categories]) => categories.includes(category))?.[0] ?? 'ServicesAndApps'
