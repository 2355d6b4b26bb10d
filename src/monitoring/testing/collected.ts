import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { rolledPath } from '../../serving/collection/events.ts'
import { labelsPath } from '../../serving/collection/labels/labels.ts'
import { placesOf } from '../../serving/collection/places.ts'

/** A request that a deployment answered: a row of each list is one row of it. */
export interface Answered {
  readonly id: string
  readonly at: Date
  readonly inputs: readonly Json[]
  readonly outputs?: readonly Json[]
}

/** A deployment that collects its inputs and outputs, without anything that runs; a platform that knows it. */
export function collectingDeployment(
  platform: Platform,
  workspace: string,
  properties: Json = {},
  name = 'blue',
): { readonly platform: Platform; readonly deployment: Resource; readonly remove: () => void } {
  const id = `${workspace}/onlineEndpoints/flights/deployments/${name}`
  const enabled = { dataCollectionMode: 'Enabled' }
  const collections = { model_inputs: enabled, model_outputs: enabled }
  const deployment = {
    id,
    key: id.toLowerCase(),
    type: 'workspaces/onlineEndpoints/deployments',
    name,
    scope: workspace,
    deleting: false,
    properties: { dataCollector: { collections }, ...properties },
    status: {},
  } as unknown as Resource
  let isThere = true
  const resources: Platform['resources'] = Object.assign(
    Object.create(platform.resources) as Platform['resources'],
    {
      find: async (other: string) =>
        other.toLowerCase() === deployment.key
          ? isThere
            ? deployment
            : undefined
          : platform.resources.find(other),
    },
  )
  return { platform: { ...platform, resources }, deployment, remove: () => (isThere = false) }
}

/** Writes what the collector would have written of these requests. */
export async function writeCollected(
  platform: Platform,
  deployment: Resource,
  requests: readonly Answered[],
): Promise<void> {
  const places = await placesOf(platform, deployment, deployment.properties)
  for (const [collection, { container, path }] of Object.entries(places)) {
    const files = Map.groupBy(requests, ({ at }) => rolledPath(at, 'Hour'))
    for (const [folder, answered] of files) {
      const lines = answered.flatMap(({ id, at, inputs, outputs }) => {
        const data = collection === 'model_inputs' ? inputs : outputs
        const event = { id: `${id}-${collection}`, time: at.toISOString(), correlationid: id, data }
        return data === undefined ? [] : [`${JSON.stringify(event)}\n`]
      })
      if (lines.length === 0) continue
      const name = { container, path: `${path}/${folder}/${answered[0]?.id ?? ''}.jsonl` }
      await platform.artifacts.put(name, Buffer.from(lines.join('')))
    }
  }
}

/** Writes labels as they would have been kept at this time. */
export async function writeLabels(
  platform: Platform,
  deployment: Resource,
  at: Date,
  labels: readonly { readonly id: string; readonly row?: number; readonly values: Json }[],
): Promise<void> {
  const { container } = Object.values(await placesOf(platform, deployment, deployment.properties))[0] ?? {}
  const endpoint = deployment.id.split('/').at(-3) ?? ''
  const lines = labels.map(({ id, row = 0, values }, i) =>
    JSON.stringify({
      id: `${at.toISOString()}-${String(i).padStart(6, '0')}`,
      receivedtime: at.toISOString(),
      time: at.toISOString(),
      correlationid: id,
      row,
      data: [values],
    }),
  )
  const path = `${labelsPath(endpoint)}/${rolledPath(at, 'Hour')}/${at.getTime()}.jsonl`
  await platform.artifacts.put({ container: container ?? '', path }, Buffer.from(`${lines.join('\n')}\n`))
}
