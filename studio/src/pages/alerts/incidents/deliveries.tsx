import { useQuery } from '@tanstack/react-query'
import { resend, type NoticeProperties } from '../../../api/incidents.ts'
import { listQuery } from '../../../api/queries.ts'
import type { Resource } from '../../../api/resource.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { Act, tell, tellFailure } from '../../../parts/act.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'

type Notice = Resource<NoticeProperties>

const columns: readonly Column<Notice>[] = [
  {
    id: 'to',
    header: 'To',
    cell: ({ properties }) => properties.to,
    sort: ({ properties }) => properties.to,
  },
  {
    id: 'what',
    header: 'What',
    width: 'minmax(140px, 2fr)',
    cell: ({ properties }) => <span title={properties.subject}>{properties.subject}</span>,
  },
  {
    id: 'state',
    header: 'State',
    width: '120px',
    cell: ({ properties }) => <Status kind="notice" state={properties.state} />,
  },
  {
    id: 'answer',
    header: 'Answer',
    width: 'minmax(90px, 1fr)',
    cell: ({ properties: { state, answer, lastError } }) => (
      <span title={lastError}>{state === 'sent' ? (answer ?? '') : (lastError ?? '')}</span>
    ),
  },
  {
    id: 'tries',
    header: 'Tries',
    width: '64px',
    align: 'right',
    cell: ({ properties }) => properties.attempts,
  },
  {
    id: 'at',
    header: 'When',
    width: '110px',
    cell: ({ properties: { sentAt, nextAttemptAt, since } }) => (
      <Time at={sentAt ?? nextAttemptAt ?? since} />
    ),
    sort: ({ properties }) => properties.since,
  },
  {
    id: 'again',
    header: '',
    width: '104px',
    cell: (notice) => (notice.properties.state === 'failed' ? <Resend notice={notice} /> : null),
  },
]

function Resend({ notice }: { readonly notice: Notice }) {
  const can = useCan(notice.id)
  return (
    <Act
      label="Send again"
      size="compact-xs"
      variant="default"
      allowed={can('Twinloop/notices/resend/action')}
      onClick={() => void resend(notice.id).then(() => tell('It is sent again'), tellFailure)}
    />
  )
}

/** Who was told of an incident, and whether it arrived. */
export function Deliveries({ incident }: { readonly incident: string }) {
  const workspace = useWorkspace()
  const query = useQuery(
    listQuery<NoticeProperties>(`${workspace.id}/providers/Twinloop/notices`, { about: incident }),
  )
  return (
    <Panel title="Who was told" flush>
      <Answer query={query}>
        {(notices) =>
          notices.length === 0 ? (
            <p className="muted" style={{ padding: 16 }}>
              Nobody was told of this incident alone; notices of several alerts together stand in the
              timeline.
            </p>
          ) : (
            <Table
              rows={notices}
              columns={columns}
              rowKey={({ id }) => id}
              label="notices"
              prefix="told."
              bare
              initial="at"
            />
          )
        }
      </Answer>
    </Panel>
  )
}
