import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  check,
  remove,
  type Checked,
  type ConnectionProperties,
  type DatastoreProperties,
} from '../../../api/admin/platform.ts'
import { listQuery } from '../../../api/queries.ts'
import type { Resource } from '../../../api/resource.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { Act, Confirm, tell, tellFailure } from '../../../parts/act.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { EditButton, NewButton } from '../../../parts/make.tsx'
import { Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import style from '../admin.module.css'
import { AdminPage } from '../admin-page.tsx'
import { useUsers } from './users-of.ts'

type Connection = Resource<ConnectionProperties>
type Datastore = Resource<DatastoreProperties>

/** Where data and programs outside are reached: stores of files, and databases, buckets and webhooks. */
export function Connections() {
  const workspace = useWorkspace()
  const connections = useQuery(listQuery<ConnectionProperties>(`${workspace.id}/connections`))
  const datastores = useQuery(listQuery<DatastoreProperties>(`${workspace.id}/datastores`))
  const usersOf = useUsers()
  const [checked, setChecked] = useState<Readonly<Record<string, Checked | 'asked'>>>({})
  const [deleting, setDeleting] = useState<Connection | Datastore>()
  const tryIt = (id: string) => {
    setChecked((before) => ({ ...before, [id]: 'asked' }))
    check(id).then(
      (found) => setChecked((before) => ({ ...before, [id]: found })),
      (error: Error) => {
        setChecked(({ [id]: _, ...others }) => others)
        tellFailure(error)
      },
    )
  }
  /** What both lists end with. */
  const end = <P,>(type: 'connections' | 'datastores'): readonly Column<Resource<P>>[] => [
    {
      id: 'used',
      header: 'Used by',
      width: 'minmax(140px, 1.5fr)',
      cell: ({ name }) =>
        usersOf(type, name).join(', ') || <span className="muted">nothing that is declared</span>,
      text: ({ name }) => usersOf(type, name).join(' '),
    },
    {
      id: 'changed',
      header: 'Changed',
      width: '110px',
      cell: ({ systemData }) => <Time at={systemData.lastModifiedAt} />,
      sort: ({ systemData }) => systemData.lastModifiedAt,
    },
    {
      id: 'check',
      header: 'Answers',
      width: 'minmax(150px, 1.5fr)',
      cell: ({ id }) => <Found found={checked[id]} />,
    },
    {
      id: 'act',
      header: '',
      width: '210px',
      align: 'right',
      cell: (one) => (
        <Buttons
          one={one}
          type={type}
          isAsked={checked[one.id] === 'asked'}
          onTry={() => tryIt(one.id)}
          onDelete={() => setDeleting(one as Connection)}
        />
      ),
    },
  ]
  return (
    <AdminPage
      title="Connections and datastores"
      meta="How the workspace reaches what lies elsewhere; secrets are kept encrypted and shown to nobody here"
      actions={
        <>
          <NewButton kind="connection" />
          <NewButton kind="datastore" variant="default" />
          <Equivalents
            cli={[
              { what: 'Connections', command: 'twinloop connection list -o table' },
              { what: 'A new one', command: 'twinloop connection create -f sales-db.yml' },
              { what: 'Does it answer?', command: 'twinloop connection check -n sales-db' },
              { what: 'Datastores', command: 'twinloop datastore list -o table' },
            ]}
            rest={[
              { method: 'GET', path: `${workspace.id}/connections` },
              { method: 'GET', path: `${workspace.id}/datastores` },
            ]}
          />
        </>
      }
    >
      <Stack>
        <Panel title="Connections" subtitle="databases, buckets, webhooks, Git hosts" flush>
          <Answer query={connections}>
            {(rows) =>
              rows.length === 0 ? (
                <Empty title="No connection yet" command="twinloop connection create -f sales-db.yml">
                  A connection is an address with credentials: of a database to import from, of a chat to
                  tell, of a bucket that a datastore lies in.
                </Empty>
              ) : (
                <Table
                  rows={rows}
                  columns={[...ofConnections, ...end<ConnectionProperties>('connections')]}
                  rowKey={({ id }) => id}
                  label="connections"
                  initial="name"
                />
              )
            }
          </Answer>
        </Panel>
        <Panel title="Datastores" subtitle="stores that data assets lie in" flush>
          <Answer query={datastores}>
            {(rows) => (
              <Table
                rows={rows}
                columns={[...ofDatastores, ...end<DatastoreProperties>('datastores')]}
                rowKey={({ id }) => id}
                label="datastores"
                initial="name"
                prefix="d"
                bare
              />
            )}
          </Answer>
        </Panel>
      </Stack>
      {deleting === undefined ? null : (
        <Confirm
          title={`Delete ${deleting.name}`}
          verb={`Delete ${deleting.name}`}
          danger
          typed={deleting.name}
          onDone={async () => {
            await remove(deleting.id)
            tell(`${deleting.name} is deleted.`)
          }}
          onClose={() => setDeleting(undefined)}
        >
          <p>
            {usersOf(/datastores\//i.test(deleting.id) ? 'datastores' : 'connections', deleting.name)
              .length === 0
              ? 'Nothing that is declared here uses it.'
              : `It is used by ${usersOf(/datastores\//i.test(deleting.id) ? 'datastores' : 'connections', deleting.name).join(', ')}.`}{' '}
            Its secrets are forgotten; what lies there stays.
          </p>
        </Confirm>
      )}
    </AdminPage>
  )
}

const ofConnections: readonly Column<Connection>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(120px, 1fr)',
    cell: ({ name }) => name,
    sort: ({ name }) => name,
    text: ({ name }) => name,
  },
  {
    id: 'category',
    header: 'To',
    width: '120px',
    cell: ({ properties }) => properties.category,
    sort: ({ properties }) => properties.category,
    text: ({ properties }) => properties.category,
  },
  {
    id: 'target',
    header: 'Address',
    width: 'minmax(160px, 2fr)',
    cell: ({ properties }) => (
      <span title={properties.target ?? ''}>{properties.target ?? 'kept secret'}</span>
    ),
    text: ({ properties }) => properties.target ?? '',
  },
  { id: 'auth', header: 'Signs in by', width: '130px', cell: ({ properties }) => properties.authType },
]

