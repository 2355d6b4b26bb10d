import { nearest } from '../../../kernel/nearest.ts'
import type { Check, Contract } from '../contract.ts'
import { driftMeasures } from '../contract.ts'
import { columnKeys, readColumn, readDrift } from './of-columns.ts'
import { isTableCheck, ofTables, readFreshness, scalarOption } from './of-tables.ts'
import { optionKeys, readCheck, takeOptions } from './options.ts'
import type { Options } from './options.ts'
import { below, complain, isMap, shown } from '../../../kernel/grammar/place.ts'
import type { Fields, Mistake, Place } from '../../../kernel/grammar/place.ts'
import { flag, oneOf } from '../../../kernel/grammar/values.ts'
import { name, names, rangeKeys } from './values.ts'

/** More checks than this are a mistake, or an attack on whoever has to read their results. */
const mostChecks = 1000

/**
 * Reads a contract from plain values, as YAML or REST has them: `data`, `checks`, `freshness`, `severity`, `enforce`,
 * `examples`; other fields are none of its business. Never throws: of one with mistakes, those that were found.
 */
export function parseContract(value: unknown): {
  readonly contract?: Contract
  readonly mistakes: readonly Mistake[]
} {
  const root: Place = { path: [], mistakes: [] }
  const contract = isMap(value) ? read(root, value) : complain(root, 'a contract is a map of fields')
  return contract === undefined || root.mistakes.length > 0
    ? { mistakes: root.mistakes }
    : { contract, mistakes: [] }
}

function read(root: Place, fields: Fields): Contract | undefined {
  const at = (field: string) => below(root, field)
  const data = dataOf(root, fields['data'])
  const severity =
    fields['severity'] == null ? 'fail' : oneOf('warn', 'fail')(at('severity'), fields['severity'])
  const enforce = fields['enforce'] == null ? false : flag(at('enforce'), fields['enforce'])
  const examples = examplesOf(at('examples'), fields['examples'])
  const around: Options = { severity: severity ?? 'fail' }
  const listed = checksOf(at('checks'), fields['checks'], around)
  const fresh =
    fields['freshness'] == null
      ? undefined
      : readCheck(at('freshness'), fields['freshness'], around, readFreshness, () => 'freshness')
  const checks = named([...listed, ...(fresh === undefined ? [] : [fresh])])
  if (checks.length === 0 && root.mistakes.length === 0)
    complain(root, 'this contract expects nothing', { hint: 'add checks:, e.g. - row_count: { min: 1 }' })
  if (checks.length > mostChecks)
    complain(at('checks'), ` are ${checks.length}; at most ${mostChecks} are possible`)
  if (data === undefined || enforce === undefined || examples === undefined) return undefined
  return { data, checks, enforce, examples }
}

/** A data asset is named without its version: the contract is of all of them. */
function dataOf(root: Place, value: unknown): string | undefined {
  if (value === undefined || value === null)
    return complain(root, 'a contract needs data', { hint: 'add data: the name of a data asset' })
  const found = name(below(root, 'data'), value)?.replace(/^azureml:/i, '')
  if (found === undefined || /^[A-Za-z0-9][\w.-]*$/.test(found)) return found
  const bare = /^([A-Za-z0-9][\w.-]*)[:@]/.exec(found)?.[1]
  return complain(below(root, 'data'), `: "${found}" is not the name of a data asset`, {
    hint: bare === undefined ? undefined : `${bare}, without a version: a contract is of all versions`,
  })
}

const examplesOf = (place: Place, value: unknown): number | undefined => {
  if (value === undefined || value === null) return 20
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 20
    ? value
    : complain(place, `: ${shown(value)} is not a whole number from 0 to 20`)
}

function checksOf(place: Place, value: unknown, around: Options): readonly Check[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) {
    complain(place, ': the checks are not a list', {
      hint: 'each begins with a dash: - row_count: { min: 1 }',
    })
    return []
  }
  return value.flatMap((item, i) => readItem(below(place, i), item, around))
}

/** One entry of the list: `{column: {…}}`, `{keyword: …}`, or `{column: NAME, …}` for a name that is also a keyword. */
function readItem(place: Place, item: unknown, around: Options): readonly Check[] {
  if (!isMap(item)) {
    complain(place, `: ${shown(item)} is not a check`, {
      hint: 'such as - row_count: { min: 1 }, or - price: { not_null: true }',
    })
    return []
  }
  if ('column' in item && !isMap(item['column'])) {
    const { column, ...rest } = item
    const read = name(below(place, 'column'), column)
    return read === undefined ? [] : readColumn(place, read, rest, around)
  }
  const options = Object.entries(item).filter(([key, value]) => scalarOption(key, value))
  const subjects = Object.entries(item).filter(([key, value]) => !scalarOption(key, value))
  const taken = takeOptions(place, Object.fromEntries(options)).options
  if (subjects.length === 0)
    complain(place, ' checks nothing', { hint: 'name a column, or row_count, schema, sql, …' })
  if (taken === undefined) return []
  return subjects.flatMap(([key, spec]) => readSubject(below(place, key), key, spec, { ...around, ...taken }))
}

function readSubject(place: Place, key: string, spec: unknown, around: Options): readonly Check[] {
  if (key === 'drift' && isMap(spec) && driftKeys.some((k) => k in spec))
    return readDrifts(place, spec, around)
  const table = isTableCheck(key) ? ofTables[key] : undefined
  if (table === undefined) {
    const near = looksLikeTable(spec) ? nearest(key, Object.keys(ofTables)) : undefined
    if (near !== undefined) {
      complain(place, ' is not a check of a table', {
        part: 'key',
        hint: `did you mean ${near}? A column of that name is written - column: ${key}`,
      })
      return []
    }
    return readColumn(place, key, spec, around)
  }
  if (
    isMap(spec) &&
    key !== 'schema' &&
    Object.keys(spec).some((k) => columnKeys.includes(k) && !(k in { min: 1, max: 1 }))
  ) {
    complain(place, ' is a check of the table', {
      part: 'key',
      hint: `a column of that name is written - column: ${key}`,
    })
    return []
  }
  const check = readCheck(place, spec, around, table.read, table.title, table.takes?.(spec))
  return check === undefined ? [] : [check]
}

const driftKeys = ['columns', 'against', ...driftMeasures]

/** What no column says of itself: nothing but a range, or no map at all. */
const looksLikeTable = (spec: unknown) =>
  !isMap(spec) || Object.keys(spec).every((key) => rangeKeys.includes(key) || optionKeys.includes(key))

/** `drift: { columns: [a, b], against, psi }` is a check of each column. */
function readDrifts(place: Place, spec: Fields, around: Options): readonly Check[] {
  const { columns, ...rest } = spec
  const each = names(below(place, 'columns'), columns) ?? []
  return each.flatMap((column) => {
    const check = readCheck(place, rest, around, readDrift(column), () => `${column}.drift`)
    return check === undefined ? [] : [check]
  })
}

/** Names that stand twice are told apart by their number. */
function named(checks: readonly Check[]): readonly Check[] {
  const seen = new Map<string, number>()
  return checks.map((check) => {
    const before = seen.get(check.name) ?? 0
    seen.set(check.name, before + 1)
    return before === 0 ? check : { ...check, name: `${check.name} (${before + 1})` }
  })
}
