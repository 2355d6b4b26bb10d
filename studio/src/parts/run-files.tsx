import { useQuery } from '@tanstack/react-query'
import { artifactsQuery, artifactUrl } from '../api/runs.ts'
import { useWorkspace } from '../frame/workspace.ts'
import { FileBrowser, useFolder } from './files/file-browser.tsx'

/** The files of a run, folder by folder. */
export function RunFiles({ runId }: { readonly runId: string }) {
  const workspace = useWorkspace()
  const [folder] = useFolder()
  const query = useQuery(artifactsQuery(workspace, runId, folder))
  return (
    <FileBrowser
      subtitle="artifacts of the run"
      query={query}
      urlOf={(path) => artifactUrl(workspace, runId, path)}
    />
  )
}
