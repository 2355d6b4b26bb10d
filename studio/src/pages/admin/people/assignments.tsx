import { useState } from 'react'
import { takeRole, type Assignment } from '../../../api/admin/access.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act, Confirm, tell } from '../../../parts/act.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { scopeLabel } from './scopes.ts'
import type { People } from './use-people.ts'

/** A button that takes a role away, once that was confirmed. */
export function TakeRole({
  assignment,
  who,
  role,
  where,
}: {
  readonly assignment: Assignment
  readonly who: string
  readonly role: string
  readonly where: string
}) {
  const can = useCan(assignment.properties.scope === '/' ? '' : assignment.properties.scope)
  const [isAsked, setAsked] = useState(false)
  return (
    <>
      <Act
        label="Take away"
        variant="subtle"
        color="red"
        size="compact-xs"
        allowed={can('Microsoft.Authorization/roleAssignments/delete')}
        reason="Only an owner takes roles away."
        onClick={() => setAsked(true)}
      />
      {isAsked ? (
        <Confirm
          title={`Take '${role}' from ${who}`}
          verb="Take the role away"
          danger
          onDone={async () => {
            await takeRole(assignment.id)
            tell(`${who} is no ${role} of ${where} any more.`)
          }}
          onClose={() => setAsked(false)}
        >
          <p>
            It counts at once: {who} can no longer do on {where} what only this role allows. What they did
            stays.
          </p>
        </Confirm>
      ) : null}
    </>
  )
}

/** Every role that is given somewhere, by whom it is held. */
export function Assignments({ people }: { readonly people: People }) {
  const { nameOf, roleOf, scopes } = people
  const where = ({ properties }: Assignment) => scopeLabel(scopes, properties.scope)
  const who = ({ properties }: Assignment) => nameOf(properties.principalId)
  const columns: readonly Column<Assignment>[] = [
    { id: 'who', header: 'Who', width: 'minmax(140px, 1fr)', cell: who, sort: who, text: who },
    { id: 'role', header: 'Role', width: 'minmax(160px, 1fr)', cell: roleOf, sort: roleOf, text: roleOf },
    { id: 'where', header: 'Where', width: 'minmax(180px, 1fr)', cell: where, sort: where, text: where },
    {
      id: 'since',
      header: 'Since',
      width: '120px',
      cell: ({ systemData }) => <Time at={systemData.createdAt} />,
      sort: ({ systemData }) => systemData.createdAt,
    },
    {
      id: 'by',
      header: 'Given by',
      width: 'minmax(110px, 1fr)',
      cell: ({ systemData }) => systemData.createdBy,
    },
    {
      id: 'take',
      header: '',
      width: '110px',
      align: 'right',
      cell: (assignment) => (
        <TakeRole
          assignment={assignment}
          who={who(assignment)}
          role={roleOf(assignment)}
          where={where(assignment)}
        />
      ),
    },
  ]
  return (
    <Panel flush>
      <Table
        rows={people.assignments}
        columns={columns}
        rowKey={({ id }) => id}
        label="roles that are given"
        initial="who"
        prefix="a"
      />
    </Panel>
  )
}
