import type { ServerState } from '../../../api/admin/server.ts'
import { labelOf } from '../../../api/resource.ts'
import { pathOf } from '../../../frame/paths.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { exact } from '../../../words/numbers.ts'

type Failing = ServerState['work']['failing'][number]

function Subject({ id }: { readonly id: string }) {
  const { key } = useWorkspace()
  const page = pathOf(key, id)
  return page === undefined ? labelOf(id) : <Go to={page}>{labelOf(id)}</Go>
}

const columns: readonly Column<Failing>[] = [
  {
    id: 'reconciler',
    header: 'Work',
    width: 'minmax(160px, 1fr)',
    cell: ({ reconciler }) => reconciler,
    sort: ({ reconciler }) => reconciler,
  },
  {
    id: 'resource',
    header: 'On',
    width: 'minmax(140px, 1fr)',
    cell: ({ resource }) => <Subject id={resource} />,
  },
  {
    id: 'attempts',
    header: 'Attempts',
    width: '90px',
    align: 'right',
    cell: ({ attempts }) => exact(attempts),
    sort: ({ attempts }) => attempts,
  },
  {
    id: 'error',
    header: 'What it said',
    width: 'minmax(240px, 3fr)',
    cell: ({ error }) => <span title={error}>{error.split('\n')[0]}</span>,
  },
  { id: 'next', header: 'Again', width: '110px', cell: ({ nextAttemptAt }) => <Time at={nextAttemptAt} /> },
]

/** Background work that fails and is tried again; nothing is shown where nothing does. */
export const Background = ({ work }: { readonly work: ServerState['work'] }) =>
  work.failing.length === 0 ? null : (
    <Panel title="Work that fails" subtitle="tried again with growing pauses" flush>
      <Table
        rows={work.failing}
        columns={columns}
        rowKey={({ reconciler, resource }) => `${reconciler} ${resource}`}
        label="work that fails"
        bare
      />
    </Panel>
  )
