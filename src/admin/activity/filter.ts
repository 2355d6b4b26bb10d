import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'

/** What a `$filter` of the activity log asks for. Times in ms since 1970, both inclusive. */
export interface ActivityFilter {
  readonly from?: number
  readonly to?: number
  readonly resourceUri?: string
  readonly resourceGroupName?: string
  /** Name or id of a principal. */
  readonly caller?: string
  /** A part of an operation: `Microsoft.MachineLearningServices/workspaces/jobs/write`, `roleAssignments`. */
  readonly operations?: string
  readonly resourceProvider?: string
  readonly correlationId?: string
}

const fields = [
  'eventTimestamp',
  'resourceUri',
  'resourceGroupName',
  'caller',
  'operations',
  'resourceProvider',
  'correlationId',
] as const

const condition = /^\s*(\w+)\s+(eq|ge|le)\s+'((?:[^']|'')*)'\s*(?:and\b|$)/i

/**
 * Reads Azure's filter of the activity log: comparisons joined by `and`, such as `eventTimestamp ge '2026-11-01T00:00:00Z'
 * and caller eq 'ana'`. Throws badRequest that tells from where on it cannot be read, or the nearest field.
 */
export function readFilter(text: string): ActivityFilter {
  const found: Record<string, string | number> = {}
  for (let rest = text.trim(); rest !== '';) {
    const [whole = '', name = '', operator = '', quoted = ''] = condition.exec(rest) ?? []
    const field = fields.find((one) => one.toLowerCase() === name.toLowerCase())
    if (whole === '' || (whole.length < rest.length && !/and$/i.test(whole)))
      throw wrong(
        `it cannot be read from '${rest.slice(0, 60)}' on; expected "caller eq 'ana'", joined by 'and'`,
      )
    if (field === undefined) {
      const near = nearest(name, fields)
      throw wrong(`'${name}' is no field of it${near === undefined ? '' : `; did you mean '${near}'?`}`)
    }
    const value = quoted.replaceAll("''", "'")
    if (field === 'eventTimestamp') Object.assign(found, timeOf(operator.toLowerCase(), value))
    else if (operator.toLowerCase() === 'eq') found[field] = value
    else throw wrong(`'${field}' is compared by 'eq' only`)
    rest = rest.slice(whole.length).trim()
    if (rest === '' && /and$/i.test(whole)) throw wrong("nothing follows the last 'and'")
  }
  return found
}

function timeOf(operator: string, value: string): Pick<ActivityFilter, 'from' | 'to'> {
  const time = Date.parse(value)
  if (Number.isNaN(time)) throw wrong(`'${value}' is no time; expected one as 2026-11-01T00:00:00Z`)
  if (operator === 'ge') return { from: time }
  if (operator === 'le') return { to: time }
  throw wrong("'eventTimestamp' is compared by 'ge' and 'le'")
}

const wrong = (why: string) => errors.badRequest(`$filter: ${why}.`, { target: '$filter' })
