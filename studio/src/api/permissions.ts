import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { keyOf } from './queries.ts'
import type { Page } from './resource.ts'

/** What a role of the caller allows, in Azure's form. */
export interface Permission {
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
}

/** What one's own roles allow at a scope, as the server tells. */
export const permissionsQuery = (scope: string) =>
  queryOptions({
    queryKey: keyOf({ types: ['roleAssignments', 'roleDefinitions'] }, 'permissions', scope.toLowerCase()),
    queryFn: async ({ signal }) =>
      (await call<Page<Permission>>(`${scope}/providers/Microsoft.Authorization/permissions`, { signal }))
        .value,
    staleTime: 60_000,
  })

/** True if any of the permissions has the operation in `actions` and not in `notActions`, as Azure judges. */
export const allows = (permissions: readonly Permission[], operation: string): boolean =>
  permissions.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => covers(pattern, operation)) &&
      !notActions.some((pattern) => covers(pattern, operation)),
  )

/** `*` stands for anything, also across slashes; case does not count. */
function covers(pattern: string, operation: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(operation)
}
