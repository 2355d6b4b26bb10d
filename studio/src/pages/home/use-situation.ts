import { useQueries, useQuery } from '@tanstack/react-query'
import { proposalsPath, type Proposal } from '../../api/alerts/proposals.ts'
import type { EndpointProperties } from '../../api/endpoints.ts'
import { incidentActionsQuery, type IncidentProperties } from '../../api/incidents.ts'
import { recentJobsQuery } from '../../api/jobs.ts'
import { monitorsQuery } from '../../api/monitors.ts'
import { listQuery } from '../../api/queries.ts'
import { releasesQuery } from '../../api/releases.ts'
import { useWorkspace } from '../../frame/workspace.ts'
import type { ScheduleRuns, Situation } from './needs.ts'

/** Of more incidents than these nobody looks at the actions one by one. */
const mostIncidents = 20

/**
 * All that may wait for somebody. What one may not read is as if it were not there; undefined until what one may is known.
 */
export function useSituation(): Situation | undefined {
  const workspace = useWorkspace()
  const own = `${workspace.id}/providers/Twinloop`
  const all = {
    releases: useQuery(releasesQuery(workspace)),
    jobs: useQuery(recentJobsQuery(workspace.id)),
    endpoints: useQuery(listQuery<EndpointProperties>(`${workspace.id}/onlineEndpoints`)),
    incidents: useQuery(listQuery<IncidentProperties>(`${own}/incidents`, { state: 'Firing' })),
    proposals: useQuery(listQuery<Proposal['properties']>(proposalsPath(workspace), { state: 'Proposed' })),
    schedules: useQuery(listQuery<ScheduleRuns>(`${workspace.id}/schedules`)),
    monitors: useQuery(monitorsQuery(workspace)),
  }
  const actions = useQueries({
    queries: (all.incidents.data ?? []).slice(0, mostIncidents).map(({ id }) => incidentActionsQuery(id)),
  })
  if (Object.values(all).some(({ isPending }) => isPending)) return undefined
  return {
    releases: all.releases.data ?? [],
    jobs: all.jobs.data ?? [],
    endpoints: all.endpoints.data ?? [],
    incidents: all.incidents.data ?? [],
    proposals: all.proposals.data ?? [],
    schedules: all.schedules.data ?? [],
    monitors: all.monitors.data ?? [],
    actions: actions.flatMap(({ data }) => data ?? []),
  }
}
