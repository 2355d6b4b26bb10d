import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import type { ModelProperties, VersionProperties } from './models.ts'
import { keyOf, listQuery } from './queries.ts'
import { labelOf, type Resource } from './resource.ts'
import type { Workspace } from './workspaces.ts'

/** As many models are asked what they learned from. */
const mostModels = 50

/** Versions of data that reigning models (alias `champion`) learned from: what new data may be compared with. */
export const learnedFromQuery = (workspace: Workspace) =>
  queryOptions({
    queryKey: keyOf(
      { types: ['workspaces/models', 'workspaces/models/versions'] },
      'learned-from',
      workspace.id,
    ),
    queryFn: async ({ client, signal }) => {
      const models = await client.ensureQueryData(listQuery<ModelProperties>(`${workspace.id}/models`))
      const reigning = models
        .filter(({ properties }) => properties.aliases?.['champion'] !== undefined)
        .slice(0, mostModels)
      const found = await Promise.all(
        reigning.map(async ({ id, name, properties }) => {
          const version = properties.aliases?.['champion'] ?? ''
          const { properties: own } = await call<Resource<VersionProperties>>(`${id}/versions/${version}`, {
            signal,
          })
          return (own.lineage?.data ?? [])
            .filter((source) => /\/data\/[^/]+\/versions\/[^/]+$/i.test(source.id))
            .map((source) => ({ data: labelOf(source.id), model: `${name}:${version}` }))
        }),
      )
      return [...new Map(found.flat().map((one) => [one.data, one])).values()]
    },
    staleTime: 60_000,
  })
