import { dataBody } from '../bodies/assets.ts'
import type { Client } from '../client/client.ts'
import { encode } from '../commands/verbs.ts'
import type { Body } from '../present/present.ts'
import type { Resolved } from '../references/resolve.ts'
import type { OnlineDeployment } from '../yaml/shapes/serving.ts'

type Collections = NonNullable<NonNullable<OnlineDeployment['data_collector']>['collections']>
type CollectedData = NonNullable<NonNullable<Collections[string]>['data']>

/** Where the files of collections lie unless they are told otherwise, as Azure's clients say it. */
const collectorPath = 'azureml://datastores/workspaceblobstore/paths/modelDataCollector'

/**
 * Ids of the data assets that a deployment's collections say they are kept in, by collection; those that are not there
 * yet are registered. A collection that says nothing is left to the server.
 */
export async function collectedData(
  client: Client,
  { name: deployment = '', endpoint_name: endpoint = '', data_collector: collector }: OnlineDeployment,
  resolved: Resolved,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>()
  for (const [collection, settings] of Object.entries(collector?.collections ?? {})) {
    const data = settings?.data
    if (data === undefined) continue
    const names = [endpoint, deployment, collection] as const
    ids.set(
      collection,
      typeof data === 'string' ? resolved.id('data', data) : await assetId(client, data, names),
    )
  }
  return ids
}

async function assetId(
  client: Client,
  data: Exclude<CollectedData, string>,
  names: readonly [string, string, string],
): Promise<string> {
  if (data.data_id !== undefined) return data.data_id.replace(/^azureml:(?=\/)/, '')
  const { name = names.join('-'), version = '1', path } = data
  const place = `/data/${encode(name)}/versions/${encode(version)}`
  const known = path === undefined ? await client.find<Body>(place) : undefined
  const body = dataBody({ name, path: '', type: 'uri_folder' }, path ?? `${collectorPath}/${names.join('/')}`)
  return String((known ?? (await client.put<Body>(place, body))).id)
}
