import { z } from 'zod'
import { isInRegistry, parentId, scopeId } from '../kernel/resources/arm-id.ts'
import { errors } from '../kernel/errors.ts'
import type { Platform } from '../kernel/platform.ts'
import type { Json, ResourceDefinition, Writing } from '../kernel/resources/resource.ts'
import { assetFields, oneOf } from '../kernel/resources/schema.ts'
import type { Db } from '../store/database.ts'
import { assetDefaults, versionDefaults } from '../data/assets.ts'
import { containerOf, ownDatastores } from '../data/containers.ts'
import { lineage } from '../data/lineage/lineage-action.ts'
import { recordLineage, recordOrigin } from '../data/lineage/record.ts'
import { parseReference } from '../data/locations.ts'
import { startPendingUpload } from '../data/pending-upload.ts'
import { aliasesOf, deleteAlias, setAlias, writeAlias } from './aliases.ts'
import { readFlavors } from './flavors.ts'
import { traceLineage, type Lineage } from './lineage.ts'
import { locate, type Located } from './locate.ts'

/** Names as Azure ML has them, and with spaces inside, as MLflow's users write them. */
const modelName = /^[a-zA-Z0-9](?:[a-zA-Z0-9._ -]{0,253}[a-zA-Z0-9._-])?$/

/** Property under which a version keeps the address that it was registered with, as Azure ML does. */
export const sourceProperty = 'mlflow.modelSourceUri'

export const models: ResourceDefinition = {
  type: 'workspaces/models',
  scopes: ['workspace', 'registry'],
  summary: 'A model: versions under one name, with aliases such as champion.',
  schema: z.looseObject(assetFields),
  name: modelName,
  container: true,
  present: assetDefaults,
  actions: { setAlias, deleteAlias },
}

const flavor = z.looseObject({ data: z.record(z.string(), z.unknown()).nullish() })

const versionSchema = z.looseObject({
  ...assetFields,
  modelUri: z.string().min(1),
  modelType: oneOf(['custom_model', 'mlflow_model', 'triton_model']).default('custom_model'),
  flavors: z.record(z.string(), flavor).nullish(),
  jobName: z.string().nullish(),
  stage: z.string().nullish(),
  datasets: z.array(z.looseObject({ id: z.string().nullish(), name: z.string().nullish() })).nullish(),
})

type VersionProperties = z.infer<typeof versionSchema>

export const modelVersions: ResourceDefinition<VersionProperties> = {
  type: 'workspaces/models/versions',
  scopes: ['workspace', 'registry'],
  summary: 'One version of a model: files, and the job and data they came from.',
  schema: versionSchema,
  parent: 'created',
  immutable: ['modelType'],
  prepare,
  present: versionDefaults,
  actions: { startPendingUpload, lineage },
  async beforeDelete(version, platform) {
    // An alias must never lead to nothing, nor to a later version of the same number.
    const model = await platform.resources.find(version.parent)
    if (model === undefined) return
    for (const [alias, target] of Object.entries(aliasesOf(model)))
      if (target === version.name)
        await writeAlias(platform, model.key, { alias, to: null, by: `deletion of version ${version.name}` })
  },
}

async function prepare(writing: Writing<VersionProperties>, platform: Platform) {
  const { before, body } = writing
  const given = body.properties
  const workspaceId = scopeId(writing.id) ?? ''
  const located: Located =
    before !== undefined && given.modelUri === before.properties.modelUri
      ? { uri: given.modelUri }
      : await locate(platform, workspaceId, given.modelUri)
  if (before !== undefined) return replaced(given, before.properties, located)
  const workspace = await platform.resources.get(workspaceId)
  // What a registry's version came of is told by who published it: its run is another workspace's.
  const from: Lineage = isInRegistry(workspaceId)
    ? { data: [] }
    : await traceLineage(platform, workspace, {
        run: given.jobName ?? located.run,
        loggedModel: located.loggedModel,
      })
  const container = blobFolder(located.uri)
  const flavors =
    given.flavors ??
    (container === undefined
      ? {}
      : await readFlavors(platform.artifacts, {
          container: containerOf(workspace, container.which),
          path: container.path,
        }))
  const properties: VersionProperties = {
    ...given,
    modelUri: located.uri,
    flavors,
    ...(from.run === undefined ? {} : { jobName: from.run }),
    datasets: given.datasets ?? from.data.map(({ name, id }) => ({ name, id })),
    properties:
      located.uri === given.modelUri
        ? given.properties
        : { [sourceProperty]: given.modelUri, ...given.properties },
  }
  return {
    properties,
    status: { provisioningState: 'Succeeded', lineage: from },
    events: [registered(writing, properties, workspaceId)],
    also: async (db: Db) => {
      const now = platform.clock().getTime()
      await recordOrigin(
        db,
        { id: writing.id, uri: located.uri, run: from.run, loggedModel: from.loggedModel },
        now,
      )
      if (located.version === undefined) return
      const copied = { from: located.version, to: writing.id, kind: 'copied' } as const
      await recordLineage(db, workspaceId, [copied], now)
    },
  }
}

/** A version that is there keeps its files and what is known of them. */
function replaced(given: VersionProperties, before: VersionProperties, located: Located) {
  if (located.uri !== before.modelUri)
    throw errors.immutable(
      `The model version is there already, and its modelUri cannot change (it is ${before.modelUri}, not ${located.uri}). Make a new version, or use another name.`,
      { target: 'properties.modelUri' },
    )
  const kept = { flavors: before.flavors, jobName: before.jobName, datasets: before.datasets }
  const asked = Object.fromEntries(Object.entries(given).filter(([, v]) => v !== undefined && v !== null))
  return { properties: { ...given, ...kept, ...asked, modelUri: before.modelUri } as VersionProperties }
}

const registered = (writing: Writing, properties: VersionProperties, workspaceId: string) => {
  const model = parentId(writing.id).split('/').at(-1) ?? ''
  return {
    type: 'Microsoft.MachineLearningServices.ModelRegistered',
    subject: `models/${model}:${writing.name}`,
    source: workspaceId,
    data: {
      ModelName: model,
      ModelVersion: writing.name,
      ModelTags: (properties.tags ?? {}) as Json,
      ModelProperties: (properties.properties ?? {}) as Json,
    },
  }
}

/** Where in the workspace's (or registry's) own containers a canonical address leads; undefined outside of them. */
export function blobFolder(uri: string) {
  const reference = parseReference(uri)
  // So a registry says where its files are.
  if (reference.kind === 'blob')
    return { which: 'blobstore', path: reference.path.replace(/\/+$/, '') } as const
  if (reference.kind !== 'datastore') return undefined
  const which = ownDatastores[reference.datastore.toLowerCase()]
  return which === undefined ? undefined : { which, path: reference.path.replace(/\/+$/, '') }
}
