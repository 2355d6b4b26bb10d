import { containerOf } from '../../../data/containers.ts'
import { childId, keyOf, parseArmId } from '../../../kernel/resources/arm-id.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { collectionPath } from '../../../serving/collection/places.ts'
import { enabledCollections, modelCollections } from '../../../serving/collection/settings.ts'
import type { DeploymentProperties } from '../../../serving/deployments/settings.ts'
import type { Monitor } from '../../monitors/monitor.ts'
import { NoData } from '../population.ts'

/** `deployment blue of endpoint flights`, or `endpoint flights`. */
export function watchedInWords(id: string): string {
  const [, endpoint = '', deployment] = parseArmId(id).names
  return deployment === undefined
    ? `endpoint ${endpoint}`
    : `deployment ${deployment} of endpoint ${endpoint}`
}

/**
 * The deployments whose collections a monitor looks at: its own; of a monitor of an endpoint all that collect, those that
 * answer first, and those that have gone and left collections behind. Throws NoData where there is none.
 */
export async function watchedDeployments(
  platform: Platform,
  { deployment, endpoint }: Pick<Monitor, 'deployment' | 'endpoint'>,
): Promise<readonly Resource[]> {
  const id = deployment ?? endpoint
  if (id === undefined)
    throw new NoData(
      'The monitor names no deployment, and the signal no input_data: there is nothing to read.',
    )
  const found = await platform.resources.find(id)
  if (found === undefined) throw new NoData(`There is no ${watchedInWords(id)} any more.`)
  if (deployment !== undefined) return [found]
  const type = 'workspaces/onlineEndpoints/deployments'
  const all = await platform.resources.list({ type, parent: found.id })
  const traffic = (found.properties['traffic'] ?? {}) as Readonly<Record<string, number>>
  const answers = ({ name }: Resource) => traffic[name] ?? 0
  const living = all.filter(collects).toSorted((a, b) => answers(b) - answers(a))
  const gone = await leftBehind(platform, found, all)
  if (living.length + gone.length > 0) return [...living, ...gone]
  throw new NoData(`No deployment of ${watchedInWords(id)} collects its inputs and outputs.`)
}

/** Whether a deployment collects what its model is asked or answers. */
export const collects = ({ properties }: Pick<Resource, 'properties'>): boolean =>
  [...enabledCollections((properties as DeploymentProperties).dataCollector).keys()].some((name) =>
    modelCollections.includes(name),
  )

/** Deployments that are not there any more, as far as reading what they collected needs to know them. */
async function leftBehind(
  platform: Platform,
  endpoint: Resource,
  known: readonly Resource[],
): Promise<readonly Resource[]> {
  const workspace = await platform.resources.get(endpoint.scope)
  const container = containerOf(workspace, 'blobstore')
  const above = collectionPath(endpoint.name, '', '').replace(/\/+$/, '/')
  const { prefixes } = await platform.artifacts.list(container, above, { delimiter: '/' })
  const names = prefixes.map((prefix) => prefix.slice(above.length, -1))
  const gone: Resource[] = []
  for (const name of names) {
    if (known.some((deployment) => deployment.name.toLowerCase() === name.toLowerCase())) continue
    const within = await platform.artifacts.list(container, `${above}${name}/`, { delimiter: '/' })
    const collections = within.prefixes
      .map((prefix) => prefix.slice(above.length + name.length + 1, -1))
      .filter((collection) => modelCollections.includes(collection))
    if (collections.length === 0) continue
    const id = childId(endpoint.id, 'deployments', name)
    const enabled = collections.map((one) => [one, { dataCollectionMode: 'Enabled' }])
    gone.push({
      ...endpoint,
      id,
      key: keyOf(id),
      name,
      properties: { dataCollector: { collections: Object.fromEntries(enabled), rollingRate: 'Hour' } },
    })
  }
  return gone
}
