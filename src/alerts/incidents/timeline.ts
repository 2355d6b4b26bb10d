import type { Platform } from '../../kernel/platform.ts'
import type { NewEvent } from '../../kernel/resources/resource.ts'
import type { IncidentEntry, IncidentState } from './incident.ts'
import type { Incident } from './incidents.ts'

/** What is told in a timeline is kept so long; the audit log and the events have what was before. */
const longest = 500

export interface IncidentChange {
  /** Parts of the status; a null removes. */
  readonly state?: { readonly [K in keyof IncidentState]?: IncidentState[K] | null }
  /** For the timeline; `at` is now where it is left out. */
  readonly happened?: readonly (Omit<IncidentEntry, 'at'> & { readonly at?: string })[]
  readonly events?: readonly NewEvent[]
}

/**
 * Changes an incident by what `how` makes of it as it is, again if another write came between; `how` returns undefined to
 * leave it, and may throw to refuse. What the timeline has already is not told twice. Undefined if nothing was changed.
 */
export async function changeIncident(
  platform: Platform,
  key: string,
  how: (incident: Incident) => IncidentChange | undefined,
): Promise<Incident | undefined> {
  for (;;) {
    const found = await platform.resources.find(key)
    if (found === undefined) return undefined
    const incident = found as unknown as Incident
    const change = how(incident)
    if (change === undefined) return undefined
    const now = platform.clock().toISOString()
    const { timeline } = incident.status
    const news = (change.happened ?? [])
      .map((entry) => ({ ...entry, at: entry.at ?? now }))
      .filter((entry) => !timeline.some((old) => isSame(old, entry)))
    const written = await platform.resources.setStatus(
      key,
      {
        ...change.state,
        ...(news.length === 0 ? {} : { timeline: [...timeline, ...news].slice(-longest) }),
      },
      { etag: incident.etag, ...(change.events === undefined ? {} : { events: change.events }) },
    )
    if (written !== undefined) return written as unknown as Incident
  }
}

/** Tells in an incident's timeline what happened; what it has already is not told twice. */
export const tellIncident = (
  platform: Platform,
  key: string,
  entries: readonly (Omit<IncidentEntry, 'at'> & { readonly at?: string })[],
): Promise<Incident | undefined> => changeIncident(platform, key, () => ({ happened: entries }))

const isSame = (a: IncidentEntry, b: IncidentEntry) =>
  a.at === b.at && a.what === b.what && a.id === b.id && a.by === b.by