const ofDatastores: readonly Column<Datastore>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(220px, 1.5fr)',
    cell: ({ name, properties }) => (
      <span>
        {name} {properties.isDefault === true ? <span className={style.chip}>default</span> : null}
      </span>
    ),
    sort: ({ name }) => name,
    text: ({ name }) => name,
  },
  { id: 'kind', header: 'Kind', width: '130px', cell: ({ properties }) => properties.datastoreType },
  {
    id: 'where',
    header: 'Where',
    width: 'minmax(140px, 1.5fr)',
    cell: ({ properties }) =>
      [properties.accountName, properties.containerName ?? properties.bucket].filter(Boolean).join('/') ||
      '–',
  },
  {
    id: 'auth',
    header: 'Signs in by',
    width: '130px',
    cell: ({ properties }) => properties.credentials?.credentialsType ?? 'None',
  },
]

function Found({ found }: { readonly found: Checked | 'asked' | undefined }) {
  if (found === undefined) return <span className="muted">not asked</span>
  if (found === 'asked') return <span className="muted">is asked …</span>
  const told = found.checks.find(({ outcome }) => outcome === found.outcome) ?? found.checks[0]
  return (
    <span title={found.checks.map(({ message }) => message).join('\n')}>
      <Status kind="check" state={found.outcome} {...(told === undefined ? {} : { note: told.message })} />
    </span>
  )
}

function Buttons({
  one,
  type,
  isAsked,
  onTry,
  onDelete,
}: {
  readonly one: Pick<Connection, 'id' | 'name'>
  readonly type: 'connections' | 'datastores'
  readonly isAsked: boolean
  readonly onTry: () => void
  readonly onDelete: () => void
}) {
  const can = useCan(one.id)
  return (
    <span className={style.chips} style={{ justifyContent: 'flex-end' }}>
      <Act
        label="Try"
        variant="subtle"
        size="compact-xs"
        loading={isAsked}
        allowed={can(`${type}/check/action`)}
        onClick={onTry}
      />
      <EditButton
        kind={type === 'connections' ? 'connection' : 'datastore'}
        id={one.id}
        size="compact-xs"
        variant="subtle"
      />
      <Act
        label="Delete"
        variant="subtle"
        color="red"
        size="compact-xs"
        allowed={can(`${type}/delete`)}
        onClick={onDelete}
      />
    </span>
  )
}
