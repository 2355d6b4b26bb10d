import type { Resource } from '../../api/resource.ts'
import type { Column } from '../table/table.tsx'
import { Time } from '../time.tsx'

/** What data, models, environments and components have in common as containers of versions. */
export interface AssetProperties {
  readonly description?: string
  readonly latestVersion?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly isArchived?: boolean
}

type Asset = Resource<AssetProperties>

/** The first columns of a list of assets: the name, and its latest version. */
export const namedColumns = <T extends Asset>(): readonly Column<T>[] => [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(240px, 3fr)',
    cell: ({ name }) => <span title={name}>{name}</span>,
    sort: ({ name }) => name,
    text: ({ name }) => name,
  },
  {
    id: 'latest',
    header: 'Latest version',
    width: '130px',
    align: 'right',
    cell: ({ properties }) => properties.latestVersion ?? '–',
    sort: ({ properties }) => Number(properties.latestVersion) || properties.latestVersion,
  },
]

/** The last ones: when it changed, by whom it was made, what it is, its tags. */
export const historyColumns = <T extends Asset>(): readonly Column<T>[] => [
  {
    id: 'changed',
    header: 'Changed',
    width: '130px',
    cell: ({ systemData }) => <Time at={systemData.lastModifiedAt} />,
    sort: ({ systemData }) => systemData.lastModifiedAt,
  },
  {
    id: 'by',
    header: 'By',
    width: '150px',
    cell: ({ systemData }) => <span title={systemData.createdBy}>{systemData.createdBy}</span>,
    sort: ({ systemData }) => systemData.createdBy,
  },
  {
    id: 'description',
    header: 'Description',
    cell: ({ properties }) => <span title={properties.description}>{properties.description}</span>,
    text: ({ properties }) => properties.description ?? '',
    extra: true,
  },
  {
    id: 'tags',
    header: 'Tags',
    cell: ({ properties }) => tagsInWords(properties.tags),
    text: ({ properties }) => tagsInWords(properties.tags),
    extra: true,
  },
]

const tagsInWords = (tags: Readonly<Record<string, string>> = {}) =>
  Object.entries(tags)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ')
