import { z } from 'zod'
import { lineage } from '../../data/lineage/lineage-action.ts'
import { errors } from '../../kernel/errors.ts'
import type { ResourceDefinition } from '../../kernel/resources/resource.ts'
import { stableJson } from '../../kernel/resources/row.ts'
import { collected } from '../collection/reading/action.ts'
import { checkCollections } from '../collection/settings.ts'
import { placesOf } from '../collection/places.ts'
import { recordDeployed } from './lineage.ts'
import { getLogs } from './logs.ts'
import { runtimeWish } from './native/decide.ts'
import { at, checkPrograms, pinModel } from './revision/programs.ts'
import { shownRuntime, type Runtime } from './runtime.ts'
import { checkScale, mostInstances } from '../scaling/settings.ts'
import { type DeploymentProperties, deploymentSchema } from './settings.ts'

const sku = z.looseObject({
  name: z.string().default('Default'),
  capacity: z.number().int().min(1).max(mostInstances).default(1),
})

/** A model (or a script) behind an endpoint, in as many instances as its `sku.capacity` says. */
export const onlineDeployments: ResourceDefinition<DeploymentProperties> = {
  type: 'workspaces/onlineEndpoints/deployments',
  summary: 'A model behind an endpoint, with its environment, settings and instances.',
  schema: deploymentSchema,
  tags: 'envelope',
  name: /^[a-zA-Z][-a-zA-Z0-9]{2,31}$/,
  immutable: ['endpointComputeType'],
  longRunning: true,
  reconciledDelete: true,
  async prepare({ id, scope, body, before }, platform) {
    const { properties: given, ...envelope } = body
    checkCollections(given.dataCollector, !!given.codeConfiguration)
    await at('properties.dataCollector', () => placesOf(platform, { id, scope }, given))
    refuseKubernetes(given)
    checkScale(given)
    const size = sku.safeParse(envelope.sku ?? {})
    if (!size.success)
      throw errors.validation(
        `sku.capacity, the number of instances, is a whole number from 1 to ${mostInstances}.`,
        {
          target: 'sku.capacity',
        },
      )
    const model = given.model ? await pinModel(platform, scope, given.model) : undefined
    runtimeWish(given.environmentVariables)
    await checkPrograms(platform, scope, given, model)
    const properties = { ...given, ...(model ? { model: model.id } : {}) }
    const wanted = {
      properties,
      envelope: { location: platform.config.location, ...envelope, sku: size.data },
    }
    const failed = before?.status['provisioningState'] === 'Failed'
    const same =
      before &&
      stableJson(wanted) === stableJson({ properties: before.properties, envelope: before.envelope })
    return {
      ...wanted,
      ...(failed ? { again: true } : {}),
      ...(same && !failed
        ? {}
        : { status: { provisioningState: before ? 'Updating' : 'Creating', error: null } }),
      also: (db) => recordDeployed(db, { id, model: model?.id }, platform.clock().getTime()),
    }
  },
  async beforeDelete(deployment, platform, { root }) {
    if (root !== deployment.key) return
    const endpoint = await platform.resources.find(deployment.parent)
    if (endpoint === undefined || endpoint.deleting) return
    const traffic = (endpoint.properties['traffic'] ?? {}) as Readonly<Record<string, number>>
    const share = Object.entries(traffic).find(
      ([name]) => name.toLowerCase() === deployment.name.toLowerCase(),
    )?.[1]
    if (share)
      throw errors.conflict(
        `Deployment '${deployment.name}' has ${share} % of the traffic of endpoint '${endpoint.name}'. ` +
          'Give its share to another deployment (or set it to 0) first.',
        { target: deployment.id },
      )
  },
  // Of what the reconciler remembers, others see by what requests are answered, and how many instances there are where
  // the load decides.
  present: ({ properties, status }) => {
    const runtime = status['runtime'] as Runtime | undefined
    return {
      ...shownRuntime(runtime),
      ...(properties.scaleSettings.scaleType === 'TargetUtilization'
        ? { currentInstances: runtime?.serving?.processes.length ?? 0 }
        : {}),
    }
  },
  actions: { collected, getLogs, lineage },
}

function refuseKubernetes({ endpointComputeType }: DeploymentProperties) {
  if (endpointComputeType === 'Kubernetes')
    throw errors.validation(
      'Kubernetes deployments need a Kubernetes compute, and none is configured here. Use endpointComputeType Managed.',
      { target: 'properties.endpointComputeType' },
    )
}
