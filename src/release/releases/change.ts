import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Db } from '../../store/database.ts'
import type { Json, NewEvent } from '../../kernel/resources/resource.ts'
import { asRelease, type Release, type ReleaseState } from './release.ts'
import { labelOf, planIdOf } from './state.ts'

/** What is told of a release in its timeline is kept so long; the audit log and the events have what was before. */
const longestTimeline = 500

export interface ReleaseChange {
  /** Parts of the status; a null removes. */
  readonly state: { readonly [K in keyof ReleaseState]?: ReleaseState[K] | null }
  /** For the timeline. */
  readonly happened?: readonly { readonly who: string; readonly what: string }[]
  readonly events?: readonly NewEvent[]
  /** More writes for the same transaction; if they fail, nothing is written. */
  readonly also?: (db: Db) => Promise<void>
}

/**
 * Changes a release by what `how` makes of it as it is, again if another write came between. `how` returns undefined to
 * leave it as it is (the answer is then undefined, too) and may throw to refuse. One transaction: state, timeline and events.
 */
export async function changeRelease(
  platform: Platform,
  key: string,
  how: (release: Release) => ReleaseChange | undefined,
): Promise<Release | undefined> {
  for (;;) {
    const found = await platform.resources.find(key)
    if (found === undefined) return undefined
    const release = asRelease(found)
    const change = how(release)
    if (change === undefined) return undefined
    const at = platform.clock().toISOString()
    const news = (change.happened ?? []).map(({ who, what }) => ({ at, who, what }))
    const timeline =
      news.length === 0 ? {} : { timeline: [...release.status.timeline, ...news].slice(-longestTimeline) }
    const written = await platform.resources.setStatus(
      key,
      { ...change.state, ...timeline },
      {
        etag: release.etag,
        ...(change.events === undefined ? {} : { events: change.events }),
        ...(change.also === undefined ? {} : { also: change.also }),
      },
    )
    if (written !== undefined) return asRelease(written)
  }
}

/** What the events of releases are called, as `Twinloop.Release{…}`. */
export type ReleaseEvent =
  | 'Started'
  | 'GateFinished'
  | 'GateWaived'
  | 'Blocked'
  | 'ApprovalRequested'
  | 'ApprovalDecided'
  | 'DeliveryStarted'
  | 'DeliveryFinished'
  | 'Completed'
  | 'RolledBack'
  | 'WaiverExpired'

/** An event that tells of a release; `state` is what it will be after the write. */
export function releaseEvent(
  release: Pick<Release, 'id' | 'status'>,
  event: ReleaseEvent,
  data: Json = {},
): NewEvent {
  const { id, status } = release
  return {
    type: `Twinloop.Release${event}`,
    subject: `releases/${labelOf(release)}`,
    source: scopeId(id) ?? '/',
    data: {
      releaseId: id,
      release: labelOf(release),
      plan: planIdOf(release).split('/').at(-1),
      number: Number(id.split('/').at(-1)),
      model: status.candidate.name,
      version: status.candidate.version,
      state: status.state,
      stage: status.stage,
      ...data,
    },
  }
}
