import { z } from 'zod'
import { lineage } from '../../data/lineage/lineage-action.ts'
import { errors } from '../../kernel/errors.ts'
import type { ResourceDefinition } from '../../kernel/resources/resource.ts'
import { oneOf, textMap } from '../../kernel/resources/schema.ts'
import { checkInvocation, invoke } from './invoke.ts'

/** Path below which batch endpoints are invoked, in front of their id. */
export const batchPath = '/batch'

const schema = z.looseObject({
  authMode: z.preprocess((value) => value ?? 'AADToken', oneOf(['AADToken', 'AMLToken', 'Key'])),
  defaults: z.looseObject({ deploymentName: z.string().nullish() }).nullish(),
  description: z.string().nullish(),
  properties: textMap.nullish(),
})

/** A name under which data is scored in bulk, by the deployment that is its default now. */
export const batchEndpoints: ResourceDefinition<z.infer<typeof schema>> = {
  type: 'workspaces/batchEndpoints',
  summary: 'A name under which data is scored in bulk.',
  schema,
  tags: 'envelope',
  name: /^[a-zA-Z][-a-zA-Z0-9]{2,31}$/,
  longRunning: true,
  async prepare({ id, name, body, before }, platform) {
    const { authMode, defaults } = body.properties
    if (authMode !== 'AADToken')
      throw errors.validation(
        `A batch endpoint takes tokens of the platform (aad_token), which say who asks; it has no ${authMode === 'Key' ? 'keys' : 'tokens of its own'}.`,
        { target: 'properties.authMode' },
      )
    const chosen = defaults?.deploymentName
    if (chosen) {
      const deployments = before
        ? await platform.resources.list({ type: 'workspaces/batchEndpoints/deployments', parent: id })
        : []
      const names = deployments.map((deployment) => deployment.name)
      if (!names.some((name) => name.toLowerCase() === chosen.toLowerCase())) {
        const known = names.length === 0 ? 'It has none yet.' : `It has ${names.join(', ')}.`
        throw errors.validation(
          `Endpoint '${name}' has no deployment '${chosen}' to be its default. ${known}`,
          { target: 'properties.defaults.deploymentName' },
        )
      }
    }
    // An endpoint that is created again keeps its default: only an explicit one is another.
    const kept = defaults ?? before?.properties.defaults
    return {
      properties: { ...body.properties, ...(kept ? { defaults: kept } : {}) },
      envelope: {
        location: body.location ?? platform.config.location,
        ...(body.tags === undefined ? {} : { tags: body.tags }),
        ...(body.identity === undefined ? {} : { identity: body.identity }),
      },
      status: { provisioningState: 'Succeeded' },
    }
  },
  present: ({ id, properties }, platform) => ({
    scoringUri: `${platform.urls.https}${batchPath}${id}/jobs`,
    defaults: properties.defaults ?? {},
  }),
  actions: { invoke, checkInvocation, lineage },
}
