/**
 * Names of the tables that a statement reads and does not itself define, from its syntax tree as DuckDB's
 * `json_serialize_sql` gives it; each once, with their schema if one is written.
 */
export function tablesInTree(tree: unknown): readonly string[] {
  const found = new Set<string>()
  visit(tree, new Set(), found)
  return [...found]
}

interface CommonTable {
  readonly key: string
  readonly value: { readonly query: unknown }
}

/** `defined` are the common table expressions that are seen from here, in lower case. */
function visit(node: unknown, defined: ReadonlySet<string>, found: Set<string>): void {
  if (typeof node !== 'object' || node === null) return
  if (Array.isArray(node)) return node.forEach((part) => visit(part, defined, found))
  const fields = node as Readonly<Record<string, unknown>>
  const { type, schema_name: schema = '', table_name: table } = fields
  if (type === 'BASE_TABLE' && typeof table === 'string')
    if (schema !== '') found.add(`${String(schema)}.${table}`)
    else if (!defined.has(table.toLowerCase())) found.add(table)
  const { cte_map: common, ...rest } = fields
  const inner = new Set(defined)
  for (const { key, value } of (common as { map?: readonly CommonTable[] } | undefined)?.map ?? []) {
    // One that calls itself is defined where it is written; any other sees those before it.
    const isRecursive = /"type":"RECURSIVE_CTE_NODE"/.test(JSON.stringify(value.query))
    visit(value.query, isRecursive ? new Set([...inner, key.toLowerCase()]) : inner, found)
    inner.add(key.toLowerCase())
  }
  for (const part of Object.values(rest)) visit(part, inner, found)
}
