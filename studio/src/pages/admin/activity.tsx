import { Button, Select, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  activityFilter,
  activityPageSize,
  activityPath,
  activityQuery,
  type Activity,
} from '../../api/admin/activity.ts'
import { programsQuery, usersQuery } from '../../api/admin/access.ts'
import { labelOf } from '../../api/resource.ts'
import { pathOf } from '../../frame/paths.ts'
import { useSearchWord } from '../../frame/search.ts'
import { useCan, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { IconDownload } from '../../parts/icons.ts'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'
import { exact } from '../../words/numbers.ts'
import { AdminPage } from './admin-page.tsx'
import { asCsv, save } from './export.ts'
import style from './admin.module.css'

const hourMs = 3_600_000
const windows = [
  { value: '', label: 'any time' },
  { value: '1h', label: 'last hour' },
  { value: '24h', label: 'last 24 hours' },
  { value: '7d', label: 'last 7 days' },
  { value: '30d', label: 'last 30 days' },
]
const lengthOf: Readonly<Record<string, number>> = { '1h': 1, '24h': 24, '7d': 168, '30d': 720 }

/** Who did what and when: of this workspace, or of the whole server. */
export function ActivityPage() {
  const workspace = useWorkspace()
  const can = useCan('')
  const [who, setWho] = useSearchWord('who')
  const [what, setWhat] = useSearchWord('what')
  const [on, setOn] = useSearchWord('on')
  const [window, setWindow] = useSearchWord('t')
  const [all, setAll] = useSearchWord('all')
  const isAll = all === '1' && can('Microsoft.Insights/eventtypes/values/read')
  // Fixed for as long as the page stands, so that each page of the log is of the same question.
  const [opened] = useState(() => Date.now())
  const hours = lengthOf[window]
  const filter = {
    caller: who,
    operation: what,
    resource: on !== '' ? on : isAll ? undefined : workspace.id,
    from: hours === undefined ? undefined : new Date(opened - hours * hourMs).toISOString(),
  }
  const subscription = isAll ? '' : (/^\/subscriptions\/[^/]+/i.exec(workspace.id)?.[0] ?? '')
  const query = useInfiniteQuery(activityQuery(subscription, filter))
  const users = useQuery(usersQuery)
  const programs = useQuery(programsQuery)
  const known = [...(users.data ?? []), ...(programs.data ?? [])].map(({ name }) => name)
  const rows = query.data?.pages.flatMap(({ value }) => value) ?? []
  const isFiltered = who !== '' || what !== '' || on !== '' || window !== ''
  return (
    <AdminPage
      title="Activity"
      meta={isAll ? 'Every write on the whole server' : `Every write in ${workspace.key}`}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            disabled={rows.length === 0}
            onClick={() => save('activity.csv', asCsv(rows))}
          >
            Export {exact(rows.length)} as CSV
          </Button>
          <Equivalents
            cli={[
              {
                what: 'The same list',
                command: `twinloop activity-log list${isAll ? ' --server' : ''}${who === '' ? '' : ` --caller ${who}`}${what === '' ? '' : ` --operation ${what}`} -o table`,
              },
              { what: 'Of one resource', command: 'twinloop activity-log list --resource-id …' },
            ]}
            rest={[
              { method: 'GET', path: activityPath(subscription), query: { $filter: activityFilter(filter) } },
            ]}
          />
        </>
      }
    >
      <Panel flush>
        <div className={style.form} style={{ padding: '12px 16px', borderBottom: '1px solid var(--line)' }}>
          <Select
            label="Who"
            placeholder="anybody"
            searchable
            clearable
            data={who !== '' && !known.includes(who) ? [...known, who] : known}
            value={who === '' ? null : who}
            onChange={(value) => setWho(value ?? '')}
          />
          <Typed label="What" placeholder="jobs, roleAssignments, delete" value={what} onEnter={setWhat} />
          <Typed label="On (id)" placeholder="this and all below" value={on} onEnter={setOn} />
          <Select
            label="When"
            data={windows}
            value={window}
            onChange={(value) => setWindow(value ?? '')}
            allowDeselect={false}
          />
          <Select
            label="Where"
            data={[
              { value: '', label: `workspace ${workspace.key}` },
              {
                value: '1',
                label: 'the whole server',
                disabled: !can('Microsoft.Insights/eventtypes/values/read'),
              },
            ]}
            value={isAll ? '1' : ''}
            onChange={(value) => setAll(value ?? '')}
            allowDeselect={false}
          />
        </div>
        <Answer query={query} rows={10}>
          {() =>
            rows.length === 0 ? (
              <Empty title={isFiltered ? 'Nobody did such a thing' : 'Nothing was written yet'}>
                {isFiltered ? 'Another person, another word or a longer time may find more.' : undefined}
              </Empty>
            ) : (
              <>
                <Table
                  rows={rows}
                  columns={columns}
                  rowKey={({ id }) => id}
                  label="what was done"
                  note={query.hasNextPage ? 'so far' : ''}
                />
                {query.hasNextPage ? (
                  <div style={{ padding: 12, textAlign: 'center' }}>
                    <Button
                      variant="default"
                      loading={query.isFetchingNextPage}
                      onClick={() => void query.fetchNextPage()}
                    >
                      The {exact(activityPageSize)} before
                    </Button>
                  </div>
                ) : null}
              </>
            )
          }
        </Answer>
      </Panel>
    </AdminPage>
  )
}

