import { useQuery } from '@tanstack/react-query'
import {
  isProgram,
  ownPasswordsQuery,
  programsQuery,
  usersQuery,
  type Password,
  type Principal,
} from '../../api/admin/access.ts'
import { meQuery } from '../../api/workspaces.ts'
import { useCan, usePaths } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { Stack } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer } from '../../parts/states.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'
import { AdminPage } from './admin-page.tsx'
import { Passwords } from './passwords.tsx'

interface Theirs {
  readonly owner: Principal
  readonly password: Password
}

/** One's own tokens, and for owners of the server those of everybody, without their secrets. */
export function Tokens() {
  const own = useQuery(ownPasswordsQuery)
  const { data: me } = useQuery(meQuery)
  const can = useCan('')
  const isOwner = can('Twinloop/users/read')
  return (
    <AdminPage
      title="Tokens"
      meta="By a token a command line or a program is who made it; a browser signs in by a link instead"
      actions={
        <Equivalents
          cli={[
            { what: 'Your own', command: 'twinloop token list -o table' },
            {
              what: 'A new one, shown once',
              command: 'twinloop token create --display-name laptop --days 90',
            },
            { what: 'End one', command: 'twinloop token revoke --key-id …' },
          ]}
          rest={[
            { method: 'GET', path: '/v1.0/me/passwordCredentials' },
            { method: 'POST', path: '/v1.0/me/addPassword' },
          ]}
        />
      }
    >
      <Stack>
        <Panel title="Your tokens" {...(me === undefined ? {} : { subtitle: `of ${me.displayName}` })}>
          <Answer query={own} rows={3}>
            {(passwords) => <Passwords at="/v1.0/me" passwords={passwords} allowed />}
          </Answer>
        </Panel>
        {isOwner ? <Everybodys /> : null}
      </Stack>
    </AdminPage>
  )
}

function Everybodys() {
  const to = usePaths()
  const users = useQuery(usersQuery)
  const programs = useQuery(programsQuery)
  const rows = [...(users.data ?? []), ...(programs.data ?? [])].flatMap((owner) =>
    owner.properties.passwordCredentials.map((password): Theirs => ({ owner, password })),
  )
  const columns: readonly Column<Theirs>[] = [
    {
      id: 'who',
      header: 'Whose',
      width: 'minmax(120px, 1fr)',
      cell: ({ owner }) => (
        <Go to={to.adminPage('people')} search={{ who: owner.name }}>
          {owner.name}
        </Go>
      ),
      sort: ({ owner }) => owner.name,
      text: ({ owner }) => owner.name,
    },
    {
      id: 'kind',
      header: 'Kind',
      width: '90px',
      cell: ({ owner }) => (isProgram(owner) ? 'Program' : 'Person'),
    },
    {
      id: 'for',
      header: 'For',
      width: 'minmax(140px, 2fr)',
      cell: ({ password }) => password.displayName ?? <span className="muted">not said</span>,
      sort: ({ password }) => password.displayName,
      text: ({ password }) => password.displayName ?? '',
    },
    { id: 'hint', header: 'Begins', width: '90px', cell: ({ password }) => <code>{password.hint}…</code> },
    {
      id: 'made',
      header: 'Made',
      width: '120px',
      cell: ({ password }) => <Time at={password.startDateTime} />,
      sort: ({ password }) => password.startDateTime,
    },
    {
      id: 'ends',
      header: 'Ends',
      width: '140px',
      cell: ({ password }) => <Time at={password.endDateTime} />,
      sort: ({ password }) => password.endDateTime,
    },
    {
      id: 'used',
      header: 'Used last',
      width: '120px',
      cell: ({ password }) =>
        password.lastUsedDateTime === null ? (
          <span className="muted">never</span>
        ) : (
          <Time at={password.lastUsedDateTime} />
        ),
      sort: ({ password }) => password.lastUsedDateTime,
    },
  ]
  return (
    <Panel
      title="Everybody’s"
      subtitle="without secrets, which nobody can see again; open a person to revoke one"
      flush
    >
      <Table
        rows={rows}
        columns={columns}
        rowKey={({ password }) => password.keyId}
        label="everybody’s tokens"
        initial="ends"
        prefix="t"
      />
    </Panel>
  )
}
