import {
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBArrayValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { Cell, Value } from '../analytics.ts'

/** A value of DuckDB's as it crosses to the server: see `Cell`. */
export function cellOf(value: DuckDBValue): Cell {
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
    return value
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : String(value)
  }
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(cellOf)
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([name, field]) => [name, cellOf(field)]))
  if (value instanceof DuckDBMapValue)
    return Object.fromEntries(value.entries.map((entry) => [String(entry.key), cellOf(entry.value)]))
  if (value instanceof DuckDBUnionValue) return { [value.tag]: cellOf(value.value) }
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  if (value instanceof DuckDBTimestampTZValue) return iso(value).replace(/\+00$/, 'Z')
  return isTimestamp(value) ? iso(value) : String(value)
}

const timestamps = [
  DuckDBTimestampValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
]
const isTimestamp = (value: DuckDBValue) => timestamps.some((kind) => value instanceof kind)
const iso = (value: { toString(): string }) => value.toString().replace(' ', 'T')

/** A value of the server's as DuckDB binds it; a date is a timestamp in UTC. */
export const bindable = (value: Value): DuckDBValue =>
  value instanceof Date ? new DuckDBTimestampTZValue(BigInt(value.getTime()) * 1000n) : value
