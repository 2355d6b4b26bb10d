import { literal } from '../../../analytics/analytics.ts'
import type { NamedFile } from './compile.ts'
import { partitionPattern } from './partition-format.ts'

/** What the files' paths say by a partition format: a SQL value for each file and column. */
export function partitionValues(
  format: string,
  files: readonly NamedFile[],
): {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly values: readonly (readonly string[])[]
  readonly unmatched: readonly string[]
} {
  const { pattern, columns } = partitionPattern(format)
  const expression = new RegExp(pattern)
  const unmatched: string[] = []
  const types = columns.map((column) => (column.format === undefined ? 'VARCHAR' : 'TIMESTAMP'))
  const values = files.map(({ shown }) => {
    const match = expression.exec(`/${shown}`)
    if (match === null) unmatched.push(shown)
    return columns.map((column, i) => {
      if (match === null) return `null::${types[i]}`
      const text = column.groups.map((group) => match[group] ?? '').join(' ')
      return column.format === undefined
        ? literal(text)
        : `try_strptime(${literal(text)}, ${literal(column.format)})`
    })
  })
  return { columns: columns.map(({ name }, i) => ({ name, type: types[i] ?? 'VARCHAR' })), values, unmatched }
}
