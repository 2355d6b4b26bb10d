import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import type { DataVersionProperties, Rows } from './data.ts'
import { listQuery } from './queries.ts'
import type { Workspace } from './workspaces.ts'

/** What a column was in one version. */
export interface ColumnThen {
  readonly name: string
  readonly rows: number
  /** Rows that have a value. */
  readonly values: number
  /** Of those that are numbers. */
  readonly mean: number | null
  readonly deviation: number | null
}

/** As many versions are looked at: each is a scan of one column. */
const most = 24

/** A column in the newest versions that have it, oldest first: one question in SQL of all of them. */
export const columnHistoryQuery = (workspace: Workspace, version: string, column: string) =>
  queryOptions({
    queryKey: ['column-history', version, column],
    queryFn: async ({ client, signal }): Promise<readonly ColumnThen[]> => {
      const [, asset = ''] = /\/data\/([^/]+)\/versions\//i.exec(version) ?? []
      const versions = (
        await client.ensureQueryData(
          listQuery<DataVersionProperties>(`${workspace.id}/data/${asset}/versions`),
        )
      )
        .filter(({ properties }) => properties.facts?.columns?.some(({ name }) => name === column))
        .toSorted((a, b) => a.systemData.createdAt.localeCompare(b.systemData.createdAt))
        .slice(-most)
      if (versions.length < 2) return []
      const name = `"${column.replaceAll('"', '""')}"`
      const number = `try_cast(${name} as double)`
      const sql = versions
        .map(
          (_, i) =>
            `select ${i} as v, count(*), count(${name}), avg(${number}) filter (isfinite(${number})), stddev_samp(${number}) filter (isfinite(${number})) from v${i}`,
        )
        .join(' union all ')
      const { rows } = await call<Rows>(`${version}/query`, {
        method: 'POST',
        body: { sql, tables: Object.fromEntries(versions.map(({ id }, i) => [`v${i}`, id])) },
        signal,
      })
      return rows
        .map(([v, all, values, mean, deviation]) => ({
          name: versions[Number(v)]?.name ?? '',
          rows: Number(all),
          values: Number(values),
          mean: typeof mean === 'number' ? mean : null,
          deviation: typeof deviation === 'number' ? deviation : null,
          place: Number(v),
        }))
        .toSorted((a, b) => a.place - b.place)
    },
    staleTime: Infinity,
  })
