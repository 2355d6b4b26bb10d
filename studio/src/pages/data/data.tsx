import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useWorkspace, usePaths } from '../../frame/workspace.ts'
import { useSearchWord } from '../../frame/search.ts'
import { dataSummariesQuery, type DataProperties, type DataSummary } from '../../api/data.ts'
import type { Resource } from '../../api/resource.ts'
import { AssetList } from '../../parts/assets/asset-list.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { NewButton } from '../../parts/make.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import type { Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'
import { plural } from '../../words/names.ts'
import { bytes, exact } from '../../words/numbers.ts'
import { Contracts } from './contracts/contracts.tsx'
import { Transfers } from './transfers/transfers.tsx'

const create = 'twinloop data create --name flights --version 1 --path flights.parquet --type uri_file'

type Asset = Resource<DataProperties>

type Known = ReadonlyMap<string, DataSummary> | undefined

/** The columns of the list; what is not known yet, or of anything, is a dash. */
const columnsOf = (known: Known): readonly Column<Asset>[] => {
  const of = ({ name }: Asset) => known?.get(name)
  return [
    {
      id: 'type',
      header: 'Kind',
      width: '84px',
      cell: ({ properties }) => properties.dataType,
      sort: ({ properties }) => properties.dataType,
      text: ({ properties }) => properties.dataType ?? '',
    },
    {
      id: 'rows',
      header: 'Rows',
      width: '96px',
      align: 'right',
      cell: (asset) => exact(of(asset)?.latest.rows ?? undefined),
      sort: (asset) => of(asset)?.latest.rows ?? -1,
    },
    {
      id: 'columns',
      header: 'Columns',
      width: '86px',
      align: 'right',
      cell: (asset) => exact(of(asset)?.latest.columns ?? undefined),
      sort: (asset) => of(asset)?.latest.columns ?? -1,
    },
    {
      id: 'bytes',
      header: 'Size',
      width: '96px',
      align: 'right',
      cell: (asset) => {
        const summary = of(asset)
        if (summary === undefined || summary.bytes === null) return <span className="muted">–</span>
        return (
          <span title={`of all ${plural(summary.versions, 'version')} together`}>{bytes(summary.bytes)}</span>
        )
      },
      sort: (asset) => of(asset)?.bytes ?? -1,
    },
    {
      id: 'used',
      header: 'Used by',
      width: 'minmax(240px, 1.4fr)',
      cell: (asset) => <UsedBy summary={of(asset)} />,
      sort: (asset) => Object.values(of(asset)?.usedBy ?? {}).reduce((sum, n) => sum + n, 0),
    },
    {
      id: 'age',
      header: 'Made',
      width: '96px',
      cell: (asset) => <Time at={of(asset)?.latest.createdAt} />,
      sort: (asset) => of(asset)?.latest.createdAt ?? '',
    },
    {
      id: 'contract',
      header: 'Checks',
      width: '110px',
      cell: (asset) => {
        const { contract = null } = of(asset)?.latest ?? {}
        return contract === null ? (
          <span className="muted">none</span>
        ) : (
          <Status kind="verdict" state={contract} />
        )
      },
    },
  ]
}

/** Jobs that read it, models that came of it, endpoints that those serve now, and monitors that compare with it. */
function UsedBy({ summary }: { readonly summary: DataSummary | undefined }) {
  if (summary === undefined) return <span className="muted">–</span>
  const { jobs, models, endpoints, monitors } = summary.usedBy
  const words = [
    jobs > 0 ? plural(jobs, 'job') : '',
    models > 0 ? plural(models, 'model version') : '',
    endpoints > 0 ? plural(endpoints, 'endpoint') : '',
    monitors > 0 ? plural(monitors, 'monitor') : '',
  ].filter(Boolean)
  if (words.length === 0) return <span className="muted">nothing</span>
  return <span title={words.join(', ')}>{words.join(', ')}</span>
}

/** The data that have names here, what is expected of them, and how they come and go. */
export function Data() {
  const [tab, setTab] = useSearchWord('tab', 'assets')
  const workspace = useWorkspace()
  const to = usePaths()
  const path = `${workspace.id}/data`
  const { data: known } = useQuery(dataSummariesQuery(workspace))
  const columns = useMemo(() => columnsOf(known), [known])
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
              { method: 'POST', path: `${workspace.id}/summarizeData` },
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
