/** How delimited text is written. */
export interface Dialect {
  readonly delimiter: string
  readonly quote: string
  /** What stands before a quote inside quotes: the quote again (RFC 4180), or a backslash. */
  readonly escape: string
  /** `,` where numbers are written as `3,14`. */
  readonly decimal: '.' | ','
  /** Whether the first record names the columns. */
  readonly hasHeader: boolean
}

const delimiters = [',', '\t', ';', '|']

/** Records that are looked at to tell a dialect. */
const records = 200

/**
 * The dialect of delimited text, told from its beginning: of the usual delimiters the one that splits most records
 * into the same number of fields (and more than one). What is given is taken for granted.
 */
export function sniffDialect(text: string, given: Partial<Dialect> = {}): Dialect {
  const quote = given.quote ?? '"'
  const escape = given.escape ?? (usesBackslash(text) ? '\\' : quote)
  const delimiter = given.delimiter ?? bestDelimiter(text, { quote, escape })
  const rows = parseRecords(text, { delimiter, quote, escape }, records)
  const decimal = given.decimal ?? (delimiter !== ',' && hasDecimalCommas(rows) ? ',' : '.')
  return { delimiter, quote, escape, decimal, hasHeader: given.hasHeader ?? looksLikeHeader(rows, decimal) }
}

/** The names in the first record, as they are written. */
export const headerOf = (text: string, dialect: Omit<Dialect, 'decimal' | 'hasHeader'>): readonly string[] =>
  parseRecords(text, dialect, 1)[0] ?? []

type Marks = Pick<Dialect, 'delimiter' | 'quote' | 'escape'>

function bestDelimiter(text: string, marks: Pick<Dialect, 'quote' | 'escape'>): string {
  const scores = delimiters.map((delimiter) => {
    const rows = parseRecords(text, { delimiter, ...marks }, records)
    const counts = new Map<number, number>()
    for (const { length } of rows) if (length > 1) counts.set(length, (counts.get(length) ?? 0) + 1)
    const [fields = 1, times = 0] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? []
    return { delimiter, agreement: times / Math.max(rows.length, 1), fields }
  })
  scores.sort((a, b) => b.agreement - a.agreement || b.fields - a.fields)
  const [best] = scores
  return best === undefined || best.fields === 1 ? ',' : best.delimiter
}

/** The first records of delimited text, without the last one if the text breaks off in it. Empty lines are none. */
export function parseRecords(
  text: string,
  { delimiter, quote, escape }: Marks,
  most: number,
): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let isQuoted = false
  let wasQuoted = false
  const endRow = () => {
    row.push(field)
    if (row.length > 1 || row[0] !== '' || wasQuoted) rows.push(row)
    row = []
    field = ''
    wasQuoted = false
  }
  for (let i = 0; i < text.length && rows.length < most; i++) {
    const c = text[i] ?? ''
    if (isQuoted) {
      if (c === escape && (text[i + 1] === quote || (escape !== quote && text[i + 1] === escape)))
        field += text[++i] ?? ''
      else if (c === quote) isQuoted = false
      else field += c
    } else if (c === quote && field === '') isQuoted = wasQuoted = true
    else if (c === delimiter) {
      row.push(field)
      field = ''
    } else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') i++
      endRow()
    } else field += c
  }
  if (rows.length < most && !isQuoted && (field !== '' || row.length > 0)) endRow()
  return rows
}

/** Lines without anything before the first record. */
export const blankLines = (text: string): number =>
  (/^(?:[ \t]*(?:\r\n|\n|\r))*/.exec(text)?.[0] ?? '').split(/\r\n|\n|\r/).length - 1

/** The ways in which records of the text end: `\r\n`, `\n`, `\r`. What stands in quotes ends none. */
export function recordEnds(text: string, quote = '"'): ReadonlySet<string> {
  const ends = new Set<string>()
  let isQuoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === quote) isQuoted = !isQuoted
    if (isQuoted || (c !== '\n' && c !== '\r')) continue
    // The text may break off between the two.
    if (c === '\r' && i + 1 === text.length) break
    const end = c === '\r' && text[i + 1] === '\n' ? '\r\n' : c
    i += end.length - 1
    ends.add(end)
  }
  return ends
}

/** Quotes inside quotes are written `\"` if they never are `""`. */
const usesBackslash = (text: string) =>
  /\\"(?!\s*(?:[,;\t|\n\r]|$))/.test(text) && !/[^,;\t|\n\r]""/.test(text)

const decimalComma = /^[+-]?\d+,\d+$/
const number = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i
const dateLike = /^\d{4}-\d{2}-\d{2}(?:[ T].*)?$/

function hasDecimalCommas(rows: readonly (readonly string[])[]): boolean {
  const width = Math.max(0, ...rows.map(({ length }) => length))
  return Array.from({ length: width }, (_, i) =>
    rows
      .slice(1)
      .map((row) => row[i] ?? '')
      .filter((v) => v !== ''),
  ).some(
    (values) =>
      values.some((v) => decimalComma.test(v)) && values.every((v) => decimalComma.test(v) || number.test(v)),
  )
}

/**
 * The first record names the columns unless it looks like the others: a number or date stands in it where the others
 * have one. Years are names as well as numbers (`country,2013,2014`), and then they name.
 */
function looksLikeHeader(rows: readonly (readonly string[])[], decimal: string): boolean {
  const [first = [], ...rest] = rows
  const isValue = (v: string) =>
    number.test(v) || dateLike.test(v) || (decimal === ',' && decimalComma.test(v))
  const values = first.filter(isValue)
  if (values.length === 0) return true
  if (
    values.every((v) => /^(?:19|20)\d\d$/.test(v)) &&
    new Set(values).size === values.length &&
    values.length > 1
  )
    return true
  if (rest.length === 0) return values.length < first.length
  return !first.some((v, i) => isValue(v) && rest.some((row) => isValue(row[i] ?? '')))
}

/**
 * Names by which SQL can tell the columns apart: what has none is called `Column{position}`, and what is called as one
 * before it (in any case) gets `_1`, `_2`, … Notes say of which that was so.
 */
export function columnNames(header: readonly string[]): {
  readonly names: readonly string[]
  readonly notes: readonly string[]
} {
  const taken = new Set<string>()
  const notes: string[] = []
  const names = header.map((text, i) => {
    const wanted = text.trim() === '' ? `Column${i + 1}` : text
    let name = wanted
    for (let n = 1; taken.has(name.toLowerCase()); n++) name = `${wanted}_${n}`
    taken.add(name.toLowerCase())
    if (text.trim() === '') notes.push(`column ${i + 1} has no name and is called ${name}`)
    else if (name !== text) notes.push(`a second column '${text}' is called ${name}`)
    return name
  })
  return { names, notes }
}
