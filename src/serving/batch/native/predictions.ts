import type { ColumnValue } from '../../../analytics/columns/columns.ts'
import type { Column } from '../../../analytics/analytics.ts'
import type { Compiled } from '../../gateway/instances/native/compiled.ts'

/** DuckDB's types for those of the Open Inference Protocol. */
const types: Readonly<Record<string, string>> = {
  BOOL: 'BOOLEAN',
  INT8: 'TINYINT',
  INT16: 'SMALLINT',
  INT32: 'INTEGER',
  INT64: 'BIGINT',
  UINT8: 'UTINYINT',
  UINT16: 'USMALLINT',
  UINT32: 'UINTEGER',
  FP32: 'FLOAT',
  FP64: 'DOUBLE',
  BYTES: 'VARCHAR',
}

/** The columns of a model's answers, named as python/twinloop_batch/scorers.py names them. Undefined for other types. */
export function predictionColumns({ answer }: Pick<Compiled, 'answer'>): readonly Column[] | undefined {
  const type = types[answer.datatype]
  if (type === undefined) return undefined
  const width = answer.kind === 'matrix' ? (answer.width ?? 1) : 1
  return width === 1
    ? [{ name: 'prediction', type }]
    : Array.from({ length: width }, (_, i) => ({ name: `prediction_${i}`, type }))
}

/** What a run gave (row by row), by these columns. */
export function predictionValues(
  { answer }: Pick<Compiled, 'answer'>,
  columns: readonly Column[],
  values: BigInt64Array | Float32Array | Float64Array,
): readonly (readonly ColumnValue[])[] {
  const width = columns.length
  const isWhole = columns[0]?.type === 'BIGINT'
  const classes = answer.classes?.map((value): ColumnValue => (isWhole ? BigInt(value) : value))
  return columns.map((_, at) => {
    const list: ColumnValue[] = []
    for (let i = at; i < values.length; i += width) {
      const value = values[i] ?? Number.NaN
      if (classes !== undefined) list.push(classes[Number(value)] ?? null)
      else if (isWhole) list.push(BigInt(value))
      else list.push(Number.isNaN(value) ? null : value)
    }
    return list
  })
}
