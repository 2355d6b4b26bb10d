import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { monitorsQuery, resultsQuery, type MonitorSeries, type MonitorSummary } from '../../api/monitors.ts'
import { useWorkspace } from '../../frame/workspace.ts'

/** The monitor of this name as the list has it, and the query that it comes of. */
export function useMonitor(name: string) {
  const query = useQuery(monitorsQuery(useWorkspace()))
  const monitor: MonitorSummary | undefined = query.data?.find((one) => one.name === name)
  return { query, monitor }
}

/** How much each feature matters to the model, as a share: what `feature_attribution_drift` found last. Empty without that. */
export function useImportances(monitor: string): ReadonlyMap<string, number> {
  const { data } = useQuery(
    resultsQuery(useWorkspace(), monitor, { windows: 1, segments: false, metric: 'feature_importance' }),
  )
  return useMemo(() => importancesIn(data ?? []), [data])
}

const importancesIn = (all: readonly MonitorSeries[]): ReadonlyMap<string, number> =>
  new Map(
    all.flatMap(({ feature, windows }) => {
      const value = windows[0]?.value
      return feature === undefined || value === null || value === undefined ? [] : [[feature, value] as const]
    }),
  )
