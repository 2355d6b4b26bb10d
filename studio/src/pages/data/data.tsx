import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useWorkspace, usePaths } from '../../frame/workspace.ts'
import { useSearchWord } from '../../frame/search.ts'
import type { DataProperties, DataVersionProperties } from '../../api/data.ts'
import { resourceQuery } from '../../api/queries.ts'
import type { Resource } from '../../api/resource.ts'
import { AssetList } from '../../parts/assets/asset-list.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { NewButton } from '../../parts/make.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import type { Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'
import { exact } from '../../words/numbers.ts'
import { Contracts } from './contracts/contracts.tsx'
import { Transfers } from './transfers/transfers.tsx'

const create = 'twinloop data create --name flights --version 1 --path flights.parquet --type uri_file'

type Asset = Resource<DataProperties>

/** What is known of the latest version: each cell asks for it, and all of a row share the answer. */
function Latest({
  asset,
  show,
}: {
  readonly asset: Asset
  readonly show: 'rows' | 'columns' | 'age' | 'contract'
}) {
  const version = asset.properties.latestVersion
  const { data } = useQuery({
    ...resourceQuery<DataVersionProperties>(`${asset.id}/versions/${version ?? ''}`),
    enabled: version !== undefined,
    staleTime: 60_000,
  })
  if (data === undefined) return <span className="muted">–</span>
  const { facts, contract } = data.properties
  if (show === 'rows') return exact(facts?.rows)
  if (show === 'columns') return exact(facts?.columns?.length)
  if (show === 'age') return <Time at={data.systemData.createdAt} />
  return contract === undefined ? (
    <span className="muted">none</span>
  ) : (
    <Status kind="verdict" state={contract} />
  )
}

const columns: readonly Column<Asset>[] = [
  {
    id: 'type',
    header: 'Kind',
    width: '100px',
    cell: ({ properties }) => properties.dataType,
    sort: ({ properties }) => properties.dataType,
    text: ({ properties }) => properties.dataType ?? '',
  },
  {
    id: 'rows',
    header: 'Rows',
    width: '110px',
    align: 'right',
    cell: (asset) => <Latest asset={asset} show="rows" />,
  },
  {
    id: 'columns',
    header: 'Columns',
    width: '90px',
    align: 'right',
    cell: (asset) => <Latest asset={asset} show="columns" />,
  },
  { id: 'age', header: 'Made', width: '120px', cell: (asset) => <Latest asset={asset} show="age" /> },
  {
    id: 'contract',
    header: 'Checks',
    width: '120px',
    cell: (asset) => <Latest asset={asset} show="contract" />,
  },
]

/** The data that have names here, what is expected of them, and how they come and go. */
export function Data() {
  const [tab, setTab] = useSearchWord('tab', 'assets')
  const workspace = useWorkspace()
  const to = usePaths()
  const path = `${workspace.id}/data`
  return (
    <Page
      title="Data"
      actions={
        <>
          {tab === 'contracts' ? (
            <NewButton kind="data-contract" />
          ) : tab === 'transfers' ? (
            <NewButton kind="data-import" />
          ) : (
            <NewButton kind="data" />
          )}
          <Equivalents
            cli={[
              { what: 'The same list', command: 'twinloop data list -o table' },
              { what: 'Name a version', command: create },
              { what: 'What is expected of data', command: 'twinloop data-contract list -o table' },
              { what: 'Imports and exports', command: 'twinloop data-import list -o table' },
            ]}
            rest={[
              { method: 'GET', path },
              { method: 'GET', path: `${workspace.id}/providers/Twinloop/dataContracts` },
              { method: 'GET', path: `${workspace.id}/providers/Twinloop/dataImports` },
            ]}
          />
        </>
      }
    >
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'assets')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="assets">Assets</Tabs.Tab>
          <Tabs.Tab value="contracts">Contracts</Tabs.Tab>
          <Tabs.Tab value="transfers">Imports and exports</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="assets">
          <AssetList<DataProperties>
            path={path}
            columns={columns}
            to={({ name }) => to.dataset(name)}
            label="data assets"
            empty={
              <Empty title="No data has a name yet" command={create}>
                A version of a data asset means the same bytes to everybody, for ever.
              </Empty>
            }
          />
        </Tabs.Panel>
        <Tabs.Panel value="contracts">
          <Contracts />
        </Tabs.Panel>
        <Tabs.Panel value="transfers">
          <Transfers />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
