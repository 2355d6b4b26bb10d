import type { Release } from '../../api/releases.ts'
import { Status } from '../../parts/status.tsx'
import type { Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'
import { planOf } from './attention.ts'

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
