import { textOf, type RequestField, type Texts } from './request-fields.ts'

/** Rows that came from elsewhere, as texts of the fields, and what did not fit. */
export interface TakenRows {
  readonly rows: readonly Texts[]
  /** In words: fields that it has not, columns that nobody asks for. */
  readonly notes: readonly string[]
}

/** So many rows are edited and sent at once: beyond that a batch endpoint is the place. */
export const mostRows = 200

/**
 * Rows of text as spreadsheets copy it (tabs) or as CSV. The first line is a header where it names a field; without one the
 * values are the fields' in their order.
 */
export function parseRows(text: string, fields: readonly RequestField[]): TakenRows {
  const lines = linesOf(text)
  const [first = []] = lines
  const names = new Set(fields.map(({ name }) => name))
  const hasHeader = first.some((cell) => names.has(cell.trim()))
  const header = hasHeader ? first.map((cell) => cell.trim()) : fields.map(({ name }) => name)
  return rowsOfTable(header, hasHeader ? lines.slice(1) : lines, fields)
}

/** The same of a table whose columns have names; other columns than the fields are left out. */
export function rowsOfTable(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  fields: readonly RequestField[],
): TakenRows {
  const places = fields.map(({ name }) => ({ name, at: columns.indexOf(name) }))
  const lacking = places.filter(({ at }) => at < 0).map(({ name }) => name)
  const wide = Math.max(0, ...rows.map(({ length }) => length))
  const notes = [
    lacking.length > 0 ? `It has no ${lacking.join(', ')}: left empty.` : '',
    wide > columns.length ? `Rows have up to ${wide} values; there are ${columns.length} columns.` : '',
    rows.length > mostRows ? `The first ${mostRows} of ${rows.length} rows were taken.` : '',
  ]
  return {
    rows: rows
      .slice(0, mostRows)
      .map((row) => Object.fromEntries(places.map(({ name, at }) => [name, at < 0 ? '' : textOf(row[at])]))),
    notes: notes.filter((note) => note !== ''),
  }
}

/** Cells of each line that is not empty. Where the first line has a tab, tabs part cells; otherwise commas do. */
function linesOf(text: string): readonly (readonly string[])[] {
  const separator = (text.split('\n', 1)[0] ?? '').includes('\t') ? '\t' : ','
  const lines: string[][] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  const endCell = () => {
    cells.push(cell)
    cell = ''
  }
  const endLine = () => {
    endCell()
    if (cells.some((one) => one.trim() !== '')) lines.push(cells)
    cells = []
  }
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? ''
    if (isQuoted) {
      if (char !== '"') cell += char
      else if (text[i + 1] === '"') cell += text[++i]
      else isQuoted = false
    } else if (char === '"' && cell === '') isQuoted = true
    else if (char === separator) endCell()
    else if (char === '\n') endLine()
    else if (char !== '\r') cell += char
  }
  endLine()
  return lines
}
