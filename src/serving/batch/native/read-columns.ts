import { identifier, literal, type Column } from '../../../analytics/analytics.ts'
import type { ColumnBatch, Columns } from '../../../analytics/columns/columns.ts'
import type { Compiled } from '../../gateway/instances/native/compiled.ts'
import type { Rows } from '../../gateway/instances/native/read-rows.ts'
import { Declined } from './item.ts'
import { keptColumns, missingText, packedValues, type ReadRows } from './kept.ts'

/** Rows that SQL can read, and how a column of them becomes a number or a text of the model's. */
export interface Relation {
  /** What stands behind `from`. */
  readonly from: string
  readonly columns: readonly Column[]
  /** SQL of a column as DOUBLE: NaN where nothing is, infinity where Python is to judge. */
  number(column: Column, wanted: Compiled['columns'][number]): string
}

const numeric = /^U?(?:TINY|SMALL|BIG)?INT(?:EGER)?$|^U?INTEGER$|^FLOAT$|^DOUBLE$/

/** Reads what a relation has as a compiled model takes it. */
export function readColumns(
  columns: Columns,
  compiled: Compiled,
  keep: readonly string[],
  relation: Relation,
) {
  const typeOf = (name: string) => {
    const found = relation.columns.find((column) => column.name === name)
    if (found === undefined) throw new Declined(`there is no column ${name} to keep`)
    return found.type
  }
  const kept = keptColumns(keep, compiled, typeOf)
  const own = [...compiled.columns]
  const others = kept.filter(({ known }) => !known)
  const list = [
    ...own.map((wanted) => {
      const column = relation.columns.find(({ name }) => name === wanted.name)
      if (column === undefined) throw new Declined(`there is no column ${wanted.name}`)
      return wanted.tensor === 'numbers' ? relation.number(column, wanted) : textOf(column)
    }),
    ...others.map(({ name }) => identifier(name)),
  ]
  const sql = `select ${list.join(', ')} from ${relation.from}`

  async function* rows(): AsyncGenerator<ReadRows, void> {
    for await (const batch of columns.scan(sql)) {
      const packed = pack(batch, compiled)
      let next = own.length
      const values = kept.map(({ name, known }) =>
        known ? packedValues(name, compiled, packed) : batch.values(next++),
      )
      yield { rows: packed, kept: values }
    }
  }
  return { kept, rows: rows() }
}

function textOf({ name, type }: Column): string {
  if (type !== 'VARCHAR' && !type.startsWith('ENUM'))
    throw new Declined(`column ${name} is ${type} and no text`)
  const [column, mark] = [`${identifier(name)}::varchar`, literal(missingText)]
  return `case when starts_with(${column}, ${mark}) then ${mark} || ${column} else coalesce(${column}, ${mark}) end`
}

/** A column that is a number already; whole numbers beyond 2^53 would not be the same as doubles. */
export function numberOf({ name, type }: Column, wanted: Compiled['columns'][number]): string {
  const column = identifier(name)
  if (wanted.type === 'boolean') {
    if (type !== 'BOOLEAN') throw new Declined(`column ${name} is ${type} and no boolean`)
    return `coalesce(${column}::integer::double, 'infinity'::double)`
  }
  if (!numeric.test(type)) throw new Declined(`column ${name} is ${type} and no number`)
  const double = `coalesce(${column}::double, 'nan'::double)`
  return type.endsWith('BIGINT')
    ? `case when ${column} between -9007199254740991 and 9007199254740991 or ${column} is null then ${double} else 'infinity'::double end`
    : double
}

function pack(batch: ColumnBatch, { columns }: Compiled): Rows {
  const count = batch.rowCount
  const width = columns.filter(({ tensor }) => tensor === 'numbers').length
  const textual = columns.length - width
  const numbers = new Float64Array(count * width)
  const texts = Array.from<string>({ length: count * textual })
  for (const [index, { name, type, tensor, position }] of columns.entries()) {
    if (tensor === 'texts') {
      const values = batch.values(index)
      for (let row = 0; row < count; row++) texts[row * textual + position] = values[row] as string
      continue
    }
    const values = batch.doubles(index)
    const isWhole = type === 'long' || type === 'integer'
    const most = type === 'integer' ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER
    for (let row = 0; row < count; row++) {
      const value = values[row] ?? Number.NaN
      const fits = isWhole
        ? Number.isInteger(value) && Math.abs(value) <= most
        : !(Math.abs(value) === Infinity)
      if (!fits) throw new Declined(`column ${name} has a value that is no ${type}, or may not be one`)
      numbers[row * width + position] = type === 'float' ? Math.fround(value) : value
    }
  }
  return { count, numbers, texts }
}
