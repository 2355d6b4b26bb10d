import { isProgram, type Principal } from '../../../api/admin/access.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import style from '../admin.module.css'
import type { People } from './use-people.ts'

/** When somebody used any of their tokens last. */
export const lastUse = ({ properties }: Principal): string | undefined =>
  properties.passwordCredentials
    .flatMap(({ lastUsedDateTime }) => (lastUsedDateTime === null ? [] : [lastUsedDateTime]))
    .toSorted()
    .at(-1)

/** People and programs, each with the roles that they hold. */
export function Principals({
  people,
  onOpen,
}: {
  readonly people: People
  readonly onOpen: (name: string) => void
}) {
  const roles = (one: Principal) => people.heldBy(one.properties.principalId)
  const inWords = (one: Principal) =>
    roles(one)
      .map(({ role, where }) => `${role} ${where}`)
      .join(', ')
  const columns: readonly Column<Principal>[] = [
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(140px, 1.5fr)',
      cell: (one) => (
        <button type="button" className={style.open} onClick={() => onOpen(one.name)}>
          {one.name}
        </button>
      ),
      sort: ({ name }) => name,
      text: ({ name, properties }) => `${name} ${properties.displayName ?? ''} ${properties.mail ?? ''}`,
    },
    {
      id: 'kind',
      header: 'Kind',
      width: '90px',
      cell: (one) => (isProgram(one) ? 'Program' : 'Person'),
      sort: (one) => (isProgram(one) ? 'Program' : 'Person'),
      text: (one) => (isProgram(one) ? 'program' : 'person'),
    },
    {
      id: 'called',
      header: 'Called',
      width: 'minmax(120px, 1.5fr)',
      cell: ({ properties }) => properties.displayName ?? '–',
      sort: ({ properties }) => properties.displayName,
    },
    {
      id: 'mail',
      header: 'Mail',
      width: 'minmax(120px, 1.5fr)',
      cell: ({ properties }) => properties.mail ?? '–',
      sort: ({ properties }) => properties.mail,
    },
    {
      id: 'state',
      header: 'May sign in',
      width: '110px',
      cell: ({ properties }) => (
        <Status kind="open" state={properties.accountEnabled ? 'Enabled' : 'Disabled'} />
      ),
      sort: ({ properties }) => Number(properties.accountEnabled),
    },
    {
      id: 'roles',
      header: 'Roles',
      width: 'minmax(220px, 3fr)',
      cell: (one) =>
        roles(one).length === 0 ? (
          <span className="muted">none: may do nothing yet</span>
        ) : (
          <span title={inWords(one)}>
            {roles(one).map(({ assignment, role, where }) => (
              <span key={assignment.id} className={style.chip}>
                {role} · {where}
              </span>
            ))}
          </span>
        ),
      text: inWords,
    },
    {
      id: 'used',
      header: 'Token used',
      width: '110px',
      cell: (one) => <Time at={lastUse(one)} />,
      sort: lastUse,
    },
  ]
  return (
    <Panel flush>
      <Table
        rows={people.all}
        columns={columns}
        rowKey={({ id }) => id}
        label="people and programs"
        initial="name"
      />
    </Panel>
  )
}
