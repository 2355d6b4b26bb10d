import { errors } from '../../kernel/errors.ts'

/** What a `$filter` asks of a label: one of some values, or any (`*`), which also tells its values apart in the answer. */
export interface Condition {
  readonly label: string
  readonly values: readonly string[] | '*'
}

const shape = "deployment eq 'blue' and (status eq '200' or status eq '429')"

/**
 * Reads the `$filter` of Azure Monitor's metrics: `name eq 'value'`, joined by `and`, alternatives for one name by `or`
 * in brackets or without; `'*'` is any value. A quote within a value is written twice. Throws badRequest with where it
 * cannot be read.
 */
export function readFilter(text: string): readonly Condition[] {
  const conditions = new Map<string, Set<string>>()
  const term = /\s*(\(*)\s*([A-Za-z_][\w.]*)\s+eq\s+'((?:[^']|'')*)'\s*(\)*)\s*(and\b|or\b|$)/iy
  let last: { label: string; joiner: string } | undefined
  let open = 0
  while (text.trim() !== '' && term.lastIndex < text.length) {
    const at = term.lastIndex
    const found = term.exec(text)
    const [, opens = '', label = '', value = '', closes = '', joiner = ''] = found ?? []
    open += opens.length - closes.length
    if (found === null || open < 0 || (joiner === '' && open > 0)) throw unreadable(text, at)
    if (last?.joiner === 'or' && last.label !== label)
      throw errors.badRequest(
        `$filter joins '${last.label}' and '${label}' by 'or'; alternatives are of one name, as in ${shape}.`,
        { target: '$filter' },
      )
    const values = conditions.get(label) ?? new Set<string>()
    conditions.set(label, values.add(value.replaceAll("''", "'")))
    last = { label, joiner: joiner.toLowerCase() }
    if (joiner !== '' && text.slice(term.lastIndex).trim() === '') throw unreadable(text, term.lastIndex)
  }
  return [...conditions].map(([label, values]) => ({ label, values: values.has('*') ? '*' : [...values] }))
}

const unreadable = (text: string, at: number) =>
  errors.badRequest(`$filter cannot be read from '${text.slice(at).trim()}' on; expected ${shape}.`, {
    target: '$filter',
  })

/** Whether labels are as a filter asks; a label that is not there is not `*`. */
export const matches = (
  labels: Readonly<Record<string, string>>,
  conditions: readonly Condition[],
): boolean =>
  conditions.every(({ label, values }) => {
    const value = labels[label]
    return value !== undefined && (values === '*' || values.includes(value))
  })
