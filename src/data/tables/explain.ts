import { AnalyticsError, type RowStream, type Session } from '../../analytics/analytics.ts'
import type { DataFile } from './files/data-file.ts'

/**
 * A session whose errors speak of the user's files: by the names the user knows, with line, column and what was
 * expected, and without DuckDB's advice on options that nobody here can set.
 */
export function explaining(session: Session, files: readonly DataFile[]): Session {
  const names = new Map(files.map(({ path, shown }) => [path, shown]))
  const explained = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw explain(error, names)
    }
  }
  return {
    run: (sql, values) => explained(session.run(sql, values)),
    all: (sql, values) => explained(session.all(sql, values)),
    select: (sql, options) => explained(session.select(sql, options)),
    append: (table, rows) => explained(session.append(table, rows)),
    tablesIn: (sql) => explained(session.tablesIn(sql)),
    histograms: (sql, options) => explained(session.histograms(sql, options)),
    async stream(sql, values): Promise<RowStream> {
      const stream = await explained(session.stream(sql, values))
      return {
        columns: stream.columns,
        async *[Symbol.asyncIterator]() {
          try {
            yield* stream
          } catch (error) {
            throw explain(error, names)
          }
        },
      }
    },
  }
}

/** The error as its reader can use it; what is none of DuckDB's is left as it is. */
export function explain(error: unknown, names: ReadonlyMap<string, string>): unknown {
  if (!(error instanceof AnalyticsError) || (error.kind !== 'value' && error.kind !== 'statement'))
    return error
  if (/state machine reached an invalid state/i.test(error.message))
    return new AnalyticsError(
      'value',
      'The file cannot be read as CSV: its lines end in different ways (CRLF, LF, CR), or a quote stands where none may. Write it anew with one end of lines, and fields with quotes in quotes.',
      { cause: error },
    )
  const told = outsideFile(error.message) ?? csvError(error.message, names) ?? jsonError(error.message, names)
  if (told !== undefined) return new AnalyticsError('value', told, { cause: error })
  const message = withNames(error.message, names).replace(ourOwnSql, '')
  return message === error.message ? error : new AnalyticsError(error.kind, message, { cause: error })
}

/** A question that names a file or an address itself: `read_csv('/etc/passwd')`. */
function outsideFile(message: string): string | undefined {
  const [, file, place = ''] =
    /^Permission Error: Cannot access (?:file|directory) "([^]*?)" - [^\n]*(\n\nLINE [^]*)?$/.exec(message) ??
    []
  return file === undefined
    ? undefined
    : `'${cut(file, 200)}' cannot be read here, only the workspace's data: name an asset (flights, flights:3) or a path of a datastore in double quotes ("azureml://datastores/…").${place}`
}

/** DuckDB shows the line of SQL that it means, which tells a reader nothing where it is how we read files. */
const ourOwnSql = /\n+LINE \d+: .*read_(?:csv|json|parquet)\([^]*$/

/** Local paths say nothing to a user, and are none of their business. */
function withNames(message: string, names: ReadonlyMap<string, string>): string {
  let text = message
  for (const [path, shown] of names) if (text.includes(path)) text = text.replaceAll(path, shown)
  return text
}

/** What DuckDB says of a CSV file, as one sentence: `flights.csv:3 has 1 field where 2 are expected`. */
function csvError(message: string, names: ReadonlyMap<string, string>): string | undefined {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1]
  if (line === undefined) return undefined
  const file = /\n\s+file = (.*)\n/.exec(message)?.[1] ?? ''
  const place = `${names.get(file) ?? (file === '' ? 'the file' : file)}:${line}`
  const original = /Original Line: ?([^]*?)\n(?:Expected|Error|Value|Invalid|Possible|Maximum|\n)/.exec(
    message,
  )?.[1]
  const shownLine = original?.split('\n').find((text) => text.trim() !== '')
  const quoted = shownLine === undefined ? '' : `\n  ${cut(shownLine, 200)}`
  const count = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message)
  if (count !== null)
    return `${place} has ${fields(Number(count[2]))} where ${count[1]} are expected.${quoted}`
  const conversion =
    /Error when converting column "([^]*?)"\. (?:Could not convert string |.*?)"([^]*?)" to '(.*?)'/.exec(
      message,
    )
  if (conversion !== null)
    return `${place}, column '${conversion[1]}': ${JSON.stringify(cut(conversion[2] ?? '', 100))} is no ${conversion[3]}, which all values before it are.${quoted}`
  if (/unterminated quote/i.test(message)) return `${place} opens a quote that is never closed.${quoted}`
  if (/Invalid unicode/i.test(message))
    return `${place} is not UTF-8, which the text before it is. Write the file in one encoding, or name it in an MLTable: read_delimited: { encoding: latin1 }.`
  if (/Maximum line size/i.test(message))
    return `${place} is longer than 2 MB: a quote that is never closed, perhaps.`
  const rest = message
    .split('\n')
    .find((text) => text !== '' && !/^(?:Invalid Input Error|Original Line|Possible)/.test(text))
  return `${place} cannot be read: ${rest ?? message.split('\n')[0]}${quoted}`
}

const fields = (count: number) => (count === 1 ? '1 field' : `${count} fields`)

/** `Malformed JSON in file "…", at byte 7 in line 3: unexpected end of data.` */
function jsonError(message: string, names: ReadonlyMap<string, string>): string | undefined {
  const malformed =
    /Malformed JSON in file "([^]*?)", at byte (\d+) in (?:line|record\/value|array) (\d+): ([^]*?)\.?\s*(?:\n|$)/.exec(
      message,
    )
  if (malformed !== null)
    // DuckDB has counted the line already when it says that it is malformed.
    return `${names.get(malformed[1] ?? '') ?? malformed[1]}:${Number(malformed[3]) - 1} is no JSON: ${malformed[4]} at byte ${malformed[2]}.`
  const cast =
    /JSON transform error in file "([^]*?)", in (?:line|record\/value) (\d+): ([^]*?)(?:\n|$)/.exec(message)
  if (cast === null) return undefined
  return `${names.get(cast[1] ?? '') ?? cast[1]}:${cast[2]} does not fit: ${(cast[3] ?? '').replace(/\.? Try increasing.*$/, '')}.`
}

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most)}…` : text)
