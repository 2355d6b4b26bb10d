import { queryOptions } from '@tanstack/react-query'
import { ApiError, call } from '../call.ts'
import type { MonitorSeries } from '../monitors.ts'
import type { Page } from '../resource.ts'
import type { Workspace } from '../workspaces.ts'

/** A metric that there are measurements of, with the labels that tell its series apart. */
export interface KnownMetric {
  readonly name: string
  readonly labels: readonly string[]
}

interface Definition {
  readonly name: { readonly value: string }
  readonly dimensions: readonly { readonly value: string }[]
}

/** What is measured in a workspace, and, where one may see it, of the installation. */
export const knownMetricsQuery = ({ id }: Pick<Workspace, 'id'>) =>
  queryOptions({
    queryKey: ['known-metrics', id],
    queryFn: async ({ signal }): Promise<readonly KnownMetric[]> => {
      const [subscription = ''] = /^\/subscriptions\/[^/]+/.exec(id) ?? []
      const definitions = async (scope: string) =>
        (await call<Page<Definition>>(`${scope}/providers/Microsoft.Insights/metricDefinitions`, { signal }))
          .value
      const ofMachine = definitions(subscription).catch((error: unknown) => {
        // What is measured of the machine is not for everybody to see.
        if (error instanceof ApiError && [403, 404].includes(error.status)) return []
        throw error
      })
      const all = (await Promise.all([definitions(id), ofMachine])).flat()
      const byName = new Map(all.toReversed().map((one) => [one.name.value, one.dimensions]))
      return [...byName]
        .map(([name, dimensions]) => ({ name, labels: dimensions.map(({ value }) => value) }))
        .toSorted((a, b) => a.name.localeCompare(b.name))
    },
    staleTime: 60_000,
  })

/** A number that monitors follow from window to window. */
export interface KnownSignal {
  readonly monitor: string
  readonly signal: string
  readonly kind: string
  readonly metric: string
  readonly feature?: string
}

export const knownSignalsQuery = ({ id }: Pick<Workspace, 'id'>) =>
  queryOptions({
    queryKey: ['known-signals', id],
    queryFn: async ({ signal }): Promise<readonly KnownSignal[]> => {
      const { value } = await call<Page<MonitorSeries & KnownSignal>>(`${id}/monitorResults`, {
        method: 'POST',
        body: { windows: 1 },
        signal,
      })
      return value
    },
    staleTime: 60_000,
  })
