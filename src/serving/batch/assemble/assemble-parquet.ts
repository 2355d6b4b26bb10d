import { open } from 'node:fs/promises'
import { identifier, literal, type Column } from '../../../analytics/analytics.ts'
import type { Columns } from '../../../analytics/columns/columns.ts'

/**
 * Writes the rows of these files, each Parquet or JSON Lines, in their order as one Parquet file. A column that some lack is
 * null there; whole numbers widen. Texts that look like a date, a time or a UUID stay texts; times with a date are times.
 */
export async function assembleParquet(
  columns: Columns,
  parts: readonly string[],
  target: string,
): Promise<void> {
  const relations = await Promise.all(
    (await relationsOf(parts)).map(async (from) => ({
      from,
      columns: await columns.describe(`from ${from}`),
    })),
  )
  const known = new Map(
    relations.flatMap((one) => one.columns.filter(isTyped).map(({ name, type }) => [name, type])),
  )
  const rows = relations.map((one) => {
    // Of nothing but nulls, or of values of several types.
    const untyped = one.columns.filter((column) => !isTyped(column))
    return selectWith(one.from, untyped, ({ name }) => known.get(name) ?? 'VARCHAR')
  })
  const all =
    rows.length === 0 ? 'select null::double as prediction where false' : rows.join(' union all by name ')
  const asText = (await columns.describe(all)).filter(({ type }) => /^(?:DATE|TIME|UUID)$/.test(type))
  const answer = selectWith(`(${all})`, asText, () => 'VARCHAR')
  await columns.run(`copy (${answer}) to ${literal(target)} (format parquet, compression zstd)`)
}

const isTyped = ({ type }: Column) => type !== 'JSON'

/** All columns, these of them as another type. */
function selectWith(from: string, changed: readonly Column[], typeOf: (column: Column) => string): string {
  const cast = changed.map((column) => {
    const name = identifier(column.name)
    return `${name}::${typeOf(column)} as ${name}`
  })
  return `select *${cast.length === 0 ? '' : ` replace (${cast.join(', ')})`} from ${from}`
}

/** Neighbouring files of one format are read together. */
async function relationsOf(parts: readonly string[]): Promise<readonly string[]> {
  const groups: { readonly isParquet: boolean; readonly paths: string[] }[] = []
  for (const path of parts) {
    const isParquet = await startsAsParquet(path)
    if (isParquet === undefined) continue
    const last = groups.at(-1)
    if (last?.isParquet === isParquet) last.paths.push(path)
    else groups.push({ isParquet, paths: [path] })
  }
  return groups.map(({ isParquet, paths }) => {
    const list = `[${paths.map(literal).join(', ')}]`
    return isParquet
      ? `read_parquet(${list}, union_by_name = true)`
      : `read_json(${list}, format = 'newline_delimited', union_by_name = true, sample_size = -1)`
  })
}

/** Undefined for an empty file, which has no rows in any format. */
async function startsAsParquet(path: string): Promise<boolean | undefined> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return bytesRead === 0 ? undefined : buffer.toString('latin1') === 'PAR1'
  } finally {
    await file.close()
  }
}
