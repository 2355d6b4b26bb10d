import type { Json } from '../client/client.ts'
import { clean } from '../present/present.ts'
import type { Compute, Registry, Workspace } from '../yaml/shapes/assets.ts'
import { camelKeys, isoDuration, pascal } from './values.ts'

const computeTypes: Readonly<Record<string, string>> = {
  amlcompute: 'AmlCompute',
  computeinstance: 'ComputeInstance',
  kubernetes: 'Kubernetes',
  virtualmachine: 'VirtualMachine',
  synapsespark: 'SynapseSpark',
}

/** REST's name of a compute's type: `AmlCompute` for `amlcompute`, in whatever case. */
export const computeType = (type: string | undefined) =>
  computeTypes[(type ?? 'amlcompute').toLowerCase().replaceAll(/[-_]/g, '')] ?? type

/** The body of `PUT …/computes/{name}`. */
export function computeBody(compute: Compute, location: string): Json {
  const type = computeType(compute.type)
  const scale = {
    minNodeCount: compute.min_instances ?? 0,
    maxNodeCount: compute.max_instances ?? 4,
    nodeIdleTimeBeforeScaleDown: isoDuration(compute.idle_time_before_scale_down ?? 120),
  }
  const inner =
    type === 'AmlCompute'
      ? {
          vmSize: compute.size,
          vmPriority: compute.tier === 'low_priority' ? 'LowPriority' : 'Dedicated',
          scaleSettings: scale,
          enableNodePublicIp: compute.enable_node_public_ip,
        }
      : type === 'ComputeInstance'
        ? {
            vmSize: compute.size,
            idleTimeBeforeShutdown:
              compute.idle_time_before_shutdown ??
              (compute.idle_time_before_shutdown_minutes === undefined
                ? undefined
                : `PT${compute.idle_time_before_shutdown_minutes}M`),
            schedules: compute.schedules === undefined ? undefined : camelKeys(compute.schedules as Json),
          }
        : { namespace: compute.namespace, ...(compute.properties as Json | undefined) }
  return clean({
    location: compute.location ?? location,
    tags: compute.tags,
    identity: identityBody(compute.identity),
    properties: clean({
      computeType: type,
      description: compute.description,
      resourceId: compute.resource_id,
      properties: clean(inner),
    }),
  })
}

/** The body of `PUT {registry}`. */
export function registryBody(registry: Registry): Json {
  const location = registry.location ?? 'local'
  return clean({
    location,
    tags: registry.tags ?? {},
    identity: { type: 'SystemAssigned' },
    properties: clean({
      description: registry.description,
      regionDetails: (registry.replication_locations ?? [{ location }]).map((region) => ({
        location: region.location,
      })),
      publicNetworkAccess: registry.public_network_access,
      intellectualPropertyPublisher: registry.intellectual_property?.publisher,
    }),
  })
}

/** The body of `PUT {workspace}`. */
export function workspaceBody(workspace: Workspace): Json {
  return clean({
    location: workspace.location ?? 'local',
    tags: workspace.tags ?? {},
    identity: identityBody(workspace.identity) ?? { type: 'SystemAssigned' },
    properties: clean({
      friendlyName: workspace.display_name,
      description: workspace.description,
      hbiWorkspace: workspace.hbi_workspace,
      storageAccount: workspace.storage_account,
      containerRegistry: workspace.container_registry,
      keyVault: workspace.key_vault,
      applicationInsights: workspace.application_insights,
      imageBuildCompute: workspace.image_build_compute,
      publicNetworkAccess: workspace.public_network_access,
      primaryUserAssignedIdentity: workspace.primary_user_assigned_identity,
    }),
  })
}

/** `{ type: system_assigned }` as `{ type: 'SystemAssigned' }`; user-assigned ones are keyed by their ids. */
export function identityBody(identity: unknown): Json | undefined {
  if (typeof identity !== 'object' || identity === null) return undefined
  const { type, user_assigned_identities: users } = identity as {
    type?: string
    user_assigned_identities?: unknown
  }
  const ids = Array.isArray(users)
    ? users.map((u) => (typeof u === 'string' ? u : String((u as Json)['resource_id'])))
    : []
  return clean({
    type: type === undefined ? 'SystemAssigned' : type.split(/,\s*/).map(pascal).join(','),
    userAssignedIdentities: ids.length === 0 ? undefined : Object.fromEntries(ids.map((id) => [id, {}])),
  })
}
