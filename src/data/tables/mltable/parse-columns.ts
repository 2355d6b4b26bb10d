import type { Columns, ColumnType, Conversion } from './program.ts'
import type { Reader } from './yaml-reader.ts'

/** Columns as `keep_columns`, `drop_columns` and conversions name them: a name, a list of names, or a pattern. */
export function parseColumns(reader: Reader): Columns {
  const { place } = reader
  if (!reader.isMap()) {
    const names = reader.texts()
    if (names.length === 0) reader.problem('names no column')
    return { names, place }
  }
  reader.only(['pattern', 'ignore_case', 'invert'])
  const invert = reader.get('invert').flag(false)
  const flags = reader.get('ignore_case').flag(false) ? 'iu' : 'u'
  try {
    return { pattern: new RegExp(reader.get('pattern').text(''), flags), invert, place }
  } catch (error) {
    reader.get('pattern').problem(`is no regular expression: ${(error as Error).message}`)
    return { pattern: /(?!)/, invert, place }
  }
}

/** `[{columns, column_type}]`, as conversions and overrides are written. */
export function parseConversions(reader: Reader): readonly Conversion[] {
  return reader.items().map((item) => {
    item.only(['columns', 'column_type'])
    if (item.get('columns').isMissing) item.problem('names no columns')
    if (item.get('column_type').isMissing) item.problem('has no column_type')
    return { columns: parseColumns(item.get('columns')), type: parseType(item.get('column_type')) }
  })
}

const plain = ['string', 'int', 'float', 'boolean', 'stream_info'] as const

function parseType(reader: Reader): ColumnType {
  if (reader.isMissing) return { kind: 'string' }
  if (!reader.isMap()) {
    if (reader.raw === 'datetime')
      reader.problem('(datetime) needs its formats: datetime: { formats: ["%Y-%m-%d"] }')
    const kind = reader.raw === 'datetime' ? 'string' : reader.oneOf(plain, 'string')
    return kind === 'boolean' ? truth([], [], 'missing') : { kind }
  }
  reader.only(['boolean', 'datetime', 'stream_info'])
  if (reader.keys().includes('datetime')) return datetime(reader.get('datetime'))
  if (reader.keys().includes('boolean')) {
    const body = reader.get('boolean')
    body.only(['true_values', 'false_values', 'mismatch_as'])
    const mismatch = body.get('mismatch_as').oneOf(['error', 'true', 'false'], 'error')
    const [yes, no] = [body.get('true_values').texts(), body.get('false_values').texts()]
    if ((yes.length === 0) !== (no.length === 0))
      body.problem('has true_values or false_values; expected both or neither')
    return truth(yes, no, mismatch === 'error' ? 'missing' : mismatch)
  }
  return { kind: 'stream_info' }
}

const truth = (
  yes: readonly string[],
  no: readonly string[],
  mismatchAs: 'true' | 'false' | 'missing',
): ColumnType => ({
  kind: 'boolean',
  trueValues: yes.length === 0 ? ['true', 't', '1'] : yes,
  falseValues: no.length === 0 ? ['false', 'f', '0'] : no,
  mismatchAs,
})

/** What a format may ask for, as strptime has it. */
const specifiers = new Set('aAbBcdDfFgGHIjmMnpSTuUVwWxXyYzZ%-')

function datetime(reader: Reader): ColumnType {
  reader.only(['formats', 'date_constant'])
  const formats = reader.get('formats').texts()
  if (formats.length === 0) reader.get('formats').problem('is empty; expected formats such as "%Y-%m-%d"')
  for (const format of formats)
    for (const [whole, specifier = ''] of format.matchAll(/%(.?)/g))
      if (!specifiers.has(specifier) || specifier === '')
        reader
          .get('formats')
          .problem(
            `has ${JSON.stringify(format)}, in which ${whole} has no meaning; expected %Y %m %d %H %M %S and the like`,
          )
  const constant = reader.get('date_constant')
  return { kind: 'datetime', formats, dateConstant: constant.isMissing ? undefined : constant.text('') }
}
