import type { Platform } from '../../../kernel/platform.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import type { Reconciler } from '../../../kernel/work/reconcile.ts'
import {
  findAlertState,
  nextIncidentNumber,
  saveAlertState,
  settleAlertState,
} from '../../../store/alert-rows.ts'
import { wakeRouting } from '../../routing/wake.ts'
import type { Transition } from '../machine.ts'
import { fingerprintOf } from '../machine.ts'
import type { AlertRule } from '../rule.ts'
import { ruleIn } from '../stored.ts'
import { look } from './look.ts'
import { overBecause, settle } from './settle.ts'
import { advance, atFirst, ended, read, written, type RuleState } from './state.ts'

export const rulesReconciler = 'alerts/rules'

/**
 * Looks at a rule as often as it says, keeps what came of it, and then sees that the incidents say the same. The state is
 * written first, with the numbers of the incidents that it means: whoever is killed after it finishes from there, and opens
 * each once.
 */
export const evaluateRules: Reconciler = {
  name: rulesReconciler,
  types: ['alertRules'],
  async reconcile(resource, { platform }) {
    const kept = await readState(platform, resource)
    if (!kept.settled) await finish(platform, resource, kept)
    if (resource.deleting) {
      await end(platform, resource, kept, 'its rule was deleted')
      await platform.resources.purge(resource.key)
      return undefined
    }
    const rule = ruleIn(resource.properties)
    if (!rule.enabled || resource.archived) {
      await end(platform, resource, kept, 'its rule was switched off')
      return undefined
    }
    const now = platform.clock().getTime()
    const dueAt = dueOf(kept, rule, now)
    if (dueAt > now) return { again: dueAt - now }
    const looked = await look(platform, resource, rule, now)
    const { after, transitions } = advance(kept.state, rule, looked, { now, evaluatedAt: kept.evaluatedAt })
    tellOfErrors(platform, resource, kept.state, after)
    const saved = await save(platform, resource, kept, {
      state: after,
      transitions,
      evaluatedAt: now,
      nextAt: now + rule.everyMs,
    })
    // Somebody wants it looked at anew.
    if (saved === undefined) return { again: 0 }
    if (!saved.settled) await finish(platform, resource, saved)
    return { again: rule.everyMs }
  },
}

/** A rule's state as it is kept. */
interface Kept {
  readonly state: RuleState
  readonly version: number
  /** 0: never. */
  readonly evaluatedAt: number
  readonly nextAt: number
  readonly settled: boolean
}

async function readState(platform: Platform, { key }: Resource): Promise<Kept> {
  const row = await findAlertState(platform.store.db, key)
  if (row === undefined) return { state: atFirst, version: 0, evaluatedAt: 0, nextAt: 0, settled: true }
  return {
    state: read(row.state),
    version: row.version,
    evaluatedAt: row.evaluated_at,
    nextAt: row.next_at,
    settled: row.settled === 1,
  }
}

/** When to look: as was planned, earlier where the rule has changed to look more often, and now where the clock went back. */
function dueOf({ nextAt, evaluatedAt }: Kept, { everyMs }: AlertRule, now: number): number {
  if (evaluatedAt > now) return now
  return Math.min(nextAt, evaluatedAt + everyMs)
}

/** Keeps a state, with a number for each alert that has begun to fire. Undefined if it has been changed meanwhile. */
async function save(
  platform: Platform,
  resource: Resource,
  before: Kept,
  next: {
    readonly state: RuleState
    readonly transitions: readonly Transition[]
    readonly evaluatedAt: number
    readonly nextAt: number
  },
): Promise<Kept | undefined> {
  const settled = next.transitions.every(({ to }) => to !== 'firing' && to !== 'resolved')
  return platform.store
    .transaction(async (tx) => {
      const incidents = new Map([...next.state.incidents].filter(([of]) => next.state.alerts.has(of)))
      for (const { alert, to } of next.transitions)
        if (to === 'firing')
          incidents.set(fingerprintOf(alert.labels), await nextIncidentNumber(tx, resource.scope))
      const state = { ...next.state, incidents }
      const row = {
        rule: resource.key,
        scope: resource.scope,
        version: before.version,
        evaluated_at: next.evaluatedAt,
        next_at: next.nextAt,
        settled: settled ? 1 : 0,
        state: written(state),
      }
      if (!(await saveAlertState(tx, row))) throw new Changed()
      return { ...next, state, settled, version: before.version + 1 }
    })
    .catch((error: unknown) => {
      if (error instanceof Changed) return undefined
      throw error
    })
}

/** Rolls back what was written beside a state that somebody else has changed. */
class Changed extends Error {}

async function finish(platform: Platform, resource: Resource, kept: Kept, said?: string) {
  const reason = said ?? overBecause(kept.state, ruleIn(resource.properties))
  await settle(platform, resource, kept.state, reason)
  await settleAlertState(platform.store.db, resource.key, kept.version)
  wakeRouting(platform, resource.scope)
}

/** Ends every alert of a rule that is not to be looked at any more. */
async function end(platform: Platform, resource: Resource, kept: Kept, reason: string): Promise<void> {
  const now = platform.clock().getTime()
  const { after, transitions } = ended(kept.state, now)
  if (transitions.length === 0) return
  const saved = await save(platform, resource, kept, {
    state: after,
    transitions: transitions.filter(({ to }) => to === 'resolved'),
    evaluatedAt: kept.evaluatedAt,
    nextAt: now,
  })
  if (saved === undefined) throw new Error('The rule was looked at meanwhile; it is ended at the next try.')
  await finish(platform, resource, saved, reason)
}

/** What keeps a rule from being looked at is told once, when it begins, and again when it is over. */
function tellOfErrors(platform: Platform, { id }: Resource, before: RuleState, after: RuleState): void {
  if (after.outcome === 'error' && before.error !== after.error)
    platform.log.warn('an alert rule cannot be looked at', { rule: id, error: after.error })
  if (after.outcome !== 'error' && before.outcome === 'error')
    platform.log.info('an alert rule can be looked at again', { rule: id })
}
