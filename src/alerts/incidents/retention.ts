import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { asAction, hasEnded, incidentActionsType, type IncidentAction } from '../actions/incident-action.ts'

const dayMs = 86_400_000
const pageSize = 200

/**
 * Removes incidents that were over, with what was done about them, and proposed changes that were decided, once nothing has
 * happened to them for `incidentsKeptDays`. Never what fires or still goes on, and never what a cool-down or a budget counts.
 */
export async function forgetOldIncidents(platform: Platform): Promise<void> {
  const { incidentsKeptDays } = platform.config
  if (incidentsKeptDays === 0) return
  const now = platform.clock().getTime()
  const before = now - incidentsKeptDays * dayMs
  let removed = 0
  for (const [type, states] of Object.entries({
    incidents: ['Resolved'],
    changeProposals: ['Applied', 'Refused', 'Failed'],
  }))
    for (const state of states) removed += await forget(platform, { type, state, before, now })
  if (removed > 0) platform.log.info('removed incidents and proposals that were old', { removed })
}

/** Oldest first, by pages; what is still needed is passed over. Answers how many it removed. */
async function forget(
  platform: Platform,
  {
    type,
    state,
    before,
    now,
  }: { readonly [K in 'type' | 'state']: string } & { readonly [K in 'before' | 'now']: number },
): Promise<number> {
  let [removed, needed] = [0, 0]
  for (;;) {
    const page = await platform.resources.list({
      type,
      view: 'all',
      where: { 'status.state': state },
      orderBy: { field: 'modifiedAt', descending: false },
      skip: needed,
      top: pageSize,
    })
    const old = page.filter(({ modifiedAt }) => modifiedAt.getTime() < before)
    for (const resource of old)
      if (type === 'incidents' && (await isNeeded(platform, resource, now))) needed++
      else if (await platform.resources.remove(platform.identity('alerts'), resource.id)) removed++
    if (old.length < pageSize) return removed
  }
}

/** Something is still done about it, or what was done counts for what may be done now. */
async function isNeeded(platform: Platform, { key }: Resource, now: number): Promise<boolean> {
  const all = await platform.resources.list({ type: incidentActionsType, parent: key, top: 1000 })
  return all.map(asAction).some((action) => !hasEnded(action.status) || countsUntil(action) > now)
}

/** Until when an action counts for a cool-down or a budget, in ms since 1970; 0 for one that never began. */
function countsUntil({ status, properties }: IncidentAction): number {
  const startedAt = Date.parse(status.startedAt ?? '')
  if (Number.isNaN(startedAt)) return 0
  return startedAt + Math.max(properties.coolDownMs, properties.budget?.perMs ?? 0)
}
