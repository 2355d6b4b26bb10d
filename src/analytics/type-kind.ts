/** What a type of DuckDB's holds, as far as it matters how its values are compared and summed up. */
export type TypeKind =
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'time'
  | 'text'
  | 'json'
  /** Lists, structs, maps: values with values in them. */
  | 'nested'
  /** Bytes, bits, shapes: values without an order that means something. */
  | 'opaque'
  /** Intervals, and what a later version of DuckDB brings. */
  | 'other'

const kinds: readonly (readonly [TypeKind, RegExp])[] = [
  ['nested', /\]$|^(?:STRUCT|MAP|UNION)\(/],
  ['integer', /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|BIGNUM)$/],
  ['decimal', /^DECIMAL\(/],
  ['float', /^(?:FLOAT|DOUBLE)$/],
  ['boolean', /^BOOLEAN$/],
  ['date', /^DATE$/],
  ['timestamp', /^TIMESTAMP/],
  ['time', /^TIME(?:_NS| WITH TIME ZONE)?$/],
  ['text', /^(?:VARCHAR|UUID|ENUM\()/],
  ['json', /^JSON$/],
  ['opaque', /^(?:BLOB|BIT|VARIANT|GEOMETRY)/],
]

/** The kind of a type as DuckDB writes it, e.g. `DECIMAL(12,2)`, `TIMESTAMP WITH TIME ZONE`, `VARCHAR[]`. */
export const typeKind = (type: string): TypeKind =>
  kinds.find(([, pattern]) => pattern.test(type))?.[0] ?? 'other'

/** True of kinds that are numbers. */
export const isNumber = (kind: TypeKind): boolean =>
  kind === 'integer' || kind === 'decimal' || kind === 'float'
