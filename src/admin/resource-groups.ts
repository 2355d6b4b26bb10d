import { z } from 'zod'
import type { ResourceDefinition } from '../kernel/resources/resource.ts'
import { contents } from './questions/contents.ts'

const anyName = /^[\w.()-]{1,90}$/
const empty = z.looseObject({}).default({})

/** Subscriptions and resource groups exist to be addressed: they are made with the first thing that is put into them. */
export const subscriptions: ResourceDefinition = {
  type: 'subscriptions',
  provider: 'Microsoft.Resources',
  summary: 'What ids start with; one server usually has one.',
  schema: empty,
  tags: 'envelope',
  name: anyName,
  present: (resource, platform) => ({
    subscriptionId: resource.name,
    displayName: resource.name === platform.config.subscription ? 'Twinloop' : resource.name,
    state: 'Enabled',
  }),
}

export const resourceGroups: ResourceDefinition = {
  type: 'resourceGroups',
  provider: 'Microsoft.Resources',
  summary: 'A folder of workspaces and registries, at which roles can be assigned.',
  schema: empty,
  tags: 'envelope',
  name: anyName,
  parent: 'created',
  present: () => ({ provisioningState: 'Succeeded' }),
  actions: { contents },
}
