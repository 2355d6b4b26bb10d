import { useQuery } from '@tanstack/react-query'
import type { Contract, ContractProperties } from '../../../api/contracts.ts'
import { listQuery } from '../../../api/queries.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { EditButton } from '../../../parts/make.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'

const suggest = 'twinloop data-contract suggest -d flights:1 -f contract.yml'

/** What is expected of data here, and whether the newest version of each keeps it. */
export function Contracts() {
  const workspace = useWorkspace()
  const to = usePaths()
  const query = useQuery(listQuery<ContractProperties>(`${workspace.id}/providers/Twinloop/dataContracts`))
  const columns: readonly Column<Contract>[] = [
    {
      id: 'name',
      header: 'Contract',
      width: 'minmax(160px, 1.5fr)',
      cell: ({ name }) => name,
      sort: ({ name }) => name,
      text: ({ name, properties }) => `${name} ${properties.data}`,
    },
    {
      id: 'checks',
      header: 'Checks',
      width: '90px',
      align: 'right',
      cell: ({ properties }) => properties.checks?.length ?? 0,
      sort: ({ properties }) => properties.checks?.length ?? 0,
    },
    {
      id: 'latest',
      header: 'Newest version',
      width: 'minmax(140px, 1fr)',
      cell: ({ properties: { data, latest } }) =>
        latest === undefined ? (
          <span className="muted">not checked yet</span>
        ) : (
          <Go to={to.dataVersion(data, latest.version)}>
            {data}:{latest.version}
          </Go>
        ),
    },
    {
      id: 'outcome',
      header: 'It',
      width: '120px',
      cell: ({ properties: { latest } }) =>
        latest === undefined ? null : <Status kind="verdict" state={latest.outcome} />,
      sort: ({ properties }) => properties.latest?.outcome,
    },
    {
      id: 'at',
      header: 'Looked at',
      width: '130px',
      cell: ({ properties: { latest } }) => (latest === undefined ? null : <Time at={latest.at} />),
      sort: ({ properties }) => properties.latest?.at,
    },
    {
      id: 'enforce',
      header: 'Jobs are refused data that break it',
      width: '230px',
      cell: ({ properties }) => (properties.enforce === true ? 'yes' : 'no'),
    },
    {
      id: 'description',
      header: 'Description',
      cell: ({ properties }) => <span title={properties.description}>{properties.description}</span>,
    },
    {
      id: 'edit',
      header: '',
      width: '90px',
      cell: ({ id }) => <EditButton kind="data-contract" id={id} size="compact-xs" />,
    },
  ]
  return (
    <Panel flush>
      <Answer query={query} rows={4}>
        {(contracts) =>
          contracts.length === 0 ? (
            <Empty title="Nothing is expected of data yet" command={suggest}>
              A contract is checked in every new version of its data. This writes a first one from a profile,
              with reasons.
            </Empty>
          ) : (
            <Table
              rows={contracts}
              columns={columns}
              rowKey={({ id }) => id}
              to={({ properties }) => to.dataset(properties.data)}
              label="contracts"
              prefix="contracts."
            />
          )
        }
      </Answer>
    </Panel>
  )
}
