import { z } from 'zod'
import { errors } from '../kernel/errors.ts'
import type { ActionContext, ResourceDefinition } from '../kernel/resources/resource.ts'
import { oneOf } from '../kernel/resources/schema.ts'
import { withLocation } from './workspaces.ts'

const kinds = [
  'AmlCompute',
  'ComputeInstance',
  'Kubernetes',
  'VirtualMachine',
  'SynapseSpark',
  'Databricks',
  'AKS',
  'DataFactory',
  'DataLakeAnalytics',
  'HDInsight',
] as const

/**
 * Where jobs run. An AmlCompute bounds how many processes run at once on this machine by its `maxNodeCount`; with
 * nothing to run it costs nothing, so its scale to zero is immediate. A Kubernetes compute is a declaration until a
 * cluster is configured.
 */
export const computes: ResourceDefinition = {
  type: 'workspaces/computes',
  summary: 'Where jobs and deployments run, and how many at once.',
  schema: z.looseObject({
    computeType: oneOf(kinds),
    description: z.string().nullish(),
    resourceId: z.string().nullish(),
    properties: z
      .looseObject({
        vmSize: z.string().nullish(),
        scaleSettings: z
          .looseObject({
            minNodeCount: z.int().min(0).nullish(),
            maxNodeCount: z.int().min(0).nullish(),
            nodeIdleTimeBeforeScaleDown: z.string().nullish(),
          })
          .nullish(),
      })
      .nullish(),
  }),
  tags: 'envelope',
  name: /^[a-zA-Z][a-zA-Z0-9-]{1,31}$/,
  immutable: ['computeType'],
  longRunning: true,
  filters: { computeType: 'properties.computeType' },
  prepare: async ({ body }, platform) => {
    const scale = (body.properties as { properties?: { scaleSettings?: Record<string, number> } }).properties
      ?.scaleSettings
    const [least, most] = [scale?.['minNodeCount'] ?? 0, scale?.['maxNodeCount']]
    if (most !== undefined && most !== null && least > most)
      throw errors.validation(`minNodeCount (${least}) is above maxNodeCount (${most}).`, {
        target: 'properties.properties.scaleSettings.minNodeCount',
      })
    return {
      envelope: withLocation(body, platform.config.location),
      status: { provisioningState: 'Succeeded', computeLocation: body.location ?? platform.config.location },
    }
  },
  present: (resource) => ({
    provisioningErrors: null,
    isAttachedCompute: false,
    disableLocalAuth: false,
    createdOn: resource.createdAt.toISOString(),
    modifiedOn: resource.modifiedAt.toISOString(),
  }),
  actions: {
    start: { run: (context) => switchState(context, 'Running') },
    stop: { run: (context) => switchState(context, 'Stopped') },
    restart: { run: (context) => switchState(context, 'Running') },
  },
}

/** A stopped compute takes no new jobs; those that run go on. */
async function switchState({ platform, resource }: ActionContext, state: 'Running' | 'Stopped') {
  await platform.resources.setStatus(resource.key, { state })
  return { accepted: true }
}
