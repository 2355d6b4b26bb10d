import { useQuery } from '@tanstack/react-query'
import type { DataAsset, DataProperties } from '../../api/data.ts'
import { listQuery } from '../../api/queries.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { NewButton } from '../../parts/make.tsx'
import { Page } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'

const create = 'twinloop data create --name flights --version 1 --path flights.parquet --type uri_file'

const columns: readonly Column<DataAsset>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(200px, 2fr)',
    cell: ({ name }) => name,
    sort: ({ name }) => name,
    text: ({ name }) => name,
  },
  {
    id: 'type',
    header: 'Kind',
    width: '120px',
    cell: ({ properties }) => properties.dataType,
    sort: ({ properties }) => properties.dataType,
    text: ({ properties }) => properties.dataType ?? '',
  },
  {
    id: 'latest',
    header: 'Latest version',
    width: '130px',
    align: 'right',
    cell: ({ properties }) => properties.latestVersion ?? '–',
    sort: ({ properties }) => properties.latestVersion,
  },
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
    width: '160px',
    cell: ({ systemData }) => systemData.createdBy,
    sort: ({ systemData }) => systemData.createdBy,
  },
  {
    id: 'description',
    header: 'Description',
    cell: ({ properties }) => properties.description,
    text: ({ properties }) => properties.description ?? '',
  },
]

/** The data that have names here. */
export function Data() {
  const workspace = useWorkspace()
  const to = usePaths()
  const path = `${workspace.id}/data`
  const query = useQuery(listQuery<DataProperties>(path))
  return (
    <Page
      title="Data"
      actions={
        <>
          <NewButton kind="data" />
          <Equivalents
            cli={[
              { what: 'The same list', command: 'twinloop data list -o table' },
              { what: 'Name a version', command: create },
            ]}
            rest={[{ method: 'GET', path }]}
          />
        </>
      }
    >
      <Panel flush>
        <Answer query={query} rows={8}>
          {(assets) =>
            assets.length === 0 ? (
              <Empty title="No data has a name yet" command={create}>
                A version of a data asset means the same bytes to everybody, for ever.
              </Empty>
            ) : (
              <Table
                rows={assets}
                columns={columns}
                rowKey={({ id }) => id}
                to={({ name }) => to.dataset(name)}
                label="data assets"
              />
            )
          }
        </Answer>
      </Panel>
    </Page>
  )
}
