import { errors } from '../../kernel/errors.ts'
import { childId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Labels } from '../rules/machine.ts'

/** Where an action looks for what it acts upon. */
export interface Around {
  readonly platform: Platform
  readonly workspaceId: string
}

/**
 * The online endpoint that an action names, or that its alert is about: by its label `endpoint`, or as the one that its
 * monitor watches. Throws validation where neither is known, and notFound, naming the nearest.
 */
export async function endpointTarget(
  around: Around,
  named: string | undefined,
  labels: Labels,
): Promise<Resource> {
  const { platform, workspaceId } = around
  const name = named ?? labels['endpoint'] ?? (await watched(around, labels['monitor']))?.endpoint
  if (name === undefined)
    throw errors.validation(
      'It is not known which endpoint is meant: the alert has no label endpoint. Say endpoint: NAME.',
      { target: 'endpoint' },
    )
  return platform.resources.get(childId(workspaceId, 'onlineEndpoints', bare(name)))
}

const bare = (name: string) =>
  name
    .replace(/^azureml:/i, '')
    .split('/')
    .at(-1) ?? ''

/** What a monitor watches, as its schedule says it. */
async function watched(
  { platform, workspaceId }: Around,
  monitor: string | undefined,
): Promise<{ readonly endpoint: string; readonly deployment?: string } | undefined> {
  if (monitor === undefined) return undefined
  const schedule = await platform.resources.find(childId(workspaceId, 'schedules', monitor))
  const action = schedule?.properties['action'] as
    | {
        readonly monitorDefinition?: {
          readonly monitoringTarget?: { readonly deploymentId?: unknown } | null
        }
      }
    | undefined
  const target = action?.monitorDefinition?.monitoringTarget?.deploymentId
  if (typeof target !== 'string') return undefined
  const [, named, deployment] =
    /\/onlineEndpoints\/([^/]+)(?:\/deployments\/([^/]+))?$/i.exec(target) ??
    /^azureml:([^:/]+)(?::([^:/]+))?$/i.exec(target) ??
    []
  return named === undefined ? undefined : { endpoint: named, ...(deployment && { deployment }) }
}

/** The deployments of an endpoint that serve, oldest first. */
export async function deploymentsOf(
  { platform }: Pick<Around, 'platform'>,
  endpoint: Resource,
): Promise<readonly Resource[]> {
  const all = await platform.resources.list({
    type: 'workspaces/onlineEndpoints/deployments',
    parent: endpoint.id,
    orderBy: { field: 'createdAt', descending: false },
    top: 1000,
  })
  return all.filter(({ deleting }) => !deleting)
}

/** The shares of an endpoint's requests, in percent, by deployment; those without any left out. */
export const trafficOf = ({ properties }: Pick<Resource, 'properties'>): ReadonlyMap<string, number> =>
  new Map(
    Object.entries((properties['traffic'] ?? {}) as Readonly<Record<string, number>>).filter(
      ([, share]) => share > 0,
    ),
  )

/** `flights: blue 100 %` */
export const inPercent = (shares: ReadonlyMap<string, number>): string =>
  shares.size === 0 ? 'none' : [...shares].map(([name, share]) => `${name} ${share} %`).join(', ')

/** The release plans of the workspace that deliver to an endpoint. */
export async function plansTo(
  { platform }: Pick<Around, 'platform'>,
  endpoint: Resource,
): Promise<readonly Resource[]> {
  const scope = scopeId(endpoint.id) ?? ''
  const all = await platform.resources.list({ type: 'releasePlans', scope, top: 10_000 })
  return all.filter(({ properties }) =>
    (
      (properties['stages'] ?? []) as readonly {
        readonly deliver?: { readonly online?: string | null } | null
      }[]
    ).some((stage) => stage.deliver?.online?.toLowerCase() === endpoint.name.toLowerCase()),
  )
}
