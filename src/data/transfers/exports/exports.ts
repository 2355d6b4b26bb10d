import { childId } from '../../../kernel/resources/arm-id.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Json, Prepared, ResourceDefinition, Writing } from '../../../kernel/resources/resource.ts'
import { stableJson } from '../../../kernel/resources/row.ts'
import { resolve } from '../../resolve.ts'
import { checkDatabase, connectionName } from '../databases/open-source.ts'
import { openPlace } from '../place.ts'
import { parseTimeout } from '../timeout.ts'
import { cancel, hasEnded, internalState, nothingYet } from '../transfer.ts'
import { exportSchema, type ExportProperties, type ExportState } from './export.ts'
import { fileFormat, tableName } from './target.ts'

/** One export of data: a table, written back to files or into a database. It is done once, as a job is. */
export const dataExports: ResourceDefinition<ExportProperties> = {
  type: 'dataExports',
  provider: 'Twinloop',
  summary: 'Exports of data: tables and predictions, written to files or into a database.',
  schema: exportSchema,
  name: /^[a-zA-Z0-9][\w.-]{0,254}$/,
  createdStatus: 201,
  filters: { source: 'properties.source', status: 'status.status' },
  prepare: prepareExport,
  async beforeDelete(resource) {
    const { status } = resource.status as unknown as ExportState
    if (!hasEnded(status))
      throw errors.conflict(`Export '${resource.name}' is ${status}: cancel it before it is deleted.`)
  },
  present: ({ status }) =>
    Object.fromEntries(internalState.filter((key) => key in status).map((key) => [key, undefined])),
  actions: { cancel },
}

const words = new Set(['description', 'tags', 'properties', 'isArchived'])
const deeds = (properties: Json) =>
  stableJson(Object.fromEntries(Object.entries(properties).filter(([key]) => !words.has(key))))

async function prepareExport(
  writing: Writing<ExportProperties>,
  platform: Platform,
): Promise<Prepared<ExportProperties> | undefined> {
  const { before, body, scope, actor } = writing
  const { properties } = body
  if (before !== undefined) {
    if (deeds(properties) === deeds(before.properties)) return undefined
    throw errors.immutable(
      `Export '${before.name}' was asked for already, and what it does cannot change. Use another name.`,
    )
  }
  parseTimeout(properties.timeout)
  const { asset } = await resolve(platform, scope, properties.source)
  await platform.access.require(
    actor,
    'Microsoft.MachineLearningServices/workspaces/data/versions/read',
    asset?.id ?? scope,
  )
  await checkTarget(platform, writing)
  const status: ExportState = {
    status: 'Queued',
    progress: nothingYet,
    ...(asset === undefined ? {} : { assetId: asset.id }),
    owner: { id: actor.id, name: actor.name, kind: actor.kind },
  }
  return { status: { ...status } }
}

async function checkTarget(
  platform: Platform,
  { body, scope, actor }: Writing<ExportProperties>,
): Promise<void> {
  const { target, mode, keys } = body.properties
  const wrong = (message: string, field: string) =>
    errors.validation(message, { target: `properties.${field}` })
  if (mode === 'upsert' && (keys ?? []).length === 0)
    throw wrong('An export with mode upsert needs keys: the columns that tell which row is which.', 'keys')
  if (target.targetType === 'database') {
    if (!target.connection)
      throw wrong('An export to a database needs its connection, azureml:{name}.', 'target.connection')
    tableName(target.table ?? '')
    const id = childId(scope, 'connections', connectionName(target.connection))
    await platform.access.require(actor, 'Microsoft.MachineLearningServices/workspaces/connections/read', id)
    const connection = await platform.resources.get<{ category: string }>(id)
    return checkDatabase(connection.name, connection.properties.category, 'target')
  }
  if (mode === 'upsert')
    throw wrong(
      'Rows in files cannot be replaced one by one: use mode replace or append, or export to a database.',
      'mode',
    )
  if (!target.path)
    throw wrong(
      'An export to files needs target.path: azureml://datastores/{name}/paths/{path}.',
      'target.path',
    )
  fileFormat(target)
  // Whoever may register data may also put it there.
  await platform.access.require(
    actor,
    'Microsoft.MachineLearningServices/workspaces/data/versions/write',
    scope,
  )
  await openPlace(platform, scope, target.path)
}
