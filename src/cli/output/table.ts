import { textOf } from '../present/present.ts'

/**
 * An aligned table of a list of objects (or of one, or of lists of cells): numbers to the right, a rule under the
 * headings, nested values and empty columns left out.
 */
export function table(value: unknown): string {
  const items = Array.isArray(value) ? (value as unknown[]) : [value]
  if (items.length === 0) return ''
  const rows: readonly Record<string, unknown>[] = items.map((item) =>
    isObject(item) ? item : Array.isArray(item) ? Object.fromEntries(item.entries()) : { Result: item },
  )
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row).filter((key) => !isNested(row[key]))))]
  const filled = keys.filter((key) => rows.some((row) => show(row[key]) !== ''))
  const headings = filled.length > 0 ? filled : keys
  const numeric = headings.map((h) => rows.every((row) => typeof (row[h] ?? 0) === 'number'))
  const cells = rows.map((row) => headings.map((h) => show(row[h])))
  const titles = headings.map(title)
  const widths = headings.map((_, i) =>
    Math.max(titles[i]?.length ?? 0, ...cells.map((row) => row[i]?.length ?? 0)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((text, i) => (numeric[i] === true ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  return `${[line(titles), widths.map((w) => '─'.repeat(w)).join('  '), ...cells.map(line)].join('\n')}\n`
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isNested = (value: unknown) => typeof value === 'object' && value !== null
const title = (key: string) =>
  /^[a-z]/.test(key) ? key.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase()) : key

function show(value: unknown): string {
  if (value === null || value === undefined || isNested(value)) return ''
  return shortId(textOf(value).replaceAll(/\s+/g, ' '))
}

/** An ARM id as its name, or name and version: the whole of it would fill the screen. */
function shortId(text: string): string {
  const match = /^(?:azureml:)?\/subscriptions\/.*?\/([^/]+)(?:\/versions\/([^/]+))?$/i.exec(text)
  if (match === null) return text
  return match[2] === undefined ? (match[1] ?? text) : `${match[1]}:${match[2]}`
}
