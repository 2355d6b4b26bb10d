import { useQuery } from '@tanstack/react-query'
import { workspacesQuery } from '../../../api/workspaces.ts'

/** Where a role can be held, and what people call it. */
export interface Scope {
  readonly id: string
  readonly label: string
}

/** The whole server, resource groups and workspaces that one may see, the widest first. */
export function useScopes(): readonly Scope[] {
  const { data: workspaces = [] } = useQuery(workspacesQuery)
  const groups = new Set(workspaces.map(({ id }) => id.split('/').slice(0, 5).join('/')))
  return [
    { id: '/', label: 'the whole server' },
    ...[...groups].map((id) => ({ id, label: `resource group ${id.split('/').at(-1) ?? ''}` })),
    ...workspaces.map(({ id, key }) => ({ id, label: `workspace ${key}` })),
  ]
}

/** What people call a scope: of those that are known, or else the last word of its id. */
export function scopeLabel(scopes: readonly Scope[], id: string): string {
  const found = scopes.find((scope) => scope.id.toLowerCase() === id.toLowerCase())
  return found?.label ?? id.split('/').slice(-2).join(' ')
}
