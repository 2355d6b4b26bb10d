import { useQuery } from '@tanstack/react-query'
import { proposalsPath, proposalsQuery, type Proposal } from '../../../api/alerts/proposals.ts'
import { labelOf } from '../../../api/resource.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Page } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { Places } from '../places.tsx'

/** Changes to the infrastructure that alerts propose: those that wait for a decision first. */
export function Proposals() {
  const workspace = useWorkspace()
  const to = usePaths()
  const query = useQuery(proposalsQuery(workspace))
  return (
    <Page
      title="Change proposals"
      actions={
        <Equivalents
          cli={[
            { what: 'The same list', command: 'twinloop proposal list -o table' },
            { what: 'The difference', command: 'twinloop proposal show -n NAME' },
            { what: 'Has it made', command: 'twinloop proposal approve -n NAME -m "for the sale"' },
          ]}
          rest={[{ method: 'GET', path: proposalsPath(workspace) }]}
        />
      }
    >
      <Places />
      <Panel flush>
        <Answer query={query} rows={6}>
          {(proposals) =>
            proposals.length === 0 ? (
              <Empty title="No change is proposed">
                The action propose_change of a rule proposes more nodes or instances here, as a difference; a
                person decides.
              </Empty>
            ) : (
              <Table
                rows={proposals}
                columns={columns}
                rowKey={({ id }) => id}
                to={({ name }) => to.proposal(name)}
                label="proposals"
                initial="state"
              />
            )
          }
        </Answer>
      </Panel>
    </Page>
  )
}

const order = ['Proposed', 'Approved', 'Failed', 'Applied', 'Refused']

const columns: readonly Column<Proposal>[] = [
  {
    id: 'target',
    header: 'What is changed',
    width: 'minmax(180px, 1.4fr)',
    cell: ({ properties }) => labelOf(properties.target),
    sort: ({ properties }) => labelOf(properties.target),
    text: ({ properties }) => labelOf(properties.target),
  },
  {
    id: 'state',
    header: 'State',
    width: '180px',
    cell: ({ properties }) => <Status kind="proposal" state={properties.state} />,
    sort: ({ properties }) => order.indexOf(properties.state),
    text: ({ properties }) => properties.state,
  },
  {
    id: 'why',
    header: 'Why',
    width: 'minmax(220px, 3fr)',
    cell: ({ properties }) => <span title={properties.reason}>{properties.reason}</span>,
    text: ({ properties }) => properties.reason,
  },
  {
    id: 'rule',
    header: 'Rule',
    cell: ({ properties }) => properties.rule ?? '',
    sort: ({ properties }) => properties.rule ?? '',
    text: ({ properties }) => properties.rule ?? '',
  },
  {
    id: 'by',
    header: 'Decided by',
    width: '130px',
    cell: ({ properties }) => properties.decidedBy ?? '',
    sort: ({ properties }) => properties.decidedBy ?? '',
  },
  {
    id: 'at',
    header: 'Proposed',
    width: '110px',
    cell: ({ systemData }) => <Time at={systemData.createdAt} />,
    sort: ({ systemData }) => systemData.createdAt,
  },
]
