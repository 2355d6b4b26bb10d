import { findVersion } from '../../data/resolve.ts'
import { parseReference } from '../../data/locations.ts'
import { UserError } from '../../kernel/errors.ts'
import { below, complain, isMap, isText, shown, type Place } from '../../kernel/grammar/place.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Platform } from '../../kernel/platform.ts'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { placesOf } from '../../serving/collection/places.ts'
import { isEndpoint, spellTarget, targetIdOf } from './target-id.ts'

/** What a monitor watches, as it is now. */
export interface Target {
  /** Id of the deployment or endpoint that is watched, as it is spelt. */
  readonly id?: string
  /** The deployment; of an endpoint, the one that answers most. */
  readonly deployment?: Resource
  /** The model version: the one that the monitor names, or its deployment's. */
  readonly model?: Resource
  /** Id of the data asset of each collection that the deployment fills, by the collection's name. */
  readonly collections: Readonly<Record<string, string>>
}

const endpoints = 'workspaces/onlineEndpoints'
const deployments = 'workspaces/onlineEndpoints/deployments'

/** Looks up what a definition says it watches; what there is not is complained of, with the nearest there is. */
export async function findTarget(
  platform: Platform,
  workspaceId: string,
  definition: Json,
  place: Place,
): Promise<Target> {
  const said = isMap(definition['monitoringTarget']) ? definition['monitoringTarget'] : {}
  const within = below(place, 'monitoringTarget')
  const watched = await watchedAt(platform, workspaceId, below(within, 'deploymentId'), said['deploymentId'])
  const deployment =
    watched?.type === endpoints ? await mostUsed(platform, watched, below(within, 'deploymentId')) : watched
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
    ...(watched === undefined ? {} : { id: watched.id }),
    ...(deployment === undefined ? {} : { deployment }),
    ...(model === undefined ? {} : { model }),
    collections: deployment === undefined ? {} : await collectionsOf(platform, deployment),
  }
}

const text = (value: unknown): string | undefined => (isText(value) ? value : undefined)

/** Collections that are on, each with the data asset that its files are. */
async function collectionsOf(
  platform: Platform,
  deployment: Resource,
): Promise<Readonly<Record<string, string>>> {
  const places = await placesOf(platform, deployment, deployment.properties)
  return Object.fromEntries(Object.entries(places).map(([name, { asset }]) => [name, asset]))
}

async function watchedAt(
  platform: Platform,
  workspaceId: string,
  place: Place,
  said: unknown,
): Promise<Resource | undefined> {
  if (said === undefined || said === null) return undefined
  const id = isText(said) ? targetIdOf(workspaceId, said) : undefined
  if (id === undefined)
    return complain(place, `: ${shown(said)} is not a deployment`, {
      hint: 'azureml:ENDPOINT:DEPLOYMENT, or azureml:ENDPOINT for all of its deployments',
    })
  if (scopeId(id)?.toLowerCase() !== workspaceId.toLowerCase())
    return complain(place, `: ${shown(said)} is of another workspace`)
  const type = isEndpoint(id) ? endpoints : deployments
  const found = await platform.resources.find(id)
  if (found?.type === type && !found.deleting) return found
  const all = await platform.resources.list({ type, scope: workspaceId, view: 'all', top: 1000 })
  const near = nearest(
    spellTarget(id),
    all.map((one) => spellTarget(one.id)),
  )
  const what = isEndpoint(id) ? 'online endpoint' : 'deployment'
  return complain(place, `: there is no ${what} '${spellTarget(id)}'`, {
    hint: near === undefined ? undefined : `did you mean ${near}?`,
  })
}

/** The deployment of an endpoint that gets most of its requests; of several, or of none that gets any, the newest. */
async function mostUsed(
  platform: Platform,
  { key, name, properties }: Resource,
  place: Place,
): Promise<Resource | undefined> {
  const all = (await platform.resources.list({ type: deployments, parent: key, view: 'all' })).filter(
    (one) => !one.deleting,
  )
  const traffic = isMap(properties['traffic']) ? properties['traffic'] : {}
  const most = all.toSorted((a, b) => Number(traffic[b.name] ?? 0) - Number(traffic[a.name] ?? 0))[0]
  return most ?? complain(place, `: endpoint '${name}' has no deployment`)
}

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
