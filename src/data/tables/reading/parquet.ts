import { AnalyticsError, literal, type Session } from '../../../analytics/analytics.ts'
import { isNumber, typeKind } from '../../../analytics/type-kind.ts'
import { errors } from '../../../kernel/errors.ts'
import { enumerate } from '../files/list.ts'
import type { PreparedFile } from '../files/prepare.ts'
import { commonSettings, fileList, type ReadOptions, type Relation } from './relation.ts'

type Schema = ReadonlyMap<string, string>

/**
 * Parquet files as one relation. All have the same columns, in any order; numbers of different widths become the
 * widest, with a note, and a column that is all missing in a file is of the others' type. Anything else that differs
 * is an error that names the file, the column and both types.
 */
export async function readParquet(
  session: Session,
  files: readonly PreparedFile[],
  options: ReadOptions = {},
): Promise<Relation> {
  const schemas = await Promise.all(files.map((file) => schemaOf(session, file)))
  const notes = compareSchemas(files, schemas)
  const settings = [fileList(files), ...commonSettings(options), 'union_by_name = true']
  return { sql: `select * from read_parquet(${settings.join(', ')})`, notes }
}

async function schemaOf(session: Session, file: PreparedFile): Promise<Schema> {
  try {
    const { rows } = await session.all(
      `select column_name, column_type from (describe from read_parquet(${literal(file.path)}, hive_partitioning = false))`,
    )
    return new Map(rows as readonly (readonly [string, string])[])
  } catch (error) {
    if (!(error instanceof AnalyticsError) || error.kind === 'lost') throw error
    throw errors.badRequest(
      `'${file.shown}' is broken: it begins and ends as Parquet does, but cannot be read (${error.message.split('\n')[0]}).`,
      { cause: error },
    )
  }
}

/** Throws badRequest for schemas that are no one table's; notes say what was made one. */
function compareSchemas(files: readonly PreparedFile[], schemas: readonly Schema[]): readonly string[] {
  const [first] = schemas
  const notes = new Set<string>()
  for (const [i, schema] of schemas.entries()) {
    if (first === undefined || i === 0) continue
    const refuse = (why: string) =>
      errors.badRequest(
        `'${files[i]?.shown}' has another schema than '${files[0]?.shown}': ${why}. Files of one table have the same columns.`,
      )
    const lacking = [...first.keys()].filter((name) => !schema.has(name))
    if (lacking.length > 0) throw refuse(`it lacks ${enumerate(lacking.map((name) => `'${name}'`))}`)
    for (const [name, type] of schema) {
      const expected = first.get(name)
      if (expected === undefined) throw refuse(`it has '${name}' besides`)
      if (expected === type || [expected, type].some((t) => t === '"NULL"' || t === 'NULL')) continue
      if (![expected, type].every((one) => isNumber(typeKind(one))))
        throw refuse(`'${name}' is ${type} in it, not ${expected}`)
      notes.add(`${name} is ${expected} in some files and ${type} in others, and was read as the wider`)
    }
  }
  return [...notes]
}
