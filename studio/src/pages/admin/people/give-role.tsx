import { Select } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { giveRole, type Principal } from '../../../api/admin/access.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Confirm, tell } from '../../../parts/act.tsx'
import { scopeLabel } from './scopes.ts'
import type { People } from './use-people.ts'

/** Gives somebody a role somewhere. */
export function GiveRole({
  people,
  to,
  onClose,
}: {
  readonly people: People
  readonly to?: Principal
  readonly onClose: () => void
}) {
  const workspace = useWorkspace()
  const queries = useQueryClient()
  const [who, setWho] = useState(to?.properties.principalId ?? '')
  const [role, setRole] = useState('')
  const [scope, setScope] = useState(workspace.id)
  const chosen = people.roles.find(({ name }) => name === role)
  const [where, name] = [scopeLabel(people.scopes, scope), people.nameOf(who)]
  const has = people
    .heldBy(who)
    .some(
      ({ assignment, role: held }) =>
        held === chosen?.properties.roleName &&
        assignment.properties.scope.toLowerCase() === scope.toLowerCase(),
    )
  return (
    <Confirm
      title="Give a role"
      verb="Give the role"
      onDone={async () => {
        if (who === '' || chosen === undefined) throw new Error('Choose a person and a role first.')
        if (has) throw new Error(`${name} has this role on ${where} already.`)
        await giveRole(scope, who, role)
        tell(`${name} is ${chosen.properties.roleName} of ${where} now.`)
        await queries.invalidateQueries({ queryKey: ['arm'] })
      }}
      onClose={onClose}
    >
      <Select
        label="Who"
        required
        searchable
        data={people.all.map((one) => ({
          value: one.properties.principalId,
          label: one.properties.displayName ? `${one.name} (${one.properties.displayName})` : one.name,
        }))}
        value={who === '' ? null : who}
        onChange={(value) => setWho(value ?? '')}
        nothingFoundMessage="Nobody is called so."
      />
      <Select
        label="Role"
        required
        searchable
        data={people.roles.map((one) => ({ value: one.name, label: one.properties.roleName }))}
        value={role === '' ? null : role}
        onChange={(value) => setRole(value ?? '')}
        {...(chosen?.properties.description ? { description: chosen.properties.description } : {})}
        nothingFoundMessage="There is no such role."
      />
      <Select
        label="Where"
        description="It counts there and for all below it."
        searchable
        data={people.scopes.map(({ id, label }) => ({ value: id, label }))}
        value={scope}
        onChange={(value) => setScope(value ?? workspace.id)}
        allowDeselect={false}
      />
    </Confirm>
  )
}
