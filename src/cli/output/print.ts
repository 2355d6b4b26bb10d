import { Failure, messageOf } from '../failure.ts'
import { textOf } from '../present/present.ts'
import { table } from './table.ts'

/**
 * A command's result as text, ready to be written: `query` (JMESPath) picks from it first. Undefined and null print
 * nothing, as with az.
 */
export async function render(
  result: unknown,
  options: {
    readonly query?: string | undefined
    readonly output: string
    readonly columns?: Readonly<Record<string, string>>
  },
): Promise<string> {
  const { query, output } = options
  const picked = query === undefined ? result : await search(result, query)
  if (picked === undefined || picked === null || output === 'none') return ''
  switch (output) {
    case 'tsv':
      return tsv(picked)
    case 'table':
      return table(
        query === undefined && options.columns !== undefined ? await pick(picked, options.columns) : picked,
      )
    case 'yaml':
    case 'yamlc': {
      const { stringify } = await import('yaml')
      return stringify(picked, { lineWidth: 0 })
    }
    default:
      return `${JSON.stringify(picked, undefined, 2)}\n`
  }
}

/** Evaluates JMESPath; a mistake in the expression is a usage failure. */
export async function search(value: unknown, query: string): Promise<unknown> {
  const { default: jmespath } = await import('jmespath')
  try {
    return jmespath.search(value, query)
  } catch (error) {
    throw new Failure(`--query ${query}: ${messageOf(error)}`, {
      exitCode: 2,
      hint: 'https://jmespath.org has a tutorial; quote it for the shell, e.g. --query "[].name"',
      cause: error,
    })
  }
}

/** Tab-separated as az prints it: a row for each item, lists as their length, objects as nothing, null as None. */
export function tsv(value: unknown): string {
  const rows = Array.isArray(value) ? (value as unknown[]) : [value]
  return rows
    .map((row) => {
      if (Array.isArray(row)) return row.map(cell).join('\t')
      if (typeof row === 'object' && row !== null) return Object.values(row).map(cell).join('\t')
      return cell(row)
    })
    .map((line) => `${line}\n`)
    .join('')
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (Array.isArray(value)) return String(value.length)
  if (typeof value === 'object') return ''
  return textOf(value)
}

async function pick(value: unknown, columns: Readonly<Record<string, string>>): Promise<unknown> {
  const rows = Array.isArray(value) ? (value as unknown[]) : [value]
  return Promise.all(
    rows.map(async (row) => {
      const entries: [string, unknown][] = []
      for (const [heading, path] of Object.entries(columns)) entries.push([heading, await search(row, path)])
      return Object.fromEntries(entries)
    }),
  )
}
