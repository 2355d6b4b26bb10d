import { StatementType, type DuckDBConnection, type DuckDBExtractedStatements } from '@duckdb/node-api'
import { AnalyticsError, type Cell, type Row } from '../analytics.ts'

/** An answer is text in the end, and lies in the server's memory more than once: this is what it may hold, in characters. */
const mostCharacters = 32 * 2 ** 20

/** The statements in a text. Throws `statement` where there is none. */
export async function statementsOf(
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBExtractedStatements> {
  try {
    return await connection.extractStatements(sql)
  } catch (error) {
    // What DuckDB's client says where the text has no statement in it at all.
    if (!(error instanceof Error) || !/native callback/.test(error.message)) throw error
    throw new AnalyticsError('statement', 'There is no question: expected one select.')
  }
}

/** Throws unless the text is one question and nothing else, of tables and columns that are there. */
export async function checkQuestion(connection: DuckDBConnection, sql: string): Promise<void> {
  const statements = await statementsOf(connection, sql)
  if (statements.count !== 1)
    throw new AnalyticsError('statement', `Expected one select, got ${statements.count} statements.`)
  const prepared = await statements.prepare(0)
  const type = prepared.statementType
  prepared.destroySync()
  if (type === StatementType.SELECT) return
  if (type === StatementType.EXPLAIN) return checkExplained(connection, sql)
  throw notAsked(StatementType[type])
}

/** `explain analyze` does what it explains, so that this must be a question, too. */
async function checkExplained(connection: DuckDBConnection, sql: string): Promise<void> {
  const explained = /^\s*explain\s+(?:analyze\s+)?(?!analyze\b|\()([^]*)$/i.exec(sql)?.[1]
  if (explained === undefined)
    throw new AnalyticsError(
      'statement',
      'Only questions can be explained here: expected explain or explain analyze, and then one select.',
    )
  const statements = await statementsOf(connection, explained)
  const prepared = await statements.prepare(0)
  const type = prepared.statementType
  prepared.destroySync()
  if (type !== StatementType.SELECT) throw notAsked(StatementType[type])
}

const notAsked = (type: string | undefined) =>
  new AnalyticsError(
    'statement',
    `Only questions can be asked here (select, with, values, describe, summarize); this is ${type ?? 'something else'}.`,
  )

/** Adds rows up, and throws `statement` at the one with which they are too large to be told. */
export function createMeasure(): (row: Row) => void {
  let characters = 0
  return (row) => {
    for (const cell of row) characters += lengthOf(cell)
    if (characters > mostCharacters)
      throw new AnalyticsError(
        'statement',
        `The answer has more than ${mostCharacters / 2 ** 20} million characters. Ask for fewer rows or columns, or for parts of long values (left(text, 100)); a data export writes any number of rows.`,
      )
  }
}

/** About the length of a value as text. */
function lengthOf(cell: Cell): number {
  if (typeof cell === 'string') return cell.length + 3
  if (typeof cell !== 'object' || cell === null) return 8
  if (Array.isArray(cell))
    return (cell as readonly Cell[]).reduce<number>((sum, part) => sum + lengthOf(part), 2)
  return Object.entries(cell).reduce((sum, [name, part]) => sum + name.length + 4 + lengthOf(part), 2)
}
