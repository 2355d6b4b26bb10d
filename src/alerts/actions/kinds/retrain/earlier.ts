import type { Platform } from '../../../../kernel/platform.ts'
import type { Json } from '../../../../kernel/resources/resource.ts'
import type { ActionContext } from '../../action.ts'
import { asAction, incidentActionsType, labelOf, type IncidentAction } from '../../incident-action.ts'

/** What a retraining keeps between its steps. */
export interface RetrainState {
  /** Of all that the job reads. */
  readonly fingerprint?: string
  readonly inputs?: Json
  readonly inWords?: readonly string[]
  readonly made?: readonly string[]
  readonly job?: string
  readonly version?: string
  readonly release?: string
}

export const stateOf = ({ state }: Pick<ActionContext, 'state'>): RetrainState => state

/** States of a release whose candidate did not make it. One that was superseded or cancelled says nothing of it. */
const rejected = ['blocked', 'failed', 'refused', 'expired', 'rolled_back']

/** Retrainings by the same job, whichever rule or alert asked for them, newest first. */
async function allOf({ platform, workspaceId, subject }: ActionContext): Promise<readonly IncidentAction[]> {
  const found = await platform.resources.list({
    type: incidentActionsType,
    scope: workspaceId,
    where: { 'properties.subject': subject, 'properties.phase': 'firing' },
    top: 1000,
  })
  return found.map(asAction).toSorted((a, b) => begun(b) - begun(a) || (a.key < b.key ? 1 : -1))
}

const begun = ({ status }: IncidentAction) => Date.parse(status.startedAt ?? '') || 0

const workingOf = ({ status }: IncidentAction) => (status.working ?? {}) as RetrainState

/**
 * Why training now would be for nothing: it is under way already; it learnt from the same already (`fingerprint`); or the
 * last candidates were all rejected, and nobody has released another since. Undefined where nothing speaks against it.
 */
export async function reasonAgainst(
  context: ActionContext,
  { fingerprint, stopAfter }: { readonly fingerprint?: string; readonly stopAfter: number },
): Promise<string | undefined> {
  const all = await allOf(context)
  const own = all.findIndex(({ id }) => id.toLowerCase() === context.action.toLowerCase())
  // Of two that are about to begin, the one that was first goes on.
  const running = all.find(
    (other, i) =>
      i !== own && other.status.state === 'Running' && (workingOf(other).job !== undefined || i > own),
  )
  if (running !== undefined) return `it is being trained already, by ${labelOf(running)}`
  const done = all.filter(({ status }, i) => i !== own && status.state === 'Done')
  const [last] = done
  if (fingerprint !== undefined && last !== undefined && workingOf(last).fingerprint === fingerprint)
    return `there is nothing new to learn from since ${labelOf(last)} (${nameOf(workingOf(last).job)})`
  const streak = await rejectedInARow(context.platform, done)
  return streak.length < stopAfter
    ? undefined
    : `the last ${streak.length} candidates were not released (${streak.join(', ')}): somebody has to look why. It goes on once a release of the plan succeeds`
}

async function rejectedInARow(
  platform: Platform,
  done: readonly IncidentAction[],
): Promise<readonly string[]> {
  const streak: string[] = []
  for (const other of done) {
    const { release } = workingOf(other)
    const found = release === undefined ? undefined : await platform.resources.find(release)
    if (found === undefined) continue
    const state = String(found.status['state'])
    if (['superseded', 'cancelled'].includes(state)) continue
    if (!rejected.includes(state) || (await succeededSince(platform, found.id, found.createdAt))) break
    streak.push(`${release?.split('/').at(-3)}/${found.name} ${state.replace('_', ' ')}`)
  }
  return streak
}

/** Whether another release of the same plan has succeeded since. */
async function succeededSince(platform: Platform, release: string, since: Date): Promise<boolean> {
  const parent = release.split('/').slice(0, -2).join('/')
  const where = { 'status.state': 'succeeded' }
  const all = await platform.resources.list({ type: 'releasePlans/releases', parent, view: 'all', where })
  return all.some(({ createdAt }) => createdAt > since)
}

const nameOf = (id: string | undefined) => `job ${id?.split('/').at(-1) ?? ''}`
