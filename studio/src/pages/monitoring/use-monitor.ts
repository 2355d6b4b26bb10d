import { useQuery } from '@tanstack/react-query'
import { monitorsQuery, type MonitorSummary } from '../../api/monitors.ts'
import { useWorkspace } from '../../frame/workspace.ts'

/** The monitor of this name as the list has it, and the query that it comes of. */
export function useMonitor(name: string) {
  const query = useQuery(monitorsQuery(useWorkspace()))
  const monitor: MonitorSummary | undefined = query.data?.find((one) => one.name === name)
  return { query, monitor }
}
