import { z } from 'zod'
import { errors } from '../../../../kernel/errors.ts'
import { nearest } from '../../../../kernel/nearest.ts'
import type { Resource } from '../../../../kernel/resources/resource.ts'
import type { ActionContext, ActionKind, ActionProgress } from '../../action.ts'
import { deploymentsOf, endpointTarget, inPercent, trafficOf } from '../../targets.ts'

const percent = z
  .union([z.number(), z.string().regex(/^\s*\d+\s*%?\s*$/)])
  .transform((given) => Number.parseInt(String(given), 10))

const parameters = z
  .strictObject({
    /** Default: the one that the alert is about. */
    endpoint: z.string().trim().min(1).optional(),
    /** The deployment that gets all requests. */
    to: z.string().trim().min(1).optional(),
    /** Or shares by deployment, in percent; who is not named gets none. */
    weights: z.record(z.string(), percent).optional(),
  })
  .refine(({ to, weights }) => (to === undefined) !== (weights === undefined), {
    error: 'needs either to: DEPLOYMENT or weights: { blue: 90, green: 10 }',
    when: ({ issues }) => issues.length === 0,
  })
  .refine(({ weights }) => weights === undefined || sum(Object.values(weights)) === 100, {
    error: 'weights: the shares are to sum to 100',
    when: ({ issues }) => issues.length === 0,
  })
type Parameters = z.infer<typeof parameters>

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)

/** Shares an endpoint's requests otherwise among its deployments. */
export const shiftTraffic: ActionKind<Parameters> = {
  name: 'shift_traffic',
  summary: "Shares an endpoint's requests otherwise among its deployments.",
  parameters,
  async check(given, context) {
    if (given.endpoint === undefined) return []
    const endpoint = await context.platform.resources.find(
      `${context.workspaceId}/onlineEndpoints/${given.endpoint}`,
    )
    if (endpoint === undefined)
      return [{ path: ['endpoint'], message: `there is no endpoint '${given.endpoint}'` }]
    const problem = unknownIn(given, await deploymentsOf(context, endpoint))
    return problem === undefined
      ? []
      : [{ path: given.to === undefined ? ['weights'] : ['to'], message: problem }]
  },
  async rehearse(given, context) {
    const endpoint = await endpointTarget(context, given.endpoint, context.alert.labels)
    return `gives the requests of ${endpoint.name} to ${inPercent(await wanted(given, context, endpoint))} (now ${inPercent(trafficOf(endpoint))})`
  },
  async advance(given, context) {
    const endpoint = await endpointTarget(context, given.endpoint, context.alert.labels)
    return shift(context, endpoint, await wanted(given, context, endpoint))
  },
}

async function wanted(given: Parameters, context: ActionContext, endpoint: Resource) {
  const deployments = await deploymentsOf(context, endpoint)
  const problem = unknownIn(given, deployments)
  if (problem !== undefined) throw errors.validation(problem)
  return new Map(given.to === undefined ? Object.entries(given.weights ?? {}) : [[given.to, 100]])
}

function unknownIn({ to, weights }: Parameters, deployments: readonly Resource[]): string | undefined {
  const known = deployments.map(({ name }) => name)
  const odd = (to === undefined ? Object.keys(weights ?? {}) : [to]).find((name) => !known.includes(name))
  if (odd === undefined) return undefined
  const near = nearest(odd, known)
  return `there is no deployment '${odd}'; there are ${known.join(', ') || 'none'}${near === undefined ? '' : `: did you mean ${near}?`}`
}

/** How long a change of traffic is waited for between looks. */
const againMs = 500

/** Gives an endpoint's requests to these deployments, and waits until the gateway does it. */
export async function shift(
  { platform, actor, state }: ActionContext,
  endpoint: Resource,
  wanted: ReadonlyMap<string, number>,
): Promise<ActionProgress> {
  const now = trafficOf(endpoint)
  const before = typeof state['before'] === 'string' ? state['before'] : inPercent(now)
  const isThere = inPercent(sorted(now)) === inPercent(sorted(wanted))
  if (isThere) {
    const { provisioningState } = endpoint.status
    if (provisioningState === 'Succeeded')
      return {
        done: `${endpoint.name} answers by ${inPercent(wanted)}${state['before'] === undefined ? ' already' : ` (before: ${before})`}`,
        made: [endpoint.id],
      }
    return {
      doing: `waits until ${endpoint.name} answers by ${inPercent(wanted)}`,
      again: againMs,
      state: { before },
    }
  }
  const doing = `gives ${endpoint.name} to ${inPercent(wanted)}`
  // How it was is kept before it is changed: after a change that was not heard of it would be how it is now.
  if (state['before'] === undefined) return { doing, again: 0, state: { before } }
  const traffic = Object.fromEntries([
    ...Object.keys(endpoint.properties['traffic'] ?? {}).map((name): [string, number] => [name, 0]),
    ...wanted,
  ])
  await platform.resources.patch(actor, endpoint.id, { properties: { traffic } })
  return { doing, again: againMs, state: { before } }
}

const sorted = (shares: ReadonlyMap<string, number>) =>
  new Map([...shares].toSorted(([a], [b]) => (a < b ? -1 : 1)))
