import { errors } from '../../../kernel/errors.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { SourceColumn } from '../databases/sql-source.ts'

type Named = Pick<SourceColumn, 'name' | 'duckdb'>

/** The columns as text that is equal for equal columns: `[["id","INTEGER"],…]`. */
export const schemaOf = (columns: readonly Named[]): string =>
  JSON.stringify(columns.map(({ name, duckdb }) => [name, duckdb]))

/** The column of that name, in any case. Throws badRequest with the nearest name there is. */
export function findColumn(columns: readonly SourceColumn[], name: string): SourceColumn {
  const found =
    columns.find((c) => c.name === name) ?? columns.find((c) => c.name.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found
  const names = columns.map((c) => c.name)
  const near = nearest(name, names)
  throw errors.badRequest(
    `The query has no column '${name}' to import by; ${near === undefined ? `it has ${names.slice(0, 20).join(', ')}` : `did you mean '${near}'?`}`,
    { target: 'properties.incremental.column' },
  )
}

/** Throws conflict, saying what is different, if the columns are not those of the version that is continued. */
export function checkSchema(
  columns: readonly Named[],
  { schema, version }: { readonly schema?: string; readonly version?: string },
): void {
  if (schema === undefined || version === undefined || schema === schemaOf(columns)) return
  throw errors.conflict(
    `The query answers with other columns than version ${version} has: ${differences(schema, columns).join('; ')}. ` +
      'New rows cannot be added to those: import everything again (full), or under another name.',
  )
}

/** What is different between the columns of a version and those of now, each as a phrase. */
export function differences(schema: string, columns: readonly Named[]): readonly string[] {
  const before = new Map(JSON.parse(schema) as [string, string][])
  const now = new Map(columns.map(({ name, duckdb }) => [name, duckdb]))
  const found = [
    ...[...now].flatMap(([name, type]) => {
      const was = before.get(name)
      if (was === undefined) return [`'${name}' is new`]
      return was === type ? [] : [`'${name}' was ${was} and is ${type}`]
    }),
    ...[...before.keys()].filter((name) => !now.has(name)).map((name) => `'${name}' is gone`),
  ]
  return found.length > 0 ? found : ['they have another order']
}
