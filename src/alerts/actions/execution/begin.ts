import type { Platform } from '../../../kernel/platform.ts'
import { asAction, incidentActionsType, labelOf, type IncidentAction } from '../incident-action.ts'
import { changeAction, type ActionChange } from './change.ts'
import { incidentOf } from './incident.ts'
import { mayStart, type Former } from './may-start.ts'

const mostInAMinute = 60
/** Actions of a workspace that are looked back at, newest first. */
const lookedBackAt = 5000

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
    await formerOf(platform, action),
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

/** Actions of the workspace that have begun. */
async function formerOf(platform: Platform, action: IncidentAction): Promise<readonly Former[]> {
  const all = await platform.resources.list({
    type: incidentActionsType,
    scope: action.scope,
    where: { 'properties.phase': 'firing' },
    top: lookedBackAt,
  })
  return all
    .map(asAction)
    .filter(({ key, status }) => key !== action.key && status.startedAt !== undefined)
    .map((other) => ({
      label: labelOf(other),
      cause: other.properties.cause,
      slot: other.properties.slot,
      startedAt: Date.parse(other.status.startedAt ?? ''),
      counts: ['Running', 'Done'].includes(other.status.state),
    }))
}
