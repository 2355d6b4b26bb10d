import { AnalyticsError, type Session } from '../../analytics/analytics.ts'

/** A table that a question speaks of, where it does. */
export interface TableName {
  readonly name: string
  /** Offset in the question. */
  readonly at: number
}

export interface Question {
  /** The question as DuckDB parses it: names of assets such as `flights@latest` are quoted. */
  readonly sql: string
  /** Names that are no common table expressions and have no schema before them, each once. */
  readonly tables: readonly TableName[]
}

/** Names that people forget to quote are mended so many times. */
const mostMended = 20

/**
 * What a question speaks of, by DuckDB's own parser. `flights:3`, `flights@latest` and `flights-2013` need not be
 * quoted. Throws `statement` with the place for what is no SQL.
 */
export async function readQuestion(session: Session, question: string): Promise<Question> {
  let sql = question
  let first: AnalyticsError | undefined
  for (let i = 0; i < mostMended; i++) {
    const { rows } = await session.all('select json_serialize_sql($1::varchar)', [sql])
    const parsed = JSON.parse(rows[0]?.[0] as string) as Parsed
    if (!parsed.error) return { sql, tables: tablesOf(parsed.statements ?? []) }
    // Some questions are parsed into more than selects (`pivot`), and are asked as they are.
    if (parsed.error_type === 'not implemented') {
      const verb = changing.exec(sql)?.[1]
      if (verb === undefined) return { sql, tables: [] }
      throw new AnalyticsError(
        'statement',
        `'${verb}' is no question: data are only read here. Begin with select, with, from, describe or summarize.`,
      )
    }
    const at = charactersOf(sql, Number(parsed.position ?? 0))
    first ??= new AnalyticsError('statement', `${parsed.error_message}\n\n${pointAt(question, at)}`)
    const mended = quoteAsset(sql, at)
    if (mended === undefined) break
    sql = mended
  }
  throw first ?? new AnalyticsError('statement', 'The question cannot be read.')
}

/** Statements that change something, behind comments and blanks. */
const changing =
  /^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*(insert|update|delete|truncate|merge|create|alter|drop|copy|attach|detach|set|reset|pragma|install|load|call|export|import|begin|commit|vacuum|use)\b/i

interface Parsed {
  readonly error: boolean
  readonly error_type?: string
  readonly error_message?: string
  readonly position?: string
  readonly statements?: readonly unknown[]
}

/** The line of a question in which an offset lies, with a caret under it, as DuckDB shows it. */
export function pointAt(sql: string, at: number): string {
  const before = sql.slice(0, at).split('\n')
  const line = sql.split('\n')[before.length - 1] ?? ''
  const lead = `LINE ${before.length}: `
  return `${lead}${line}\n${' '.repeat(lead.length + (before.at(-1)?.length ?? 0))}^`
}

/** DuckDB counts bytes of UTF-8. */
const charactersOf = (sql: string, bytes: number) => Buffer.from(sql).subarray(0, bytes).toString().length

/** A name of an asset with its version or label, or with a hyphen: none of which SQL has in bare names. */
const assetLike = /^[A-Za-z0-9][\w.-]*(?:[:@][\w.-]+)?$/

/** The question with the name at a place in quotes, if it may be an asset's there. */
function quoteAsset(sql: string, at: number): string | undefined {
  const before = /[\w.:@-]*$/.exec(sql.slice(0, at))?.[0] ?? ''
  const after = /^[\w.:@-]*/.exec(sql.slice(at))?.[0] ?? ''
  const name = before + after
  if (!assetLike.test(name) || !/[:@-]/.test(name)) return undefined
  const start = at - before.length
  if (sql[start - 1] === '"') return undefined
  return `${sql.slice(0, start)}"${name}"${sql.slice(start + name.length)}`
}

/** Walks DuckDB's syntax tree; what a common table expression defines is no table where it is visible. */
function tablesOf(statements: readonly unknown[]): readonly TableName[] {
  const found = new Map<string, TableName>()
  const walk = (node: unknown, defined: ReadonlySet<string>): void => {
    if (Array.isArray(node)) {
      for (const item of node) walk(item, defined)
      return
    }
    if (typeof node !== 'object' || node === null) return
    const {
      type,
      table_name: name,
      schema_name: schema,
      catalog_name: catalog,
      query_location: at,
      cte_map: ctes,
      ...rest
    } = node as Readonly<Record<string, unknown>>
    if (type === 'BASE_TABLE' && schema === '' && catalog === '' && typeof name === 'string') {
      const key = name.toLowerCase()
      if (!defined.has(key) && !found.has(key)) found.set(key, { name, at: Number(at) })
    }
    const visible = new Set(defined)
    for (const { key, value } of entriesOf(ctes)) {
      const isRecursive = JSON.stringify(value).includes('"RECURSIVE_CTE_NODE"')
      walk(value, isRecursive ? new Set([...visible, key.toLowerCase()]) : visible)
      visible.add(key.toLowerCase())
    }
    for (const value of Object.values(rest)) walk(value, visible)
  }
  walk(statements, new Set())
  return [...found.values()]
}

const entriesOf = (ctes: unknown): readonly { readonly key: string; readonly value: unknown }[] =>
  (ctes as { readonly map?: readonly { key: string; value: unknown }[] } | undefined)?.map ?? []
