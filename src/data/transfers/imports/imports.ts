import { childId } from '../../../kernel/resources/arm-id.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type {
  Json,
  Prepared,
  Resource,
  ResourceDefinition,
  Writing,
} from '../../../kernel/resources/resource.ts'
import { stableJson } from '../../../kernel/resources/row.ts'
import { parseReference } from '../../locations.ts'
import { namesOf, resolve } from '../../resolve.ts'
import { connectionName, checkDatabase } from '../databases/open-source.ts'
import { parseTimeout } from '../timeout.ts'
import { cancel, hasEnded, internalState, nothingYet } from '../transfer.ts'
import { sourcePath } from './source-path.ts'
import { importSchema, type ImportProperties, type ImportState } from './import.ts'

/** One import of data: a query or files, brought into a new version of a data asset. It is done once, as a job is. */
export const dataImports: ResourceDefinition<ImportProperties> = {
  type: 'dataImports',
  provider: 'Twinloop',
  summary: 'Imports of data: from a database or files into a new version of an asset.',
  schema: importSchema,
  name: /^[a-zA-Z0-9][\w.-]{0,254}$/,
  createdStatus: 201,
  filters: { assetName: 'properties.assetName', status: 'status.status' },
  prepare: prepareImport,
  async beforeDelete(resource) {
    const { status } = resource.status as unknown as ImportState
    if (!hasEnded(status))
      throw errors.conflict(`Import '${resource.name}' is ${status}: cancel it before it is deleted.`)
  },
  present: ({ status }) =>
    Object.fromEntries(internalState.filter((key) => key in status).map((key) => [key, undefined])),
  actions: { cancel },
}

async function prepareImport(
  writing: Writing<ImportProperties>,
  platform: Platform,
): Promise<Prepared<ImportProperties>> {
  const { before, body, name, scope, actor } = writing
  if (before !== undefined) return unchangedButWords(before, body.properties)
  const properties = normal(body.properties)
  checkSource(properties)
  parseTimeout(properties.timeout)
  const workspace = await platform.resources.get(scope)
  await checkConnection(platform, writing, properties)
  await checkReadable(platform, writing, properties)
  const dataUri = targetOf(properties.dataUri ?? defaultTarget, name)
  const target = parseReference(dataUri)
  if (target.kind !== 'datastore')
    throw errors.validation(
      `'${dataUri}' is no place for an import: expected azureml://datastores/{name}/paths/{path}.`,
      { target: 'properties.dataUri' },
    )
  await resolve(platform, scope, target)
  await platform.access.require(
    actor,
    'Microsoft.MachineLearningServices/workspaces/data/versions/write',
    childId(scope, 'data', properties.assetName),
  )
  await checkAsset(platform, scope, properties)
  const status: ImportState = {
    status: 'Queued',
    progress: nothingYet,
    dataUri: `azureml://subscriptions/${namesOf(workspace).subscription}/resourcegroups/${namesOf(workspace).resourceGroup}/workspaces/${workspace.name}/datastores/${target.datastore}/paths/${target.path.replace(/\/+$/, '')}`,
    owner: { id: actor.id, name: actor.name, kind: actor.kind },
  }
  return { properties, status: { ...status } }
}

/** Where imports go of which nobody said it. */
const defaultTarget = 'azureml://datastores/workspaceblobstore/paths/imports/'

/** The path with this import's own name in it: no two imports share a folder. */
function targetOf(path: string, name: string): string {
  const template = path.includes('${{name}}') ? path : `${path.replace(/\/+$/, '')}/\${{name}}`
  return template.replaceAll('${{name}}', name).replaceAll('${{default_datastore}}', 'workspaceblobstore')
}

/** A database gives a table, whatever the client wrote: Azure's SDK always sends `uri_folder`. */
const normal = (properties: ImportProperties): ImportProperties =>
  properties.source.sourceType === 'database' ? { ...properties, dataType: 'mltable' } : properties

function checkSource({ source, incremental, dataType }: ImportProperties): void {
  const { sourceType, connection, query, path } = source
  const need = (field: 'connection' | 'query' | 'path', value: string | null | undefined, what: string) => {
    if (value === undefined || value === null || value.trim() === '')
      throw errors.validation(`An import of type ${sourceType} needs source.${field}: ${what}.`, {
        target: `properties.source.${field}`,
      })
  }
  if (sourceType === 'database') {
    need('connection', connection, 'the connection to the database, azureml:{name}')
    need('query', query, 'the select whose rows are imported')
    return
  }
  need('path', path, 'a reference to a file or folder, such as azureml://datastores/{name}/paths/{path}')
  if (incremental && dataType === 'uri_folder')
    throw errors.validation(
      'Files that are copied as they are have no column to import by: use type mltable.',
      {
        target: 'properties.incremental',
      },
    )
}

/** Whoever imports by a connection must be allowed to read it. */
async function checkConnection(
  platform: Platform,
  { actor, scope }: Writing<ImportProperties>,
  { source }: ImportProperties,
): Promise<void> {
  if (!source.connection) return
  const name = connectionName(source.connection)
  const id = childId(scope, 'connections', name)
  await platform.access.require(actor, 'Microsoft.MachineLearningServices/workspaces/connections/read', id)
  const connection = await platform.resources.get<{ category: string }>(id)
  if (source.sourceType === 'database')
    return checkDatabase(connection.name, connection.properties.category, 'source')
  await sourcePath(platform, scope, source)
}

/** Whoever imports files that are named directly must be allowed to read them, as those of an asset or of a datastore. */
async function checkReadable(
  platform: Platform,
  { actor, scope }: Writing<ImportProperties>,
  { source }: ImportProperties,
): Promise<void> {
  if (source.sourceType === 'database' || source.connection) return
  const { asset } = await resolve(platform, scope, await sourcePath(platform, scope, source))
  const type = asset?.type ?? 'workspaces/datastores'
  await platform.access.require(actor, `Microsoft.MachineLearningServices/${type}/read`, asset?.id ?? scope)
}

/** Told at once rather than after hours: the asset is of another type, or has that version. */
async function checkAsset(
  platform: Platform,
  scope: string,
  { assetName, assetVersion, dataType }: ImportProperties,
): Promise<void> {
  const id = childId(scope, 'data', assetName)
  const container = await platform.resources.find<{ dataType?: string | null }>(id)
  const is = container?.properties.dataType
  if (is !== undefined && is !== null && is !== dataType)
    throw errors.validation(
      `'${assetName}' is ${is}, and all its versions are; this import makes ${dataType}. Use another name.`,
      { target: 'properties.dataType' },
    )
  if (!assetVersion) return
  if ((await platform.resources.find(childId(id, 'versions', assetVersion))) !== undefined)
    throw errors.conflict(
      `Version ${assetVersion} of '${assetName}' is there already. Leave the version out to make the next one.`,
      { target: 'properties.assetVersion' },
    )
}

/** An import is done once; what is said about it may change. */
function unchangedButWords(
  before: Resource<ImportProperties>,
  now: ImportProperties,
): Prepared<ImportProperties> {
  const words = new Set(['description', 'tags', 'properties', 'isArchived'])
  const rest = (of: Json) =>
    stableJson(Object.fromEntries(Object.entries(of).filter(([key]) => !words.has(key))))
  if (rest(normal(now)) !== rest(before.properties))
    throw errors.immutable(
      `Import '${before.name}' was asked for already, and what it does cannot change. Use another name.`,
    )
  return { properties: { ...before.properties, ...now } }
}
