/** What MySQL's protocol says of a column of an answer. */
export interface MysqlField {
  /** Number of the type: `MYSQL_TYPE_…`. */
  readonly columnType: number
  readonly flags: number
  /** Number of the character set; 63 is none: bytes. */
  readonly characterSet: number
  /** Longest text of a value, in bytes. */
  readonly columnLength: number
  readonly decimals: number
  /** `json` where MariaDB says so of a text. */
  readonly extendedFormat?: string
  /** MariaDB's own types: `uuid`, `inet6`, `point`, … */
  readonly extendedTypeName?: string
}

/** How a MySQL type becomes one of DuckDB's. */
export interface TypeMapping {
  /** MySQL's name of the type. */
  readonly type: string
  /** MySQL's expression that gives the value as the text to be sent; `$` stands for the column. */
  readonly send: string
  readonly duckdb: string
  /** DuckDB's expression that reads that text; `$` stands for the text. */
  readonly cast: string
  readonly warning?: string
  /** How values are ordered and compared: undefined where they have no order of their own. */
  readonly order?: Order
}

export interface Order {
  /** MySQL's expression to order by, whatever collation the column has; `$` stands for the column. */
  readonly by: string
  /** A value's text as a literal that is compared with it; undefined for a text that is none. */
  literal(text: string): string | undefined
}

const [unsigned, isEnum, isSet] = [32, 256, 2048]
const bytes = 63

const number = (text: string) => (/^[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/i.test(text) ? text : undefined)
const moment = (text: string) => (/^-?[\d: .-]+$/.test(text) ? `'${text}'` : undefined)
const inHex = (text: string) => `x'${Buffer.from(text).toString('hex')}'`

const asNumber: Order = { by: '$', literal: number }
const asMoment: Order = { by: '$', literal: moment }
/** By bytes: a collation may hold two different texts for the same, and one of them would be lost between two files. */
const asText: Order = { by: 'cast(convert($ using utf8mb4) as binary)', literal: inHex }

const integer = (type: string, field: MysqlField, signed: string): TypeMapping => {
  const isUnsigned = (field.flags & unsigned) !== 0
  const duckdb = isUnsigned ? `U${signed}` : signed
  return {
    type: isUnsigned ? `${type} unsigned` : type,
    send: '$',
    duckdb,
    cast: `$::${duckdb}`,
    order: asNumber,
  }
}
const plain = (type: string, duckdb: string, order: Order): TypeMapping => ({
  type,
  send: '$',
  duckdb,
  cast: `$::${duckdb}`,
  order,
})
const text = (type: string): TypeMapping => ({ type, send: '$', duckdb: 'VARCHAR', cast: '$', order: asText })
const blob = (type: string): TypeMapping => ({ type, send: 'hex($)', duckdb: 'BLOB', cast: 'unhex($)' })
const json: TypeMapping = { type: 'json', send: '$', duckdb: 'JSON', cast: '$::JSON' }

/** The mapping of a column by what the protocol says of it. The table for users is in docs/data-import.md. */
export function mappingOf(field: MysqlField): TypeMapping {
  if (field.extendedFormat === 'json') return json
  if (field.extendedTypeName === 'uuid') return { ...plain('uuid', 'UUID', asText), order: asText }
  switch (field.columnType) {
    case 0x01:
      return integer('tinyint', field, 'TINYINT')
    case 0x02:
      return integer('smallint', field, 'SMALLINT')
    case 0x09:
      return integer('mediumint', field, 'INTEGER')
    case 0x03:
      return integer('int', field, 'INTEGER')
    case 0x08:
      return integer('bigint', field, 'BIGINT')
    case 0x0d:
      return plain('year', 'SMALLINT', asNumber)
    case 0x04:
      // As text a float has six digits; as a double it has all of them.
      return { ...plain('float', 'FLOAT', { by: '($ + 0e0)', literal: number }), send: '($ + 0e0)' }
    case 0x05:
      return plain('double', 'DOUBLE', asNumber)
    case 0x00:
    case 0xf6:
      return decimal(field)
    case 0x0a:
    case 0x0e:
      return plain('date', 'DATE', asMoment)
    case 0x0c:
      return plain('datetime', 'TIMESTAMP', asMoment)
    case 0x07:
      // The session's zone is UTC.
      return {
        ...plain('timestamp', 'TIMESTAMP WITH TIME ZONE', asMoment),
        cast: `($ || '+00')::TIMESTAMP WITH TIME ZONE`,
      }
    case 0x0b:
      return plain('time', 'TIME', asMoment)
    case 0x10: {
      const isOne = field.columnLength === 1
      const duckdb = isOne ? 'BOOLEAN' : 'UBIGINT'
      const order = { by: '($ + 0)', literal: number }
      return { ...plain(`bit(${field.columnLength})`, duckdb, order), send: '($ + 0)' }
    }
    case 0xf5:
      return json
    case 0xff:
      return {
        type: field.extendedTypeName ?? 'geometry',
        send: 'st_astext($)',
        duckdb: 'VARCHAR',
        cast: '$',
      }
    case 0x06:
      return { type: 'null', send: '$', duckdb: 'VARCHAR', cast: '$' }
    default:
      return ofText(field)
  }
}

function ofText({ flags, characterSet, columnLength }: MysqlField): TypeMapping {
  if ((flags & isEnum) !== 0) return text('enum')
  if ((flags & isSet) !== 0) return text('set')
  // A null that was given no type is no bytes at all.
  if (characterSet === bytes) return columnLength === 0 ? text('null') : blob('binary')
  return text('text')
}

/** DuckDB's decimals have so many digits at most. */
const mostDigits = 38

/** The length counts the sign and the point. */
function decimal({ columnLength, decimals, flags }: MysqlField): TypeMapping {
  const digits = columnLength - (decimals > 0 ? 1 : 0) - ((flags & unsigned) === 0 ? 1 : 0)
  const type = `decimal(${digits},${decimals})`
  if (digits <= mostDigits) return plain(type, `DECIMAL(${Math.max(digits, 1)},${decimals})`, asNumber)
  return {
    ...plain(type, 'DOUBLE', asNumber),
    warning: `is ${type}, which has more digits than a decimal could have, and is kept as DOUBLE (about 15 digits); cast it to decimal(38,s) in the query to keep it exactly, or to char`,
  }
}
