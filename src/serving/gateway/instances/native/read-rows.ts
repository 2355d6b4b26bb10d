import type { Compiled } from './compiled.ts'

/** Stands for a missing text, as python/twinloop_compile/columns.py has it; texts that begin so have it doubled. */
const missing = '\ue000'
const largestWhole = (type: string) => (type === 'integer' ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER)

/** A request's rows as the graph takes them. */
export interface Rows {
  readonly count: number
  /** Row by row. */
  readonly numbers: Float64Array
  readonly texts: readonly string[]
}

type Column = Compiled['columns'][number]
/** A column's values, in JSON's own types. */
type ValueAt = (row: number) => unknown

const shapes = ['input_data', 'dataframe_split', 'dataframe_records', 'instances', 'inputs'] as const

/**
 * Reads requests for one model: Azure ML's `input_data`, MLflow's four shapes, the Open Inference Protocol's tensors.
 * Answers undefined for what it is not sure to read as python/twinloop_runtime does: whatever is wrong in any way, or
 * merely rare. That is then Python's to read, or to refuse with the reason.
 */
export function rowReader({ columns }: Pick<Compiled, 'columns'>) {
  const numeric = columns.filter((c) => c.tensor === 'numbers').length
  const textual = columns.length - numeric
  const names = columns.map((c) => c.name)

  function pack(count: number, columnOf: (name: string, index: number) => ValueAt | undefined) {
    if (count === 0) return undefined
    const numbers = new Float64Array(count * numeric)
    const texts: string[] = Array.from({ length: count * textual }, () => '')
    for (const [index, column] of columns.entries()) {
      const at = columnOf(column.name, index)
      if (at === undefined) return undefined
      const { position } = column
      for (let row = 0; row < count; row++) {
        if (column.tensor === 'texts') {
          const text = textOf(at(row))
          if (text === undefined) return undefined
          texts[row * textual + position] = text
        } else {
          const number = numberOf(at(row), column)
          if (number === undefined) return undefined
          numbers[row * numeric + position] = number
        }
      }
    }
    return { count, numbers, texts }
  }

  function positional(rows: readonly unknown[], given: readonly unknown[] = names): Rows | undefined {
    const width = given.length
    if (!rows.every((row) => Array.isArray(row) && row.length === width)) return undefined
    const data = rows as readonly (readonly unknown[])[]
    return pack(data.length, (name, index) => {
      const at = given[index] === name ? index : given.indexOf(name)
      return at < 0 ? undefined : (row) => data[row]?.[at]
    })
  }

  function split(value: Record<string, unknown>): Rows | undefined {
    const { columns: given, data, index } = value
    if (!Array.isArray(data) || (index !== undefined && !isIndex(index, data.length))) return undefined
    if (given === undefined || given === null) return positional(data)
    if (!Array.isArray(given) || !given.every((name) => typeof name === 'string')) return undefined
    return new Set(given).size === given.length ? positional(data, given) : undefined
  }

  function records(rows: readonly unknown[]): Rows | undefined {
    if (!rows.every(isObject)) return undefined
    return pack(rows.length, (name) => (row) => rows[row]?.[name])
  }

  function byColumn(value: Record<string, unknown>): Rows | undefined {
    const lists = Object.values(value)
    const count = Array.isArray(lists[0]) ? lists[0].length : 0
    if (!lists.every((list) => Array.isArray(list) && list.length === count)) return undefined
    return pack(count, (name) => {
      const list = value[name]
      return Array.isArray(list) ? (row) => list[row] as unknown : undefined
    })
  }

  /** Rows of a `/score` or `/invocations` body. */
  function score(body: unknown): Rows | undefined {
    if (!isObject(body)) return undefined
    const [key, ...others] = shapes.filter((name) => Object.hasOwn(body, name))
    if (key === undefined || others.length > 0 || !isEmpty(body['params'])) return undefined
    const value = body[key]
    if (Array.isArray(value)) {
      if (isObject(value[0])) return records(value)
      return key === 'dataframe_split' || key === 'dataframe_records' ? undefined : positional(value)
    }
    if (!isObject(value)) return undefined
    const isSplit = 'data' in value && (key === 'dataframe_split' || 'columns' in value)
    if (isSplit) return split(value)
    return key === 'input_data' || key === 'inputs' ? byColumn(value) : undefined
  }

  /** Rows of an Open Inference Protocol request: a tensor for each column, or one of rows by columns. */
  function infer(body: unknown): Rows | undefined {
    if (!isObject(body) || !Array.isArray(body['inputs']) || !isEmpty(body['parameters'])) return undefined
    const inputs = body['inputs']
    if (!inputs.every(isTensor)) return undefined
    const [only] = inputs
    if (only && inputs.length === 1 && only.shape.length === 2 && !names.includes(only.name)) {
      const { shape, data } = only
      if (shape[1] !== names.length) return undefined
      return pack(shape[0] ?? 0, (_, index) => (row) => data[row * names.length + index])
    }
    const byName = new Map(inputs.map((tensor) => [tensor.name, tensor.data]))
    const count = only?.data.length ?? 0
    const fits = inputs.every(
      ({ shape, data }) =>
        data.length === count && (shape.length === 1 || (shape.length === 2 && shape[1] === 1)),
    )
    if (byName.size !== inputs.length || !fits) return undefined
    return pack(count, (name) => {
      const data = byName.get(name)
      return data && ((row) => data[row])
    })
  }
  return { score, infer }
}

function textOf(value: unknown): string | undefined {
  if (value === null) return missing
  if (typeof value !== 'string') return undefined
  return value.startsWith(missing) ? missing + value : value
}

function numberOf(value: unknown, { type }: Column): number | undefined {
  if (type === 'boolean') return typeof value === 'boolean' ? Number(value) : undefined
  const fraction = type === 'double' || type === 'float'
  if (value === null && fraction) return Number.NaN
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  if (fraction) return type === 'float' ? Math.fround(value) : value
  return Number.isInteger(value) && Math.abs(value) <= largestWhole(type) ? value : undefined
}

interface InferenceTensor {
  readonly name: string
  readonly shape: readonly number[]
  /** Flat; its elements are of the datatype. */
  readonly data: readonly unknown[]
}

const typeChecks: Readonly<Record<string, (value: unknown) => boolean>> = {
  FP32: isNumberOrNull,
  FP64: isNumberOrNull,
  INT32: isWhole(2 ** 31),
  INT64: isWhole(Number.MAX_SAFE_INTEGER),
  BOOL: (value) => typeof value === 'boolean',
  BYTES: (value) => value === null || typeof value === 'string',
}

function isTensor(value: unknown): value is InferenceTensor {
  if (!isObject(value) || typeof value['name'] !== 'string') return false
  const { shape, data, datatype } = value
  const check = typeof datatype === 'string' ? typeChecks[datatype] : undefined
  if (!check || !Array.isArray(shape) || !Array.isArray(data) || shape.length === 0) return false
  if (!shape.every((n) => Number.isInteger(n) && n >= 0)) return false
  // A nested tensor holds arrays, which no check takes.
  return data.length === shape.reduce((a: number, b: number) => a * b, 1) && data.every(check)
}

function isNumberOrNull(value: unknown): boolean {
  return value === null || typeof value === 'number'
}

function isWhole(limit: number) {
  return (value: unknown) => Number.isInteger(value) && Math.abs(value as number) < limit
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isIndex = (value: unknown, length: number): boolean =>
  value === null || (Array.isArray(value) && value.length === length)

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (isObject(value) && Object.keys(value).length === 0)
