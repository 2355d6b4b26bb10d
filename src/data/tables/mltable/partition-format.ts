/** A column that a path holds a part of: text, or a moment of which the path has year, month, … */
export interface PartitionColumn {
  readonly name: string
  /** Names of the groups whose values, joined in this order, are the value. */
  readonly groups: readonly number[]
  /** strptime's format of the groups' values joined by spaces; undefined for text. */
  readonly format?: string
}

/** The parts of a date that a format may name, with the digits they have. */
const dateParts: Readonly<Record<string, readonly [pattern: string, format: string]>> = {
  yyyy: ['\\d{4}', '%Y'],
  MM: ['\\d{2}', '%m'],
  dd: ['\\d{2}', '%d'],
  HH: ['\\d{2}', '%H'],
  mm: ['\\d{2}', '%M'],
  ss: ['\\d{2}', '%S'],
}

/**
 * The regular expression of a partition format and the columns that its groups make, e.g. of
 * `/{Department}/{Date:yyyy/MM/dd}/data.csv`. `{name}` is text; `{name:yyyy/MM/dd/HH/mm/ss}` a moment. It is to match the
 * end of a path. Throws an Error that says what is wrong with the format.
 */
export function partitionPattern(format: string): {
  readonly pattern: string
  readonly columns: readonly PartitionColumn[]
} {
  const columns: PartitionColumn[] = []
  let groups = 0
  let pattern = ''
  let end = 0
  for (const match of format.matchAll(/\{([^{}:]*)(?::([^{}]*))?\}/g)) {
    const [whole, name = '', date] = match
    pattern += escape(format.slice(end, match.index))
    end = match.index + whole.length
    if (name === '') throw new Error(`has ${whole}, which names no column`)
    if (columns.some((column) => column.name === name)) throw new Error(`has {${name}} twice`)
    if (date === undefined) {
      pattern += '([^/]+?)'
      columns.push({ name, groups: [++groups] })
      continue
    }
    const parts: { readonly group: number; readonly format: string }[] = []
    const rest = date.replaceAll(/yyyy|MM|dd|HH|mm|ss|[^]/g, (part) => {
      const known = dateParts[part]
      if (known === undefined) {
        if (/[A-Za-z]/.test(part))
          throw new Error(
            `has {${name}:${date}}, of which '${part}' is no part of a date; expected yyyy, MM, dd, HH, mm, ss`,
          )
        return escape(part)
      }
      parts.push({ group: ++groups, format: known[1] })
      return `(${known[0]})`
    })
    if (!date.startsWith('yyyy'))
      throw new Error(`has {${name}:${date}}; expected a date that begins with yyyy`)
    pattern += rest
    columns.push({
      name,
      groups: parts.map(({ group }) => group),
      format: parts.map((part) => part.format).join(' '),
    })
  }
  if (columns.length === 0)
    throw new Error(`is ${JSON.stringify(format)}; expected columns such as /{year}/{month}/data.csv`)
  return { pattern: `${pattern}${escape(format.slice(end)).replaceAll('\\*', '[^/]*')}$`, columns }
}

const escape = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
