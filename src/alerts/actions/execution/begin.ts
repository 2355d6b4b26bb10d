import type { Platform } from '../../../kernel/platform.ts'
import { asAction, type IncidentAction } from '../incident-action.ts'
import { changeAction, type ActionChange } from './change.ts'
import { formerActions } from './former.ts'
import { incidentOf } from './incident.ts'
import { mayStart } from './may-start.ts'

const mostInAMinute = 60

/**
 * Decides whether an action that waits begins now: it does, is skipped with the reason, asks a person, or waits for its
 * turn. To be called by one at a time.
 */
export async function begin(
  platform: Platform,
  key: string,
): Promise<{ readonly again: number } | undefined> {
  const found = await platform.resources.find(key)
  if (found === undefined) return undefined
  const action = asAction(found)
  const { state, awaiting, approvedBy } = action.status
  if (state !== 'Waiting') return undefined
  const write = (change: ActionChange) =>
    changeAction(platform, key, (now) => (now.etag === action.etag ? change : undefined))
  const skip = (skipped: NonNullable<IncidentAction['status']['skipped']>, why: string) =>
    write({
      state: {
        state: 'Skipped',
        skipped,
        awaiting: null,
        reason: `It was skipped: ${why}.`,
        endedAt: platform.clock().toISOString(),
      },
      happened: { what: `skipped: ${why}` },
      event: 'Skipped',
    })
  const start = () =>
    write({
      state: {
        state: 'Running',
        awaiting: null,
        reason: 'It has begun.',
        startedAt: platform.clock().toISOString(),
      },
      event: 'Started',
    })

  if (action.properties.phase === 'resolved') return void (await start())
  const incident = await incidentOf(platform, action)
  if (incident?.silencedBy !== undefined)
    return void (await skip('silenced', `silenced by ${incident.silencedBy}`))
  if (awaiting === 'approval') {
    if (incident?.state === 'Resolved') await skip('over', 'the incident was over before anybody approved it')
    return undefined
  }
  const verdict = mayStart(
    {
      ...action.properties,
      budget: action.properties.budget ?? undefined,
      isApproved: approvedBy !== undefined,
    },
    await formerActions(platform, action.scope, action.key),
    { now: platform.clock().getTime(), mostInAMinute },
  )
  if ('skip' in verdict) return void (await skip('cool-down', verdict.skip))
  if ('wait' in verdict) {
    await write({ state: { reason: `It waits: ${verdict.wait}.` } })
    return { again: verdict.again }
  }
  if ('start' in verdict) return void (await start())
  await write({
    state: { awaiting: 'approval', reason: `It waits for approval: ${verdict.ask}.` },
    happened: { what: `waits for approval: ${verdict.ask}` },
    event: 'ApprovalRequested',
  })
  return undefined
}
