import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import type { Job } from './jobs.ts'
import { keyOf } from './queries.ts'
import type { Page } from './resource.ts'

/** A job is held against so many of its like. */
const mostPeers = 20

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Jobs that do the same: of its schedule, else of its name, else the same step of the same pipelines. */
function likeIt({ properties, systemData }: Job): Readonly<Record<string, string>> {
  const before = `systemData/createdAt lt ${systemData.createdAt} and status eq 'Completed'`
  const schedule = properties.properties?.['azureml.scheduleName']
  if (schedule !== undefined) return { $filter: before, properties: `azureml.scheduleName=${schedule}` }
  if (properties.stepName !== undefined)
    return { $filter: `${before} and stepName eq ${quoted(properties.stepName)}`, parentJobName: '' }
  return { $filter: `${before} and displayName eq ${quoted(properties.displayName ?? '')}` }
}

/** The jobs like it that succeeded before it, the last first. */
export const peersQuery = (workspace: string, job: Job) =>
  queryOptions({
    queryKey: keyOf({ types: ['workspaces/jobs'], id: job.id }, 'peers'),
    queryFn: async ({ signal }) =>
      (
        await call<Page<Job>>(`${workspace}/jobs`, {
          signal,
          query: { ...likeIt(job), $orderBy: 'createdtime desc', $top: String(mostPeers) },
        })
      ).value,
    // What was before does not change.
    staleTime: 60_000,
  })
