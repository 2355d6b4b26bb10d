import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { containerOf } from '../../data/containers.ts'
import { resolve as follow } from '../../data/resolve.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { childId, parseArmId } from '../../kernel/resources/arm-id.ts'
import { stableJson } from '../../kernel/resources/row.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Runtime } from '../deployments/runtime.ts'
import type { DeploymentProperties } from '../deployments/settings.ts'
import { enabledCollections, type RollingRate } from './settings.ts'
import { spoolFolder } from './spool.ts'

/** Where a collection's files go, and the data asset that they are. */
const place = z.object({ container: z.string(), path: z.string(), asset: z.string(), rate: z.number() })
export type Place = z.infer<typeof place>

/** What a spool is of: beside it, so that what was collected is taken up even when the deployment has gone. */
const spoolMetadata = z.object({
  deployment: z.string(),
  modelVersion: z.string(),
  columns: z.array(z.string()),
  texts: z.array(z.string()).optional(),
  rolling: z.custom<RollingRate>((rate) => typeof rate === 'string'),
  collections: z.record(z.string(), place),
})
export type SpoolMetadata = z.infer<typeof spoolMetadata>

const metadataFile = 'spool.json'

/** Folder of a collection's files in the workspace's blob store, as Azure ML lays them. */
export const collectionPath = (endpoint: string, deployment: string, collection: string): string =>
  `modelDataCollector/${endpoint}/${deployment}/${collection}`

/**
 * Where the collections of a deployment go. Throws a validation error for a data asset that is not there, or that does
 * not lie in the workspace's own blob store.
 */
export async function placesOf(
  platform: Platform,
  { id, scope }: Pick<Resource, 'id' | 'scope'>,
  { dataCollector }: Pick<DeploymentProperties, 'dataCollector'>,
): Promise<Readonly<Record<string, Place>>> {
  const workspace = await platform.resources.get(scope)
  const { names } = parseArmId(id)
  const [, endpoint = '', deployment = ''] = names
  const places: Record<string, Place> = {}
  for (const [collection, rate] of enabledCollections(dataCollector)) {
    const given = Object.entries(dataCollector?.collections ?? {}).find(
      ([name]) => name.toLowerCase() === collection,
    )?.[1].dataId
    const asset = childId(workspace.id, 'data', `${endpoint}-${deployment}-${collection}`, 'versions', '1')
    const path = collectionPath(endpoint, deployment, collection)
    const container = containerOf(workspace, 'blobstore')
    places[collection] = given
      ? { ...(await placeOfAsset(platform, scope, given, collection)), rate }
      : { container, path, asset, rate }
  }
  return places
}

async function placeOfAsset(platform: Platform, scope: string, dataId: string, collection: string) {
  const { location, asset } = await follow(platform, scope, dataId)
  if (location.kind === 'blob')
    return { container: location.container, path: location.path, asset: asset?.id ?? dataId }
  throw errors.validation(
    `Collected data are kept in the workspace's own blob store; '${dataId}' lies elsewhere. Leave it out, or take one at azureml://datastores/workspaceblobstore/paths/….`,
    { target: `properties.dataCollector.collections.${collection}.dataId` },
  )
}

/** Writes down beside its spool what a deployment collects, if that is news. */
export async function describeSpool(platform: Platform, deployment: Resource): Promise<void> {
  const properties = deployment.properties as DeploymentProperties
  const serving = (deployment.status['runtime'] as Runtime | undefined)?.serving
  if (!serving || deployment.deleting || enabledCollections(properties.dataCollector).size === 0) return
  const { metadata } = serving
  const described: SpoolMetadata = {
    deployment: deployment.id,
    modelVersion: metadata.versions?.[0] ?? 'default',
    columns: (metadata.inputs ?? []).map(({ name }) => name),
    texts: (metadata.inputs ?? []).flatMap(({ name, datatype }) => (datatype === 'BYTES' ? [name] : [])),
    rolling: properties.dataCollector?.rollingRate ?? 'Hour',
    collections: await placesOf(platform, deployment, properties),
  }
  const folder = spoolFolder(platform.config.home, deployment.key)
  const file = join(folder, metadataFile)
  const text = stableJson(described)
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(`${file}.new`, text, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** What a spool is of; undefined where nobody has said. */
export async function readDescription(folder: string): Promise<SpoolMetadata | undefined> {
  const text = await readFile(join(folder, metadataFile), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : spoolMetadata.parse(JSON.parse(text))
}
