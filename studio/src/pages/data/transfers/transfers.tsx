import { useQuery } from '@tanstack/react-query'
import { listQuery } from '../../../api/queries.ts'
import { labelOf } from '../../../api/resource.ts'
import { isImport, type Transfer, type TransferProperties } from '../../../api/transfers.ts'
import { pathOf } from '../../../frame/paths.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty, Failure } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time, Took } from '../../../parts/time.tsx'
import { bytes, exact, percent } from '../../../words/numbers.ts'
import { CancelTransfer } from './cancel-transfer.tsx'
import { ImportSchedules } from './import-schedules.tsx'

/** How data come in and go out: what was done, what is under way, and what is done at given times. */
export function Transfers() {
  const workspace = useWorkspace()
  const own = `${workspace.id}/providers/Twinloop`
  const imports = useQuery(listQuery<TransferProperties>(`${own}/dataImports`))
  const exports = useQuery(listQuery<TransferProperties>(`${own}/dataExports`))
  const columns: readonly Column<Transfer>[] = [
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(160px, 1.2fr)',
      cell: ({ name, properties }) => (
        <span title={properties.error?.message ?? properties.warnings?.join('\n')}>{name}</span>
      ),
      sort: ({ name }) => name,
      text: ({ name, properties }) => `${name} ${properties.assetName ?? ''}`,
    },
    {
      id: 'way',
      header: 'Way',
      width: '80px',
      cell: (transfer) => (isImport(transfer) ? 'import' : 'export'),
      sort: (transfer) => (isImport(transfer) ? 'import' : 'export'),
    },
    {
      id: 'status',
      header: 'Status',
      width: '130px',
      cell: ({ properties }) => <Status kind="job" state={properties.status} />,
      sort: ({ properties }) => properties.status,
    },
    {
      id: 'from',
      header: 'From',
      width: 'minmax(140px, 1.3fr)',
      cell: (transfer) => <From transfer={transfer} />,
    },
    { id: 'to', header: 'To', width: 'minmax(140px, 1.3fr)', cell: (transfer) => <To transfer={transfer} /> },
    {
      id: 'rows',
      header: 'Rows',
      width: '140px',
      align: 'right',
      cell: ({ properties: { progress, status } }) =>
        progress.totalRows !== undefined && status === 'Running'
          ? `${exact(progress.rows)}, ${percent(progress.rows / Math.max(1, progress.totalRows), 0)}`
          : exact(progress.rows),
      sort: ({ properties }) => properties.progress.rows,
    },
    {
      id: 'bytes',
      header: 'Size',
      width: '100px',
      align: 'right',
      cell: ({ properties }) => bytes(properties.progress.bytes),
      sort: ({ properties }) => properties.progress.bytes,
    },
    {
      id: 'at',
      header: 'Started',
      width: '120px',
      cell: ({ properties, systemData }) => <Time at={properties.startTime ?? systemData.createdAt} />,
      sort: ({ systemData }) => systemData.createdAt,
    },
    {
      id: 'took',
      header: 'Took',
      width: '90px',
      align: 'right',
      cell: ({ properties }) => <Took from={properties.startTime} to={properties.endTime} />,
    },
    { id: 'cancel', header: '', width: '90px', cell: (transfer) => <CancelTransfer transfer={transfer} /> },
  ]
  return (
    <Stack>
      <Panel title="Imports and exports" flush>
        <Answer query={imports}>
          {(came) => {
            const all = [...came, ...(exports.data ?? [])]
            return all.length === 0 ? (
              <Empty
                title="Nothing was imported or exported yet"
                command="twinloop data import -f import.yml --stream"
              >
                An import brings the answer to a query, or files, into a new version. An export writes a
                version to files or into a table.
              </Empty>
            ) : (
              <Table
                rows={all}
                columns={columns}
                rowKey={({ id }) => id}
                label="imports and exports"
                prefix="t."
                initial="-at"
              />
            )
          }}
        </Answer>
        {exports.error === null ? null : <Failure error={exports.error} />}
      </Panel>
      <ImportSchedules />
    </Stack>
  )
}

function Asset({ id, otherwise }: { readonly id: string | undefined; readonly otherwise: string }) {
  const { key } = useWorkspace()
  const to = id === undefined ? undefined : pathOf(key, id)
  return to === undefined || id === undefined ? (
    <span title={otherwise}>{labelOf(otherwise)}</span>
  ) : (
    <Go to={to}>{labelOf(id)}</Go>
  )
}

function From({ transfer: { properties } }: { readonly transfer: Transfer }) {
  const { source, assetId } = properties
  if (typeof source === 'string') return <Asset id={assetId} otherwise={source} />
  return <Place text={source?.path ?? `${labelOf(source?.connection ?? '')}: ${source?.query ?? ''}`} />
}

function To({ transfer }: { readonly transfer: Transfer }) {
  const { assetId, assetName = '', target } = transfer.properties
  const to = usePaths()
  if (isImport(transfer))
    return assetId === undefined ? (
      <Go to={to.dataset(assetName)}>{assetName}</Go>
    ) : (
      <Asset id={assetId} otherwise={assetName} />
    )
  return <Place text={target?.path ?? `${labelOf(target?.connection ?? '')}: ${target?.table ?? ''}`} />
}

/** A path without where all paths begin. */
const Place = ({ text }: { readonly text: string }) => (
  <span title={text}>{text.replace(/^azureml:\/\/datastores\/([^/]+)\/paths\//, '$1: ')}</span>
)
