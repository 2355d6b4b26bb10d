import { setTimeout as wait } from 'node:timers/promises'
import type { Actor } from '../../../kernel/access/access.ts'
import { errors, UserError } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { childId, keyOf } from '../../../kernel/resources/arm-id.ts'
import type { Json, Resource } from '../../../kernel/resources/resource.ts'
import { publishRoutes } from '../../../serving/routing/publish.ts'
import { figuresOf, watchEndpoint } from '../../../serving/watching/watching.ts'
import { sameShares, type Seen, type SeenDeployment, type Shares, type Target } from './target.ts'
import { tryDeployment } from './try-deployment.ts'

/** What an online endpoint is delivered to by. */
export interface OnlineEndpointOptions {
  readonly platform: Platform
  readonly actor: Actor
  readonly workspaceId: string
  readonly endpoint: string
  /** Key of the release that delivers. */
  readonly release: string
  /** Model version whose own example a deployment is tried with. */
  readonly model: string
}

/** How often a write is begun again that another one came before. */
const attempts = 5

/** An online endpoint of this platform as the place that models are delivered to. */
export function onlineEndpointTarget(options: OnlineEndpointOptions): Target {
  const { platform, actor, workspaceId, endpoint, release } = options
  const { resources } = platform
  const id = childId(workspaceId, 'onlineEndpoints', endpoint)
  const deploymentId = (name: string) => childId(id, 'deployments', name)

  return {
    async look(): Promise<Seen> {
      const found = await resources.find(id)
      if (found === undefined || found.deleting)
        return {
          exists: false,
          shares: { traffic: {}, mirror: {} },
          changedBy: '',
          isSplitByTurn: true,
          deployments: {},
        }
      const deployments = await resources.list({
        type: 'workspaces/onlineEndpoints/deployments',
        parent: id,
        top: 1000,
      })
      const free = found.properties['properties'] as Json | null | undefined
      const isFailed = found.status['provisioningState'] === 'Failed'
      return {
        exists: true,
        ...(isFailed ? { broken: messageOf(found) } : {}),
        shares: sharesIn(found),
        changedBy: found.modifiedBy,
        isSplitByTurn: !free?.['stickyHeader'],
        deployments: Object.fromEntries(
          deployments.filter(({ deleting }) => !deleting).map((each) => [each.name, seenOf(each)]),
        ),
        figures: await figuresOf(platform, id),
      }
    },

    async make(name, body) {
      const found = await resources.find(id)
      if (found?.deleting)
        throw errors.conflict(`Endpoint '${endpoint}' is being deleted; try again when it has gone.`)
      const { location } = platform.config
      if (found === undefined) await resources.put(actor, id, { location, properties: { authMode: 'Key' } })
      const { properties, sku, tags } = body
      await resources.put(actor, deploymentId(name), {
        location,
        ...(sku === undefined ? {} : { sku }),
        ...(tags === undefined ? {} : { tags }),
        properties,
      })
    },

    async share(shares, from) {
      for (let attempt = 1; ; attempt++) {
        const found = await resources.get(id)
        const now = sharesIn(found)
        if (sameShares(now, shares)) break
        // Somebody was faster, and meant something by it: the next look sees it.
        if (!sameShares(now, from)) return
        try {
          await resources.patch(actor, id, { properties: whole(found, shares) }, { ifMatch: found.etag })
          break
        } catch (error) {
          const isOvertaken =
            error instanceof UserError && ['PreconditionFailed', 'Conflict'].includes(error.kind.code)
          if (!isOvertaken || attempt >= attempts) throw error
          await wait(20 * attempt)
        }
      }
      await publishRoutes(platform)
    },

    watch: (watch, yields) => watchEndpoint(platform, id, watch, { by: release, yields }),

    try: (name) => tryDeployment({ ...options, id }, name),

    async remove(name) {
      await resources.remove(actor, deploymentId(name))
    },
  }
}

type Counts = Readonly<Record<string, number>>

/** Shares as Azure's properties have them, without those of nothing. */
export function sharesIn({ properties }: Resource): Shares {
  const some = (name: string) =>
    Object.fromEntries(Object.entries((properties[name] ?? {}) as Counts).filter(([, share]) => share > 0))
  return { traffic: some('traffic'), mirror: some('mirrorTraffic') }
}

/** A share for every deployment that has one: what a write leaves out, stays. */
function whole({ properties }: Resource, { traffic, mirror }: Shares): Json {
  const nothing = (name: string) =>
    Object.fromEntries(Object.keys((properties[name] ?? {}) as Counts).map((each) => [each, 0]))
  const over = (before: Counts, shares: Counts) => {
    const names = new Set(Object.keys(shares).map((name) => name.toLowerCase()))
    const others = Object.entries(before).filter(([name]) => !names.has(name.toLowerCase()))
    const spelled = Object.keys(before).filter((name) => names.has(name.toLowerCase()))
    // The same deployment in another spelling goes, or it would have two shares.
    const replaced = spelled.filter((name) => !(name in shares)).map((name) => [name, null] as const)
    return { ...Object.fromEntries([...others, ...replaced]), ...shares }
  }
  return {
    traffic: over(nothing('traffic'), traffic),
    mirrorTraffic: over(nothing('mirrorTraffic'), mirror),
  }
}

function seenOf(deployment: Resource): SeenDeployment {
  const { status, properties } = deployment
  const model = properties['model']
  const of = { model: typeof model === 'string' ? keyOf(model) : undefined }
  switch (status['provisioningState']) {
    case 'Succeeded':
      return { state: 'ready', ...of }
    case 'Failed':
      return { state: 'failed', message: messageOf(deployment), ...of }
    default:
      return { state: 'coming', ...of }
  }
}

function messageOf({ status }: Resource): string {
  const message = (status['error'] as Json | null | undefined)?.['message']
  return typeof message === 'string' ? message : 'it does not say why'
}
