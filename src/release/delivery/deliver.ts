import type { Json } from '../../kernel/resources/resource.ts'
import { batchIn, stepBatch } from './batch.ts'
import type { Deliver, DeliveryContext, DeliveryProgress } from './delivery.ts'
import { deliverOnline } from './online.ts'
import { onlineEndpointTarget } from './target/online-endpoint.ts'

/**
 * Delivers to the online endpoint that a plan names, and when that has all traffic, to its batch endpoint. Callers of the
 * one wait for nothing of the other; a rollback of the one is one of both (see `rollBack`).
 */
export const deliver: Deliver = async (context) => {
  const { plan, record } = context
  const batch = batchIn(record)
  if (plan.online === undefined) return deliverBatch(context)
  if (batch !== undefined && batch.phase !== 'over') return deliverBatch(context)
  const { batch: _, ...own } = record.working ?? {}
  const { working: __, ...rest } = record
  const given = batch === undefined ? record : { ...rest, working: own }
  const progress = await deliverOnline({ ...context, record: given }, targetOf(context))
  // Only now; what has been delivered to both is looked after as that of the online endpoint.
  if (plan.batch !== undefined && batch === undefined && progress.record.state === 'succeeded')
    return deliverBatch({ ...context, record: progress.record }, progress.happened)
  if (batch === undefined) return progress
  if (progress.record === given) return { ...progress, record }
  return { ...progress, record: { ...progress.record, working: { ...progress.record.working, batch } } }
}

/** What goes back, goes back by the platform's own right, whatever rights whoever delivers still has. */
const targetOf = ({ platform, actor, workspaceId, plan, candidate, record }: DeliveryContext) =>
  onlineEndpointTarget({
    platform,
    actor: phaseOf(record) === 'returning' ? platform.identity('release') : actor,
    workspaceId,
    endpoint: plan.online ?? '',
    model: candidate.id,
  })

const phaseOf = ({ working }: DeliveryContext['record']) => working?.['phase']

/** A step to the batch endpoint. That it fails is told, and takes nothing back from online callers. */
async function deliverBatch(context: DeliveryContext, before?: string): Promise<DeliveryProgress> {
  const { record, plan, asked } = context
  const batch = batchIn(record)
  if (asked === 'abort' && batch?.phase !== 'over')
    return {
      record: {
        ...record,
        state: plan.online === undefined ? 'rolled_back' : 'succeeded',
        doing: 'aborted before the batch endpoint was switched',
      },
      happened: 'Aborted before the batch endpoint was switched.',
    }
  const { working, state, doing, happened, again } = await stepBatch(context, batch)
  const told = [before, happened].filter((each) => each !== undefined).join(' ')
  const isSame = JSON.stringify(working) === JSON.stringify(batch) && record.doing === doing
  const isFinal = state !== 'running'
  const next = {
    ...record,
    state,
    doing,
    ...(isFinal ? { verdict: doing } : {}),
    working: { ...record.working, batch: working as unknown as Json },
  }
  return {
    record: isSame && !isFinal ? record : next,
    ...(told === '' ? {} : { happened: told }),
    // What is online is looked after from here on.
    ...(isFinal ? (plan.online === undefined ? {} : { again: 0 }) : { again: again ?? 0 }),
  }
}
