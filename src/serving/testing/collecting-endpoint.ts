import type { Platform } from '../../kernel/platform.ts'
import { findRow, insertRow } from '../../store/resource-rows.ts'
import { rolledPath } from '../collection/events.ts'
import { labelsPath } from '../collection/labels/labels.ts'
import { placesOf } from '../collection/places.ts'

/** What a deployment was asked once, a row each, and what turned out to be true of the first of them. */
export interface Asked {
  readonly id: string
  readonly at: Date
  readonly inputs: readonly object[]
  readonly truth?: object
}

/** An endpoint with deployments that collect what they are asked, without anything that runs. */
export async function collectingEndpoint(
  { platform, workspaceId }: { readonly platform: Platform; readonly workspaceId: string },
  name: string,
  deployments: readonly string[],
) {
  const { db } = platform.store
  const workspace = await findRow(db, workspaceId.toLowerCase())
  if (workspace === undefined) throw new Error('no workspace')
  const enabled = { dataCollectionMode: 'Enabled' }
  const put = (id: string, type: string, parent: string, properties: object) =>
    insertRow(db, {
      ...workspace,
      id,
      key: id.toLowerCase(),
      type,
      name: id.split('/').at(-1) ?? '',
      parent: parent.toLowerCase(),
      scope: workspaceId.toLowerCase(),
      properties: JSON.stringify(properties),
      status: '{"provisioningState":"Succeeded"}',
    })
  const endpoint = `${workspaceId}/onlineEndpoints/${name}`
  const idOf = (deployment: string) => `${endpoint}/deployments/${deployment}`
  await put(endpoint, 'workspaces/onlineEndpoints', workspaceId, { authMode: 'Key' })
  for (const deployment of deployments)
    await put(idOf(deployment), 'workspaces/onlineEndpoints/deployments', endpoint, {
      dataCollector: { collections: { model_inputs: enabled, model_outputs: enabled } },
    })
  return {
    id: endpoint,
    async write(deployment: string, asked: readonly Asked[]) {
      const resource = await platform.resources.get(idOf(deployment))
      const place = (await placesOf(platform, resource, resource.properties))['model_inputs']
      if (place === undefined) throw new Error('nothing is collected')
      const { container, path } = place
      const keep = (folder: string, rolled: string, lines: readonly object[]) =>
        platform.artifacts.put(
          { container, path: `${folder}/${rolled}/${deployment}-${asked[0]?.id ?? ''}.jsonl` },
          Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
        )
      for (const [rolled, of] of Map.groupBy(asked, ({ at }) => rolledPath(at, 'Hour'))) {
        const events = of.map(({ id, at, inputs }) => ({
          id: `${id}-in`,
          time: at.toISOString(),
          correlationid: id,
          data: inputs,
        }))
        await keep(path, rolled, events)
        const labels = of.flatMap(({ id, at, truth }) =>
          truth === undefined
            ? []
            : [
                {
                  id: `${id}-truth`,
                  time: at.toISOString(),
                  receivedtime: at.toISOString(),
                  correlationid: id,
                  row: 0,
                  data: [truth],
                },
              ],
        )
        if (labels.length > 0) await keep(labelsPath(name), rolled, labels)
      }
    },
  }
}
