import { useQuery } from '@tanstack/react-query'
import { knownMetricsQuery } from '../../../../api/alerts/known.ts'
import { useWorkspace } from '../../../../frame/workspace.ts'

/** Labels that tell the series of a metric apart. */
export function useLabelsOf(metric: unknown): readonly string[] {
  const { data = [] } = useQuery(knownMetricsQuery(useWorkspace()))
  return data.find(({ name }) => name === metric)?.labels ?? []
}
