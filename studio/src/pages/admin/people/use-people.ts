import { useQuery } from '@tanstack/react-query'
import {
  assignmentsQuery,
  programsQuery,
  rolesQuery,
  usersQuery,
  type Assignment,
  type Principal,
  type Role,
} from '../../../api/admin/access.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { scopeLabel, useScopes, type Scope } from './scopes.ts'

/** A role that somebody holds somewhere. */
export interface Held {
  readonly assignment: Assignment
  readonly role: string
  readonly where: string
}

export interface People {
  readonly users: ReturnType<typeof useQuery<readonly Principal[]>>
  readonly all: readonly Principal[]
  readonly roles: readonly Role[]
  readonly assignments: readonly Assignment[]
  readonly scopes: readonly Scope[]
  readonly heldBy: (principalId: string) => readonly Held[]
  readonly nameOf: (principalId: string) => string
  readonly roleOf: (assignment: Assignment) => string
}

/** Everybody, what roles there are and who holds which where, as far as one may see it. */
export function usePeople(): People {
  const workspace = useWorkspace()
  const scopes = useScopes()
  const users = useQuery(usersQuery)
  const programs = useQuery(programsQuery)
  const { data: roles = [] } = useQuery(rolesQuery(workspace.id))
  const { data: assignments = [] } = useQuery(assignmentsQuery(scopes.map(({ id }) => id)))
  const all = [...(users.data ?? []), ...(programs.data ?? [])]
  const byId = new Map(all.map((one) => [one.properties.principalId, one.name]))
  const roleNames = new Map(roles.map(({ name, properties }) => [name.toLowerCase(), properties.roleName]))
  const roleOf = ({ properties }: Assignment) => {
    const id = properties.roleDefinitionId.split('/').at(-1) ?? ''
    return roleNames.get(id.toLowerCase()) ?? id
  }
  return {
    users,
    all,
    roles,
    assignments,
    scopes,
    roleOf,
    nameOf: (id) => byId.get(id) ?? id,
    heldBy: (id) =>
      assignments
        .filter(({ properties }) => properties.principalId === id)
        .map((assignment) => ({
          assignment,
          role: roleOf(assignment),
          where: scopeLabel(scopes, assignment.properties.scope),
        })),
  }
}
