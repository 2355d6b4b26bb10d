import { z } from 'zod'
import { errors } from '../../../../kernel/errors.ts'
import { childId } from '../../../../kernel/resources/arm-id.ts'
import type { Resource } from '../../../../kernel/resources/resource.ts'
import type { ActionContext, ActionMistake, CheckContext } from '../../action.ts'
import { deploymentsOf, endpointTarget, trafficOf } from '../../targets.ts'
import { capacityOf } from './capacity.ts'

const text = z.string().trim().min(1)

/** The words by which an action says what is to have another size, and which. */
export const scaleWords = {
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
}
const words = z.strictObject(scaleWords)
export type ScaleWords = z.infer<typeof words>

export const oneWay = {
  test: ({ to, by, add }: Pick<ScaleWords, 'to' | 'by' | 'add'>): boolean =>
    [to, by, add].filter((one) => one !== undefined).length === 1,
  error: 'needs one of to: 4, by: 2 (times) and add: 1',
}

/** What is named and not there. */
export async function mistakesInScale(
  { compute, endpoint, deployment }: ScaleWords,
  { platform, workspaceId }: CheckContext,
): Promise<readonly ActionMistake[]> {
  const below = deployment === undefined ? [] : ['deployments', deployment]
  const id =
    compute !== undefined
      ? childId(workspaceId, 'computes', compute)
      : endpoint === undefined
        ? undefined
        : childId(workspaceId, 'onlineEndpoints', endpoint, ...below)
  if (id === undefined || (await platform.resources.find(id)) !== undefined) return []
  const field = compute !== undefined ? 'compute' : deployment === undefined ? 'endpoint' : 'deployment'
  return [{ path: [field], message: `there is no ${field} '${compute ?? deployment ?? endpoint}'` }]
}

/** What is to have another size, which it has, and which it is to have within the limits. */
export async function planScale(
  given: ScaleWords,
  context: ActionContext,
): Promise<{ readonly target: Resource; readonly from: number; readonly to: number }> {
  const target = await targetOf(given, context)
  const from = capacityOf(target)
  const wanted = given.to ?? (given.by === undefined ? from + (given.add ?? 0) : Math.round(from * given.by))
  return { target, from, to: Math.min(given.max, Math.max(given.min, wanted)) }
}

async function targetOf(given: ScaleWords, context: ActionContext): Promise<Resource> {
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

/** `the instances of flights/blue` */
export function targetInWords(target: Resource): string {
  const parts = target.id.split('/')
  return target.type === 'workspaces/computes'
    ? `the most nodes of compute ${target.name}`
    : `the instances of ${parts.at(-3)}/${target.name}`
}
