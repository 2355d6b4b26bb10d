import { makeClient, type Client } from './client.ts'

/** The flag by which a command works in a registry rather than in a workspace. */
export const registryFlag = {
  type: 'text',
  placeholder: 'NAME',
  summary: 'A registry, to work in rather than in the workspace.',
} as const

/** A client of the registry of that name, wherever it is; of the workspace, if there is no name. */
export async function inRegistry(
  client: () => Promise<Client>,
  registryName: string | undefined,
): Promise<Client> {
  const api = await client()
  return registryName === undefined ? api : makeClient(api.connection, await registryId(api, registryName))
}

/** Id of the registry of that name. */
export async function registryId(api: Client, name: string): Promise<string> {
  const path = `${api.connection.url}/registrymanagement/v1.0/registries/${encodeURIComponent(name)}/discovery`
  const found = await api.get<{ subscriptionId: string; resourceGroup: string; registryName: string }>(path)
  return `/subscriptions/${found.subscriptionId}/resourceGroups/${found.resourceGroup}/providers/Microsoft.MachineLearningServices/registries/${found.registryName}`
}
