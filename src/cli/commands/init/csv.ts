/** A CSV file as text: its header, and each row beside the lines that it stands in. */
export interface Table {
  readonly header: readonly string[]
  /** The header's lines as they are in the file, without the end of the last. */
  readonly headerText: string
  readonly rows: readonly Row[]
}

export interface Row {
  /** Where it begins in the file, counted from 1. */
  readonly line: number
  readonly text: string
  readonly values: readonly string[]
}

/**
 * Reads comma-separated values as RFC 4180 has them: quoted values may hold commas, quotes (doubled) and ends of lines.
 * Throws a SyntaxError that names the line for a quote that is never closed, and for a row with more or fewer values
 * than the header.
 */
export function parseCsv(text: string): Table {
  const content = text.replace(/^\uFEFF/, '')
  const rows: Row[] = []
  let line = 1
  let at = 0
  while (at < content.length) {
    const { values, end } = readRow(content, at, line)
    const source = content.slice(at, end).replace(/\r?\n$/, '')
    if (source !== '') rows.push({ line, text: source, values })
    line += content.slice(at, end).split('\n').length - 1
    at = end
  }
  const [header, ...data] = rows
  if (header === undefined) throw new SyntaxError('it is empty')
  const uneven = data.find(({ values }) => values.length !== header.values.length)
  if (uneven !== undefined)
    throw new SyntaxError(
      `line ${uneven.line} has ${uneven.values.length} values, and the header has ${header.values.length}`,
    )
  return { header: header.values, headerText: header.text, rows: data }
}

/** One row from `at` on, and where the next begins. */
function readRow(text: string, at: number, line: number): { values: string[]; end: number } {
  const values: string[] = []
  for (let i = at; ;) {
    if (text[i] === '"') {
      const closing = closingQuote(text, i + 1, line)
      values.push(text.slice(i + 1, closing).replaceAll('""', '"'))
      i = closing + 1
    } else {
      let end = i
      while (end < text.length && !',\n\r'.includes(text.charAt(end))) end++
      values.push(text.slice(i, end))
      i = end
    }
    if (text[i] === ',') {
      i++
      continue
    }
    if (i < text.length && text[i] !== '\n' && text[i] !== '\r')
      throw new SyntaxError(`line ${line} has text after a closing quote`)
    if (text[i] === '\r') i++
    if (text[i] === '\n') i++
    return { values, end: i }
  }
}

function closingQuote(text: string, from: number, line: number): number {
  for (let i = text.indexOf('"', from); i >= 0; i = text.indexOf('"', i + 2))
    if (text[i + 1] !== '"') return i
  throw new SyntaxError(`line ${line} opens a quote that is never closed`)
}

/** A value as CSV has it: quoted where it must be. */
export const csvValue = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
