import { queryOptions } from '@tanstack/react-query'
import { ApiError, call, respond } from '../call.ts'
import { keyOf, listQuery } from '../queries.ts'
import type { Page, Resource } from '../resource.ts'

/** What somebody signs in with, without its text. */
export interface Password {
  readonly keyId: string
  readonly displayName: string | null
  readonly hint: string
  readonly startDateTime: string
  readonly endDateTime: string
  readonly lastUsedDateTime: string | null
}

export interface PrincipalProperties {
  readonly principalId: string
  readonly displayName?: string | null
  readonly mail?: string | null
  readonly description?: string | null
  readonly identities?: readonly string[] | null
  readonly accountEnabled: boolean
  readonly passwordCredentials: readonly Password[]
}
/** A person or a program. */
export type Principal = Resource<PrincipalProperties>

export const isProgram = ({ type }: Pick<Principal, 'type'>) => /servicePrincipals$/i.test(type)

export const usersPath = '/providers/Twinloop/users'
export const programsPath = '/providers/Twinloop/servicePrincipals'

export const usersQuery = listQuery<PrincipalProperties>(usersPath)
export const programsQuery = listQuery<PrincipalProperties>(programsPath)

export const putPrincipal = (path: string, name: string, properties: Readonly<Record<string, unknown>>) =>
  call<Principal>(`${path}/${name}`, { method: 'PUT', body: { properties } })

export const signInLinkOf = (id: string) =>
  call<{ url: string }>(`${id}/createSignInLink`, { method: 'POST' })

/** Makes a password; `at` is a principal's id, or `/v1.0/me` for one's own. The answer alone has its text. */
export const addPassword = (at: string, displayName: string, endDateTime: string) =>
  call<Password & { readonly secretText: string }>(`${at}/addPassword`, {
    method: 'POST',
    body: { passwordCredential: { displayName: displayName || null, endDateTime } },
  })
export const removePassword = (at: string, keyId: string) =>
  respond(`${at}/removePassword`, { method: 'POST', body: { keyId } })

export const ownPasswordsQuery = queryOptions({
  queryKey: keyOf({ types: ['users', 'servicePrincipals'] }, 'own-passwords'),
  queryFn: async ({ signal }) =>
    (await call<Page<Password>>('/v1.0/me/passwordCredentials', { signal })).value,
})

export interface RoleProperties {
  readonly roleName: string
  readonly type: 'BuiltInRole' | 'CustomRole'
  readonly description?: string | null
  readonly permissions: readonly {
    readonly actions?: readonly string[] | null
    readonly notActions?: readonly string[] | null
  }[]
}
export type Role = Resource<RoleProperties>

const authorization = (scope: string, type: string) =>
  `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/${type}`

/** Roles that can be assigned at a scope: built-in ones and those that were made for the whole server or there. */
export const rolesQuery = (scope: string) =>
  queryOptions({
    queryKey: keyOf({ types: ['roleDefinitions'] }, 'roles', scope.toLowerCase()),
    queryFn: async ({ signal }) => {
      const at = async (where: string) =>
        (await call<Page<Role>>(authorization(where, 'roleDefinitions'), { signal })).value
      const pages = await Promise.all([at(scope), forbidden(at('/'), [])])
      return [...new Map(pages.flat().map((role) => [role.name, role])).values()]
    },
  })

export interface AssignmentProperties {
  readonly roleDefinitionId: string
  readonly principalId: string
  readonly scope: string
  readonly description?: string | null
}
export type Assignment = Resource<AssignmentProperties>

/** Assignments that stand at these scopes themselves; of those that one may not read, none. */
export const assignmentsQuery = (scopes: readonly string[]) =>
  queryOptions({
    queryKey: keyOf({ types: ['roleAssignments'] }, 'assignments', scopes),
    queryFn: async ({ signal }) => {
      const of = async (scope: string) =>
        (
          await call<Page<Assignment>>(authorization(scope, 'roleAssignments'), {
            signal,
            query: { $top: '1000' },
          })
        ).value
      const pages = await Promise.all(scopes.map((scope) => forbidden(of(scope), [])))
      return pages.flat()
    },
  })

/** What one may not see is not there. */
const forbidden = <T>(answer: Promise<T>, instead: T): Promise<T> =>
  answer.catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 403) return instead
    throw error
  })

export const giveRole = (scope: string, principalId: string, role: string) =>
  call<Assignment>(`${authorization(scope, 'roleAssignments')}/${guid()}`, {
    method: 'PUT',
    body: { properties: { principalId, roleDefinitionId: role } },
  })
export const takeRole = (assignment: string) => respond(assignment, { method: 'DELETE' })

/** A random GUID; not `crypto.randomUUID`, which a page over plain HTTP of another machine does not have. */
function guid(): string {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export interface Decision {
  readonly actionId: string
  readonly accessDecision: 'Allowed' | 'NotAllowed'
  readonly reason: string
}

/** Whether a principal may do operations at a scope, and why. */
export const checkAccessQuery = (scope: string, principalId: string, operations: readonly string[]) =>
  queryOptions({
    queryKey: keyOf(
      { types: ['roleAssignments', 'roleDefinitions', 'users'] },
      'check-access',
      scope,
      principalId,
      operations,
    ),
    queryFn: ({ signal }) =>
      call<readonly Decision[]>(authorization(scope, 'checkAccess'), {
        method: 'POST',
        body: {
          Subject: { Attributes: { ObjectId: principalId } },
          Actions: operations.map((Id) => ({ Id })),
        },
        signal,
      }),
    enabled: principalId !== '',
  })

/** Makes a role of the house's own at a scope, or changes one where it stands. */
export const putRole = (
  scope: string,
  role: Role | undefined,
  properties: Pick<RoleProperties, 'roleName' | 'permissions'> & { readonly description?: string },
) =>
  call<Role>(role?.id ?? `${authorization(scope, 'roleDefinitions')}/${guid()}`, {
    method: 'PUT',
    body: { properties },
  })