/** A filter that counts when it is entered, since each is a question to the server. */
function Typed({
  label,
  placeholder,
  value,
  onEnter,
}: {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onEnter: (value: string) => void
}) {
  const [text, setText] = useState(value)
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      w={200}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => text !== value && onEnter(text.trim())}
      onKeyDown={(event) => event.key === 'Enter' && onEnter(text.trim())}
    />
  )
}

function Subject({ id }: { readonly id: string }) {
  const { key } = useWorkspace()
  const page = pathOf(key, id)
  const label = labelOf(id)
  return <span title={id}>{page === undefined ? label : <Go to={page}>{label}</Go>}</span>
}

/** What an operation is done to: `jobs` of `Microsoft.MachineLearningServices/workspaces/jobs/cancel/action`. */
const kindOf = (operation: string) =>
  operation.replace(/^[^/]+\/(?:workspaces\/)?/, '').replace(/\/(?:[^/]+\/action|write|delete)$/, '')

const columns: readonly Column<Activity>[] = [
  { id: 'when', header: 'When', width: '120px', cell: ({ eventTimestamp }) => <Time at={eventTimestamp} /> },
  {
    id: 'who',
    header: 'Who',
    width: 'minmax(120px, 1fr)',
    cell: ({ caller }) => caller,
    text: ({ caller }) => caller,
  },
  {
    id: 'did',
    header: 'Did',
    width: 'minmax(100px, 1fr)',
    cell: ({ properties }) => properties.detail,
    text: ({ properties }) => properties.detail,
  },
  {
    id: 'kind',
    header: 'Kind',
    width: 'minmax(150px, 1.2fr)',
    cell: ({ operationName }) => <span title={operationName.value}>{kindOf(operationName.value)}</span>,
    text: ({ operationName }) => operationName.value,
  },
  {
    id: 'on',
    header: 'On',
    width: 'minmax(180px, 2fr)',
    cell: ({ resourceId }) => <Subject id={resourceId} />,
    text: ({ resourceId }) => resourceId,
  },
  {
    id: 'operation',
    header: 'Operation',
    width: 'minmax(200px, 2fr)',
    cell: ({ operationName }) => <code title={operationName.value}>{operationName.value}</code>,
    extra: true,
  },
  {
    id: 'request',
    header: 'Request',
    width: 'minmax(120px, 1fr)',
    cell: ({ correlationId }) => <span className="mono">{correlationId || '–'}</span>,
    extra: true,
  },
]
