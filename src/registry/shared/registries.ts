import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { withLocation } from '../../admin/workspaces.ts'
import { errors } from '../../kernel/errors.ts'
import type { ResourceDefinition } from '../../kernel/resources/resource.ts'
import { discoveryPath } from './routes.ts'
import { share } from './share.ts'

/** Azure's own, whose environments are known here by name. */
const curated = 'azureml'

/**
 * A shelf of models, environments, components and data that many workspaces use. References name it without saying
 * where it is, so there is one of a name on a server.
 */
export const registries: ResourceDefinition = {
  type: 'registries',
  summary: 'Assets that workspaces share: models, environments, components and data.',
  schema: z.looseObject({
    description: z.string().nullish(),
    regionDetails: z.array(z.looseObject({ location: z.string().nullish() })).nullish(),
  }),
  tags: 'envelope',
  name: /^[a-zA-Z0-9][a-zA-Z0-9_-]{1,32}$/,
  parent: 'created',
  longRunning: true,
  async prepare({ name, id, before, body }, platform) {
    const envelope = withLocation(body, platform.config.location)
    if (before !== undefined) return { envelope }
    if (name.toLowerCase() === curated)
      throw errors.validation(`'${curated}' is Azure's own registry, whose environments are here already.`, {
        target: 'name',
      })
    const all = await platform.resources.list({ type: 'registries', view: 'all' })
    const other = all.find((registry) => registry.name.toLowerCase() === name.toLowerCase())
    if (other !== undefined)
      throw errors.conflict(
        `There is a registry '${other.name}' already, ${other.id}, and references name a registry without its group; '${id}' needs another name.`,
        { target: 'name' },
      )
    return { envelope, status: { registryId: randomUUID(), provisioningState: 'Succeeded' } }
  },
  present: ({ id, name, properties, envelope }, { urls, config }) => ({
    discoveryUrl: `${urls.https}${discoveryPath(name)}`,
    mlFlowRegistryUri: `${urls.https}/mlflow/v2.0${id}`,
    publicNetworkAccess: 'Enabled',
    regionDetails: properties['regionDetails'] ?? [{ location: envelope.location ?? config.location }],
  }),
  actions: { import: share },
}
