import { z } from 'zod'
import { errors } from '../../../../kernel/errors.ts'
import { childId } from '../../../../kernel/resources/arm-id.ts'
import type { Resource } from '../../../../kernel/resources/resource.ts'
import { rollbackAhead } from '../../../../release/releases/actions/rollback.ts'
import { labelOf } from '../../../../release/releases/state.ts'
import type { ActionContext, ActionKind, ActionProgress } from '../../action.ts'
import { deploymentsOf, endpointTarget, inPercent, plansTo, trafficOf } from '../../targets.ts'
import { shift } from '../shift-traffic/action.ts'

const parameters = z.strictObject({
  /** The release plan whose former release is to reign again; default: the one that delivers to the endpoint. */
  plan: z.string().trim().min(1).optional(),
  /** Default: the one that the alert is about. */
  endpoint: z.string().trim().min(1).optional(),
})
type Parameters = z.infer<typeof parameters>

/** Takes the last release back: its delivery is aborted, or the release before reigns again. */
export const rollback: ActionKind<Parameters> = {
  name: 'rollback',
  summary: 'Goes back to the former release, or, where nothing was released, to the former deployment.',
  parameters,
  async check({ plan, endpoint }, { platform, workspaceId }) {
    const there = async (id: string) => (await platform.resources.find(id)) !== undefined
    return [
      ...(plan === undefined || (await there(planId(workspaceId, plan)))
        ? []
        : [{ path: ['plan'], message: `there is no release plan '${plan}'` }]),
      ...(endpoint === undefined || (await there(childId(workspaceId, 'onlineEndpoints', endpoint)))
        ? []
        : [{ path: ['endpoint'], message: `there is no endpoint '${endpoint}'` }]),
    ]
  },
  async rehearse(given, context) {
    const plan = await planOf(given, context)
    if (plan === undefined) {
      const { endpoint, to } = await former(given, context)
      return `gives all requests of ${endpoint.name} to ${to.name} (now ${inPercent(trafficOf(endpoint))})`
    }
    const { delivering, from, to } = await rollbackAhead(context.platform, plan.id)
    if (delivering !== undefined) return `aborts the delivery of ${labelOf(delivering)}`
    return `goes back from ${from === undefined ? 'what reigns' : labelOf(from)} to ${to === undefined ? 'nothing' : `${labelOf(to)} (${to.status.candidate.name}:${to.status.candidate.version})`}`
  },
  async advance(given, context) {
    const { state } = context
    // What is decided once is kept: asked again, it must not go back one more.
    if (typeof state['endpoint'] === 'string') return shiftBack(context)
    if (typeof state['plan'] === 'string') return goBack(context)
    const plan = await planOf(given, context)
    if (plan !== undefined) return decide(plan, context)
    const { endpoint, to } = await former(given, context)
    return {
      doing: `goes back to ${to.name}`,
      state: { endpoint: endpoint.id, deployment: to.name },
      again: 0,
    }
  },
}

const planId = (workspaceId: string, name: string) =>
  childId(workspaceId, 'providers', 'Twinloop', 'releasePlans', name)

/** The plan that is meant; undefined for an endpoint to which none delivers. Throws validation where several do. */
async function planOf(given: Parameters, context: ActionContext): Promise<Resource | undefined> {
  if (given.plan !== undefined) return context.platform.resources.get(planId(context.workspaceId, given.plan))
  const endpoint = await endpointTarget(context, given.endpoint, context.alert.labels)
  const plans = await plansTo(context, endpoint)
  if (plans.length > 1)
    throw errors.validation(
      `Several plans deliver to ${endpoint.name}: say plan: ${plans.map(({ name }) => name).join(' or ')}.`,
    )
  return plans[0]
}

/** What to go back to, kept before it is done. */
async function decide(plan: Resource, context: ActionContext): Promise<ActionProgress> {
  const { delivering, from, to } = await rollbackAhead(context.platform, plan.id)
  if (delivering !== undefined)
    return {
      doing: `aborts the delivery of ${labelOf(delivering)}`,
      state: { plan: plan.id, abort: delivering.id },
      again: 0,
    }
  const since = Date.parse(from?.status.endedAt ?? '')
  if (from !== undefined && since > context.alert.firedAt.getTime())
    return { refused: `${labelOf(from)} reigns only since ${from.status.endedAt}, after the alert had fired` }
  const label = to === undefined ? '' : labelOf(to)
  const state = {
    plan: plan.id,
    to: Number(to?.name),
    ...(from === undefined ? {} : { from: Number(from.name) }),
  }
  return { doing: `goes back to ${label}`, state, again: 0 }
}

async function goBack({ platform, actor, rule, alert, state }: ActionContext): Promise<ActionProgress> {
  const reason = `${rule.name} fired: ${alert.summary}`
  const { plan, abort, from, to } = state as {
    readonly plan: string
    readonly abort?: string
    readonly from?: number
    readonly to?: number
  }
  if (abort !== undefined) {
    const release = await platform.resources.get(abort)
    const what = labelOf(release)
    if (release.status['phase'] === 'ended')
      return {
        done: `the delivery of ${what} was aborted: it is ${String(release.status['state'])}`,
        made: [abort],
      }
    if (state['asked'] !== true) await platform.resources.act(actor, abort, 'abort', { reason })
    return { doing: `aborts the delivery of ${what}`, state: { ...state, asked: true }, again: 1000 }
  }
  const answer = await platform.resources.act(actor, plan, 'rollback', { from, to, reason })
  const { release, champion } = (answer?.body ?? {}) as {
    readonly release?: string
    readonly champion?: { readonly name: string; readonly version: string }
  }
  return {
    done: `went back to ${release ?? `release ${String(to)}`}${champion === undefined ? '' : ` (${champion.name}:${champion.version})`}`,
    made: [`${plan}/releases/${String(to)}`],
  }
}

/** The deployment that was there before the one with the most requests, and serves. */
async function former({ endpoint: named }: Parameters, context: ActionContext) {
  const endpoint = await endpointTarget(context, named, context.alert.labels)
  const [main] = [...trafficOf(endpoint)].toSorted(([, a], [, b]) => b - a)
  const all = await deploymentsOf(context, endpoint)
  const at = all.findIndex(({ name }) => name === main?.[0])
  const to = all
    .slice(0, Math.max(0, at))
    .findLast(({ status }) => status['provisioningState'] === 'Succeeded')
  if (to === undefined)
    throw errors.validation(
      `Endpoint '${endpoint.name}' has no deployment to go back to: ${main === undefined ? 'none gets requests' : `none that serves is older than ${main[0]}`}.`,
    )
  return { endpoint, to }
}

async function shiftBack(context: ActionContext): Promise<ActionProgress> {
  const { endpoint, deployment } = context.state as { readonly endpoint: string; readonly deployment: string }
  const progress = await shift(
    context,
    await context.platform.resources.get(endpoint),
    new Map([[deployment, 100]]),
  )
  return 'doing' in progress ? { ...progress, state: { ...context.state, ...progress.state } } : progress
}
