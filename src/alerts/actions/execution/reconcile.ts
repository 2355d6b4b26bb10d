import type { Platform } from '../../../kernel/platform.ts'
import type { Reconciler } from '../../../kernel/work/reconcile.ts'
import { tellIncident } from '../../incidents/timeline.ts'
import {
  actionsReconciler,
  asAction,
  hasEnded,
  incidentActionsType,
  type IncidentAction,
} from '../incident-action.ts'
import { planResolution } from '../planning/resolution.ts'
import { begin } from './begin.ts'
import { incidentKey, incidentOf } from './incident.ts'
import { step } from './step.ts'
import { tellTrouble } from './trouble.ts'

/** What speaks to others takes seconds: it must not hold up the reconcilers of anything else. */
const [atOnce, busyMs] = [6, 500]

/** Does what alerts say, one step at a time. */
export function createActionReconciler(): Reconciler {
  let underWay = 0
  /** One decides after another whether it may start: two at once would each find the other not started yet. */
  let deciding: Promise<unknown> = Promise.resolve()
  return {
    name: actionsReconciler,
    types: [incidentActionsType],
    async reconcile(resource, { platform, signal }) {
      const action = asAction(resource)
      await tellIncident(platform, incidentKey(action), entriesOf(action))
      if (hasEnded(action.status)) {
        await tellTrouble(platform, action)
        return resolveIfOver(platform, action)
      }
      if (action.status.state === 'Waiting') {
        const decided = deciding.then(() => begin(platform, action.key))
        deciding = decided.catch(() => {})
        return decided
      }
      const pause = Date.parse(action.status.nextAttemptAt ?? '') - platform.clock().getTime()
      if (pause > 0) return { again: pause }
      if (underWay >= atOnce) return { again: busyMs }
      underWay++
      try {
        return await step(platform, action, signal)
      } finally {
        underWay--
      }
    },
  }
}

/** What happened to it, as its incident tells it. */
const entriesOf = ({ id, properties, status }: IncidentAction) =>
  status.history.map(({ at, what, by }) => ({
    at,
    what: `${properties.kind}: ${what}`,
    id,
    ...(by === undefined ? {} : { by }),
  }))

/** What has been done is told of again when the incident is over. */
async function resolveIfOver(platform: Platform, action: IncidentAction): Promise<void> {
  if (action.properties.phase !== 'firing' || action.status.state !== 'Done') return
  if ((await incidentOf(platform, action))?.state === 'Resolved') await planResolution(platform, action)
}
