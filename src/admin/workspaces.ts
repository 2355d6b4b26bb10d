import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { keyOf } from '../kernel/resources/arm-id.ts'
import { contents } from './questions/contents.ts'
import { search } from './questions/search.ts'
import type { Envelope, ResourceBody, ResourceDefinition } from '../kernel/resources/resource.ts'

/**
 * A team's room: its assets, jobs, endpoints and who may touch them. `provisioningState` becomes Succeeded when the
 * data room has made the default datastores.
 */
export const workspaces: ResourceDefinition = {
  type: 'workspaces',
  summary: 'A place for the assets, jobs and endpoints of a team.',
  schema: z.looseObject({
    friendlyName: z.string().nullish(),
    description: z.string().nullish(),
  }),
  tags: 'envelope',
  name: /^[a-zA-Z0-9][a-zA-Z0-9_-]{1,32}$/,
  parent: 'created',
  longRunning: true,
  prepare: async ({ before, body }, platform) => ({
    envelope: withLocation(body, platform.config.location),
    ...(before === undefined ? { status: { workspaceId: randomUUID(), provisioningState: 'Creating' } } : {}),
  }),
  present: (resource, platform) => ({
    friendlyName: resource.properties['friendlyName'] ?? resource.name,
    discoveryUrl: `${platform.urls.https}/discovery`,
    mlFlowTrackingUri: `${platform.urls.https}/mlflow/v2.0${resource.id}`,
    publicNetworkAccess: 'Enabled',
    isDefault: resource.key === keyOf(defaultWorkspaceId(platform.config)),
  }),
  actions: { search, contents },
}

/** The envelope with the server's location where the client gave none: Azure's clients expect one. */
export function withLocation(body: ResourceBody, location: string): Envelope {
  const { properties, ...envelope } = body
  return { location, ...envelope }
}

/** Id of the workspace that commands and MLflow clients mean when they name none. */
export const defaultWorkspaceId = (config: {
  readonly subscription: string
  readonly resourceGroup: string
  readonly workspace: string
}): string =>
  `/subscriptions/${config.subscription}/resourceGroups/${config.resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${config.workspace}`
