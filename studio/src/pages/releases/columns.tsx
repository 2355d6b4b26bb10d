import type { Release } from '../../api/releases.ts'
import { namesIn } from '../../api/resource.ts'
import { Status } from '../../parts/status.tsx'
import type { Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'

export const planOf = ({ id }: Release): string => namesIn(id)[1] ?? ''

/**
 * Whether somebody has to look at a release: it is blocked, it waits for people, or its delivery is held; or it ended badly
 * within a day, and nothing was released by its plan since.
 */
export function needsAttention(release: Release, all: readonly Release[], now: Date): boolean {
  const { phase, state, stages, stage, endedAt } = release.properties
  const isHeld = stages.find(({ name }) => name === stage)?.delivery?.state === 'paused'
  if (phase === 'open') return state === 'blocked' || state === 'waiting' || isHeld
  const isRecent = endedAt !== undefined && now.getTime() - Date.parse(endedAt) < dayMs
  const isBad = state === 'failed' || state === 'rolled_back' || state === 'expired'
  return (
    isBad &&
    isRecent &&
    !all.some(
      (other) =>
        planOf(other) === planOf(release) && other.systemData.createdAt > release.systemData.createdAt,
    )
  )
}

const dayMs = 86_400_000

/** What lists of releases show. */
export const releaseColumns: readonly Column<Release>[] = [
  {
    id: 'name',
    header: 'Release',
    width: 'minmax(150px, 1fr)',
    cell: (release) => `${planOf(release)}/${release.name}`,
    sort: (release) => `${planOf(release)}/${release.name}`,
    text: (release) => `${planOf(release)}/${release.name}`,
  },
  {
    id: 'candidate',
    header: 'Candidate',
    width: 'minmax(130px, 1fr)',
    cell: ({ properties: { candidate, version } }) =>
      candidate === undefined ? version : `${candidate.name}:${candidate.version}`,
    text: ({ properties: { candidate, version } }) => `${candidate?.name ?? ''}:${version}`,
  },
  {
    id: 'state',
    header: 'State',
    width: '128px',
    cell: ({ properties }) => <Status kind="release" state={properties.state} />,
    sort: ({ properties }) => properties.state,
    text: ({ properties }) => properties.state,
  },
  {
    id: 'stage',
    header: 'Stage',
    width: '110px',
    cell: ({ properties }) => properties.stage,
    sort: ({ properties }) => properties.stage,
  },
  {
    id: 'reason',
    header: 'Why it is there',
    width: 'minmax(260px, 3fr)',
    cell: ({ properties }) => <span title={properties.reason}>{properties.reason}</span>,
    text: ({ properties }) => properties.reason ?? '',
  },
  {
    id: 'started',
    header: 'Started',
    width: '124px',
    cell: ({ properties, systemData }) => <Time at={properties.startedAt ?? systemData.createdAt} />,
    sort: ({ systemData }) => systemData.createdAt,
  },
]
