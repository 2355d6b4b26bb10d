import { errors } from '../../../kernel/errors.ts'

/** PostgreSQL's own limit. */
const mostColumns = 1600

/** A query without the semicolon that people end it with. Throws badRequest if nothing is left. */
export function questionOf(query: string): string {
  const question = query.replace(/(?:\s|;)+$/, '')
  if (question.trim() === '') throw errors.badRequest('There is no query to ask.')
  return question
}

/**
 * Throws badRequest unless there are columns and each has a name of its own, whatever its case: DuckDB and Parquet's
 * readers need it.
 */
export function checkNames(names: readonly string[]): void {
  if (names.length === 0) throw errors.badRequest('The query answers with no columns.')
  if (names.length > mostColumns)
    throw errors.badRequest(`The query answers with ${names.length} columns; ${mostColumns} can be taken.`)
  const seen = new Map<string, string>()
  for (const name of names) {
    const twin = seen.get(name.toLowerCase())
    if (twin !== undefined)
      throw errors.badRequest(
        `The query answers with two columns named '${twin}'${twin === name ? '' : ` and '${name}'`}: give one of them another name with 'as'.`,
      )
    seen.set(name.toLowerCase(), name)
  }
}
