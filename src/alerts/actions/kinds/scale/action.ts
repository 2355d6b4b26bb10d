import { z } from 'zod'
import { errors } from '../../../../kernel/errors.ts'
import { childId } from '../../../../kernel/resources/arm-id.ts'
import type { Resource } from '../../../../kernel/resources/resource.ts'
import type { ActionContext, ActionKind, ActionProgress } from '../../action.ts'
import { deploymentsOf, endpointTarget, trafficOf } from '../../targets.ts'
import { capacityOf, withCapacity } from './capacity.ts'

const text = z.string().trim().min(1)
const parameters = z
  .strictObject({
    /** Default: the one that the alert is about. */
    endpoint: text.optional(),
    /** Default: the one that the alert is about, or that most requests go to. */
    deployment: text.optional(),
    /** A compute instead: its most nodes are changed. */
    compute: text.optional(),
    /** How many there are to be, … */
    to: z.int().min(1).optional(),
    /** … times how many, … */
    by: z.number().positive().optional(),
    /** … or how many more (less, where it is negative). */
    add: z.int().optional(),
    min: z.int().min(0).default(1),
    /** Never more than these. */
    max: z.int().min(1),
    /** True: back to what it was when the incident is over. */
    back: z.boolean().default(false),
  })
  .refine(({ to, by, add }) => [to, by, add].filter((one) => one !== undefined).length === 1, {
    error: 'needs one of to: 4, by: 2 (times) and add: 1',
    when: ({ issues }) => issues.length === 0,
  })
type Parameters = z.infer<typeof parameters>

/** Gives a deployment more (or fewer) instances, or a compute more nodes, within limits. */
export const scale: ActionKind<Parameters> = {
  name: 'scale',
  summary:
    'Changes how many instances a deployment has, or how many nodes a compute may have, within limits.',
  parameters,
  async check({ compute, endpoint, deployment }, { platform, workspaceId }) {
    const id =
      compute !== undefined
        ? childId(workspaceId, 'computes', compute)
        : endpoint === undefined
          ? undefined
          : childId(
              workspaceId,
              'onlineEndpoints',
              endpoint,
              ...(deployment === undefined ? [] : ['deployments', deployment]),
            )
    if (id === undefined || (await platform.resources.find(id)) !== undefined) return []
    const field = compute !== undefined ? 'compute' : deployment === undefined ? 'endpoint' : 'deployment'
    return [{ path: [field], message: `there is no ${field} '${compute ?? deployment ?? endpoint}'` }]
  },
  async rehearse(given, context) {
    const { target, from, to } = await plan(given, context)
    return from === to
      ? `leaves ${inWords(target)} at ${from}: it is within its limits`
      : `changes ${inWords(target)} from ${from} to ${to}`
  },
  async advance(given, context) {
    const { state } = context
    if (typeof state['target'] !== 'string') {
      const { target, from, to } = await plan(given, context)
      if (from === to)
        return { done: `${inWords(target)} stay at ${from}: ${given.min} to ${given.max} are allowed` }
      return {
        doing: `changes ${inWords(target)} from ${from} to ${to}`,
        state: { target: target.id, from, to },
        again: 0,
      }
    }
    const { target, from, to } = state as unknown as Scaled
    return set(context, target, to, `${from}`)
  },
  async resolve({ back }, context) {
    const { target, from, to } = context.state as unknown as Partial<Scaled>
    if (!back || target === undefined || from === undefined || to === undefined)
      return { done: 'it stays as it is' }
    const found = await context.platform.resources.find(target)
    if (found === undefined) return { done: 'it is gone' }
    // Somebody has changed it since: that counts.
    const now = capacityOf(found)
    if (now !== to && now !== from)
      return { done: `${inWords(found)} was changed to ${now} meanwhile, and stays so` }
    return set(context, target, from, `${to}`)
  },
}

interface Scaled {
  readonly target: string
  readonly from: number
  readonly to: number
}

async function plan(given: Parameters, context: ActionContext) {
  const target = await targetOf(given, context)
  const from = capacityOf(target)
  const wanted = given.to ?? (given.by === undefined ? from + (given.add ?? 0) : Math.round(from * given.by))
  return { target, from, to: Math.min(given.max, Math.max(given.min, wanted)) }
}

async function targetOf(given: Parameters, context: ActionContext): Promise<Resource> {
  const { platform, workspaceId, alert } = context
  if (given.compute !== undefined)
    return platform.resources.get(childId(workspaceId, 'computes', given.compute))
  if (given.endpoint === undefined && given.deployment === undefined && alert.labels['compute'] !== undefined)
    return platform.resources.get(childId(workspaceId, 'computes', alert.labels['compute']))
  const endpoint = await endpointTarget(context, given.endpoint, alert.labels)
  const [main] = [...trafficOf(endpoint)].toSorted(([, a], [, b]) => b - a)
  const name = given.deployment ?? alert.labels['deployment'] ?? main?.[0]
  if (name !== undefined) return platform.resources.get(childId(endpoint.id, 'deployments', name))
  const [only, second] = await deploymentsOf(context, endpoint)
  if (only !== undefined && second === undefined) return only
  throw errors.validation(
    `Which deployment of '${endpoint.name}' is meant is not known: say deployment: NAME.`,
  )
}

const inWords = (target: Resource) => {
  const parts = target.id.split('/')
  return target.type === 'workspaces/computes'
    ? `the most nodes of compute ${target.name}`
    : `the instances of ${parts.at(-3)}/${target.name}`
}

async function set(
  { platform, actor }: ActionContext,
  id: string,
  wanted: number,
  before: string,
): Promise<ActionProgress> {
  const target = await platform.resources.get(id)
  const { provisioningState } = target.status
  if (capacityOf(target) !== wanted) {
    await platform.resources.patch(actor, id, withCapacity(target, wanted))
    return { doing: `changes ${inWords(target)} from ${before} to ${wanted}`, again: 500 }
  }
  if (provisioningState === 'Failed')
    return { refused: `${inWords(target)} could not be changed to ${wanted}: its provisioning failed` }
  if (provisioningState !== 'Succeeded')
    return { doing: `waits for ${inWords(target)} to be ${wanted}`, again: 1000 }
  return { done: `changed ${inWords(target)} from ${before} to ${wanted}`, made: [id] }
}
