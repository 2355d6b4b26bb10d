import { identifier, type Column } from '../../analytics/analytics.ts'
import { withTables } from '../../data/tables/with-tables.ts'
import { UserError } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { PlanContext, PlanMistake } from '../gates/gate.ts'

/** A column that a plan names, and where. */
export interface NamedColumn {
  readonly name: string
  readonly path: readonly (string | number)[]
}

/** What a plan's data look like. */
export interface DataColumns {
  readonly columns: readonly Column[]
  /** About how many different values the columns have that were asked for. */
  readonly distinct: ReadonlyMap<string, number>
}

/**
 * Mistakes of a plan that its data tell: data that are not there or cannot be read, columns that they do not have. The
 * columns are given to `more`, for what else they tell.
 */
export async function checkColumns(
  { platform, workspaceId }: PlanContext,
  data: string,
  named: readonly NamedColumn[],
  more: (found: DataColumns) => readonly PlanMistake[] = () => [],
): Promise<readonly PlanMistake[]> {
  try {
    return await withTables(platform, workspaceId, { data }, async (session) => {
      const { columns } = await session.all('select * from data limit 0')
      const names = columns.map(({ name }) => name)
      const has = (name: string) => names.some((other) => other.toLowerCase() === name.toLowerCase())
      const mistakes = named
        .filter(({ name }) => !has(name))
        .map(({ name, path }) => missing(name, names, path))
      if (mistakes.length > 0) return mistakes
      const asked = [...new Set(named.map(({ name }) => name))]
      const counts =
        asked.length === 0
          ? []
          : ((
              await session.all(
                `select ${asked.map((name) => `approx_count_distinct(${identifier(name)})`).join(', ')} from data`,
              )
            ).rows[0] ?? [])
      return more({ columns, distinct: new Map(asked.map((name, i) => [name, Number(counts[i])])) })
    })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return [{ path: ['data'], message: error.message }]
  }
}

function missing(name: string, names: readonly string[], path: PlanMistake['path']): PlanMistake {
  const near = nearest(name, names)
  const hint =
    near === undefined ? ` There are ${names.slice(0, 12).join(', ')}.` : ` Did you mean '${near}'?`
  return { path, message: `The data have no column '${name}'.${hint}` }
}

/** The columns that every evaluation may name, with their places. */
export function commonColumns(parameters: {
  readonly target: string
  readonly weight?: string | undefined
  readonly cluster_key?: string | undefined
  readonly time_key?: string | undefined
}): readonly NamedColumn[] {
  return (['target', 'weight', 'cluster_key', 'time_key'] as const).flatMap((key) => {
    const name = parameters[key]
    return name === undefined ? [] : [{ name, path: [key] }]
  })
}
