import { keyOf } from '../../kernel/resources/arm-id.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { batchIn, stepBatch } from './batch.ts'
import type { Deliver, DeliveryContext, DeliveryProgress } from './delivery.ts'
import { deliverOnline } from './online.ts'
import { onlineEndpointTarget } from './target/online-endpoint.ts'

/**
 * Delivers to the endpoints that a plan names. Of both, the batch deployment is made and checked first, so that what cannot
 * score in bulk meets no caller; then the online endpoint takes its steps; then the batch endpoint is switched.
 */
export const deliver: Deliver = async (context) => {
  const { plan, record } = context
  const batch = batchIn(record)
  const isPrepared = plan.batch === undefined || batch?.phase === 'switching' || batch?.phase === 'over'
  if (plan.online === undefined || !isPrepared) return deliverBatch(context)
  const { batch: _, ...own } = record.working ?? {}
  const { working: __, ...rest } = record
  // Of its own it has nothing yet where only the batch endpoint has begun.
  const given = batch === undefined ? record : 'phase' in own ? { ...rest, working: own } : rest
  const progress = await deliverOnline({ ...context, record: given }, targetOf(context))
  if (batch === undefined) return progress
  if (progress.record === given) return { ...progress, record }
  const next = { ...progress, record: { ...progress.record, working: { ...progress.record.working, batch } } }
  return batch.phase === 'switching' && progress.record.state === 'succeeded'
    ? deliverBatch({ ...context, record: next.record }, progress.happened)
    : next
}

/** What goes back, goes back by the platform's own right, whatever rights whoever delivers still has. */
const targetOf = ({ platform, actor, workspaceId, release, plan, candidate, record }: DeliveryContext) =>
  onlineEndpointTarget({
    platform,
    actor: phaseOf(record) === 'returning' ? platform.identity('release') : actor,
    workspaceId,
    endpoint: plan.online ?? '',
    release: keyOf(release.id),
    model: candidate.id,
  })

const phaseOf = ({ working }: DeliveryContext['record']) => working?.['phase']

/** A step to the batch endpoint. */
async function deliverBatch(context: DeliveryContext, before?: string): Promise<DeliveryProgress> {
  const { record, plan, asked } = context
  const batch = batchIn(record)
  if (asked === 'abort' && batch?.phase !== 'switching')
    return {
      record: { ...record, state: 'rolled_back', doing: 'aborted before anybody was served by it' },
      happened: 'Aborted before anybody was served by it.',
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
    // Where all went well, what is online is looked after from here on.
    ...(isFinal
      ? plan.online === undefined || state === 'failed'
        ? {}
        : { again: 0 }
      : { again: again ?? 0 }),
  }
}
