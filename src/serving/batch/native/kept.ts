import type { ColumnValue } from '../../../analytics/columns/columns.ts'
import type { Compiled } from '../../gateway/instances/native/compiled.ts'
import type { Rows } from '../../gateway/instances/native/read-rows.ts'

/** A column that is written beside the predictions, with DuckDB's type. */
export interface KeptColumn {
  readonly name: string
  readonly type: string
  /** True if the column is the model's: then its values are as the model was given them. */
  readonly known: boolean
}

/** Rows as they are scored, and the columns that are kept of them, in the order of `keep_columns`. */
export interface ReadRows {
  readonly rows: Rows
  readonly kept: readonly (readonly ColumnValue[])[]
}

const types = {
  double: 'DOUBLE',
  float: 'FLOAT',
  long: 'BIGINT',
  integer: 'INTEGER',
  boolean: 'BOOLEAN',
  string: 'VARCHAR',
} as const

/** What the columns to keep are: of the signature's types, or for others of what `typeOf` says. */
export const keptColumns = (
  names: readonly string[],
  { columns }: Pick<Compiled, 'columns'>,
  typeOf: (name: string) => string,
): readonly KeptColumn[] =>
  names.map((name) => {
    const own = columns.find((column) => column.name === name)
    return { name, type: own === undefined ? typeOf(name) : types[own.type], known: own !== undefined }
  })

/** Values of a column of the model's, out of the rows that were packed for it. */
export function packedValues(
  name: string,
  { columns }: Pick<Compiled, 'columns'>,
  rows: Rows,
): ColumnValue[] {
  const column = columns.find((each) => each.name === name)
  if (column === undefined) return []
  const width = columns.filter(({ tensor }) => tensor === column.tensor).length
  return Array.from({ length: rows.count }, (_, row): ColumnValue => {
    const at = row * width + column.position
    if (column.tensor === 'texts') return unpackedText(rows.texts[at] ?? '')
    const number = rows.numbers[at] ?? Number.NaN
    if (Number.isNaN(number)) return null
    if (column.type === 'boolean') return number === 1
    return column.type === 'long' ? BigInt(number) : number
  })
}

/** Stands for a missing text, as python/twinloop_compile/columns.py has it; texts that begin so have it doubled. */
export const missingText = '\ue000'

const unpackedText = (text: string) => {
  if (text === missingText) return null
  return text.startsWith(missingText) ? text.slice(1) : text
}
