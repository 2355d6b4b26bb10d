import { findVersion } from '../../data/resolve.ts'
import { parseReference } from '../../data/locations.ts'
import { UserError } from '../../kernel/errors.ts'
import { below, complain, isMap, isText, shown, type Place } from '../../kernel/grammar/place.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Platform } from '../../kernel/platform.ts'
import { childId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { placesOf } from '../../serving/collection/places.ts'

/** What a monitor watches, as it is now. */
export interface Target {
  readonly deployment?: Resource
  /** The model version: the one that the monitor names, or its deployment's. */
  readonly model?: Resource
  /** Id of the data asset of each collection that the deployment fills, by the collection's name. */
  readonly collections: Readonly<Record<string, string>>
}

const deployments = 'workspaces/onlineEndpoints/deployments'

/** `azureml:endpoint:deployment`, `endpoint:deployment` or an id, as the id it means in this workspace. */
export function deploymentIdOf(workspaceId: string, said: string): string | undefined {
  const name = said.replace(/^azureml:/i, '')
  if (name.startsWith('/')) return name
  const [endpoint, deployment, ...rest] = name.split(':')
  return endpoint && deployment && rest.length === 0
    ? childId(workspaceId, 'onlineEndpoints', endpoint, 'deployments', deployment)
    : undefined
}

/** Looks up what a definition says it watches; what there is not is complained of, with the nearest there is. */
export async function findTarget(
  platform: Platform,
  workspaceId: string,
  definition: Json,
  place: Place,
): Promise<Target> {
  const said = isMap(definition['monitoringTarget']) ? definition['monitoringTarget'] : {}
  const within = below(place, 'monitoringTarget')
  const deployment = await deploymentAt(
    platform,
    workspaceId,
    below(within, 'deploymentId'),
    said['deploymentId'],
  )
  const modelId = isText(said['modelId']) ? said['modelId'] : text(deployment?.properties['model'])
  const model =
    modelId === undefined
      ? undefined
      : await modelAt(
          platform,
          workspaceId,
          below(within, isText(said['modelId']) ? 'modelId' : 'deploymentId'),
          modelId,
        )
  return {
    ...(deployment === undefined ? {} : { deployment }),
    ...(model === undefined ? {} : { model }),
    collections: deployment === undefined ? {} : await collectionsOf(platform, deployment),
  }
}

const text = (value: unknown): string | undefined => (isText(value) ? value : undefined)

/** Collections that are on, each with the data asset that its files are. */
export async function collectionsOf(
  platform: Platform,
  deployment: Resource,
): Promise<Readonly<Record<string, string>>> {
  const places = await placesOf(platform, deployment, deployment.properties)
  return Object.fromEntries(Object.entries(places).map(([name, { asset }]) => [name, asset]))
}

async function deploymentAt(
  platform: Platform,
  workspaceId: string,
  place: Place,
  said: unknown,
): Promise<Resource | undefined> {
  if (said === undefined || said === null) return undefined
  const id = isText(said) ? deploymentIdOf(workspaceId, said) : undefined
  if (id === undefined)
    return complain(place, `: ${shown(said)} is not a deployment`, { hint: 'azureml:ENDPOINT:DEPLOYMENT' })
  if (scopeId(id)?.toLowerCase() !== workspaceId.toLowerCase())
    return complain(place, `: ${shown(said)} is of another workspace`)
  const found = await platform.resources.find(id)
  if (found?.type === deployments && !found.deleting) return found
  const all = await platform.resources.list({ type: deployments, scope: workspaceId, view: 'all', top: 1000 })
  const names = all.map((one) => nameOf(one.id))
  const near = nearest(nameOf(id), names)
  return complain(place, `: there is no deployment '${nameOf(id)}'`, {
    hint: near === undefined ? undefined : `did you mean ${near}?`,
  })
}

/** `endpoint:deployment` */
const nameOf = (id: string): string =>
  id
    .split('/')
    .filter((_, i, all) => [all.length - 3, all.length - 1].includes(i))
    .join(':')

async function modelAt(
  platform: Platform,
  workspaceId: string,
  place: Place,
  said: string,
): Promise<Resource | undefined> {
  try {
    const reference = parseReference(said)
    if (reference.kind !== 'asset')
      return complain(place, `: ${shown(said)} is not a model`, { hint: 'azureml:NAME:VERSION' })
    return await findVersion(platform, await platform.resources.get(workspaceId), reference, 'models')
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return complain(place, `: ${error.message}`)
  }
}
