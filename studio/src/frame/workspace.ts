import { useQuery } from '@tanstack/react-query'
import { createContext, use } from 'react'
import { allows, permissionsQuery } from '../api/permissions.ts'
import type { Workspace } from '../api/workspaces.ts'
import { paths } from './paths.ts'

export const WorkspaceContext = createContext<Workspace | undefined>(undefined)

/** The workspace that the page is of. */
export function useWorkspace(): Workspace {
  const workspace = use(WorkspaceContext)
  if (workspace === undefined) throw new Error('this part stands outside of a workspace')
  return workspace
}

/** Addresses of the pages of this workspace. */
export const usePaths = () => paths(useWorkspace().key)

/**
 * Whether one's own roles allow an operation at a scope (default the workspace), written without the provider for Azure
 * ML's own: `jobs/write`. While that is not known nothing is allowed.
 */
export function useCan(scope?: string): (operation: string) => boolean {
  const workspace = useWorkspace()
  const { data = [] } = useQuery(permissionsQuery(scope ?? workspace.id))
  return (operation) =>
    allows(
      data,
      /^(?:Twinloop|Microsoft)/.test(operation)
        ? operation
        : `Microsoft.MachineLearningServices/workspaces/${operation}`,
    )
}
