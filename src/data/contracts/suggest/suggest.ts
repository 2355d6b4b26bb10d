import { stringify } from 'yaml'
import type { ColumnProfile, Profile } from '../../profile/profile.ts'
import { isTableCheck } from '../grammar/of-tables.ts'
import { figure } from '../../profile/words.ts'
import { typeName } from '../grammar/types.ts'
import { percent, plural, quantity } from '../words/say.ts'
import { bounds, expectedRows, missingLimit, regexOf } from './thresholds.ts'

/** One line of a suggestion: an entry of the list of checks, and why it is there. */
interface Line {
  readonly check: Readonly<Record<string, unknown>>
  readonly why: string
}

/** With fewer rows than this, what never happened may only not have happened yet. */
const enoughRows = 100
/** A column of more different values than this has no list of them. */
const mostValues = 20
/** Each value of a list must stand for so many rows on average: a list of names is no category. */
const rowsPerValue = 20

/**
 * A contract for a data asset, from the profile of one version of it, as YAML with the reason beside each check. It asks
 * for what is likely to hold in versions to come, not for what this one happens to be: numbers have room to grow, rates to
 * double, and what may change without being wrong is a warning.
 *
 * - Rows: at least half of what there is.
 * - Types: of all columns, as they are (any, where a text has no value at all); further columns are welcome.
 * - Missing: never, where none of 100 rows or more is; else at most twice as often and two points more (of what is there
 *   in most rows), not asked of what is missing nearly always.
 * - Keys: unique and there, where every value of an identifier is different.
 * - Categories: the values there are, if there are at most 20 and each stands for 20 rows or more; warns, as a new one may be right.
 * - Numbers: half their range beyond what was seen, rounded outwards; what is whole and never negative stays so, a share stays one; warns.
 * - Texts: their shape, if all have the same short one (`AA999`).
 * - Times: how old the newest may be, if it is recent: twice as old as it is now, and two days at least.
 * - Drift: against the version before, of at most five categories; warns.
 */
export function suggestContract(
  profile: Profile | Omit<Profile, 'createdAt' | 'seconds'>,
  now: Date,
): string {
  const { rows, columns, source } = profile
  const lines: Line[] = [
    ...(rows === 0
      ? []
      : [
          {
            check: { row_count: { min: expectedRows(rows) } },
            why: `about half of the ${quantity(rows)} rows of version ${source.version}`,
          },
        ]),
    {
      check: { schema: Object.fromEntries(columns.map((c) => [c.name, typeOf(c, rows)])) },
      why: 'the types of this version; further columns are welcome',
    },
    ...columns.flatMap((column) => ofColumn(column, rows)),
    ...duplicates(profile),
    ...drift(columns, rows),
  ]
  const fresh = freshness(columns, now)
  const head = [
    `# Suggested from ${source.name}:${source.version} (${quantity(rows)} rows). Read it, and make it yours: a contract says what has to be so,`,
    '# and a profile knows only what was so once.',
    'type: data_contract',
    field('name', source.name),
    field('data', source.name),
    'checks:',
  ]
  return [...head, ...lines.map(({ check, why }) => `  - ${entry(check)}  # ${why}`), ...fresh, ''].join('\n')
}

/** Text is what a column without a value is read as: what it will hold is not known. */
function typeOf({ storageType, missing }: ColumnProfile, rows: number): string {
  const type = typeName({ type: storageType })
  return type === 'string' && missing.count === rows ? 'any' : type
}

/** A value on one line: `{ between: [0, 10] }`. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${flow(key)}: ${flow(inner)}`)
      .join(', ')} }`
  // A line break in a name would be one in the file.
  if (typeof value === 'string' && /\p{Cc}/u.test(value)) return JSON.stringify(value)
  // As it stands inside brackets, where more has to be quoted than outside.
  return stringify([value], { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 })
    .trim()
    .slice(1, -1)
}
const field = (name: string, value: string) => `${name}: ${flow(value)}`

/** One check on one line. */
function entry(check: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(check)
  const [[key, value] = ['', undefined]] = pairs
  // One pair stands without the braces that a map in flow has.
  return pairs.length === 1 ? `${flow(key)}: ${flow(value)}` : flow(check)
}

/** What is expected of a column; one that is named like a check of tables says that it is a column. */
const about = (column: string, expected: object) =>
  isTableCheck(column) || column === 'drift' || column === 'column'
    ? { column, ...expected }
    : { [column]: expected }

function ofColumn(column: ColumnProfile, rows: number): readonly Line[] {
  if (rows === 0 || column.semanticType === 'nested') return []
  const { name, missing, distinct } = column
  const there = rows - missing.count
  const firm: Record<string, unknown> = {}
  const why: string[] = []
  if (missing.count === 0 && rows >= enoughRows) {
    firm['not_null'] = true
    why.push('never missing')
  } else {
    const limit = missingLimit(missing.fraction)
    if (missing.count > 0 && limit !== undefined) {
      firm['null_rate'] = { max: limit }
      why.push(`${percent(missing.fraction)} missing`)
    }
  }
  if (column.unique && column.semanticType === 'identifier' && rows >= enoughRows) {
    firm['unique'] = true
    why.push('a key: every value is different')
  }
  const shape = regexOf(column.text?.patterns ?? [], there)
  const values = listed(column, there)
  if (shape !== undefined && values === undefined) {
    firm['matches'] = shape
    why.push('all of one shape')
  }
  const loose: Line[] = []
  const warn = (check: object, reason: string) =>
    loose.push({ check: about(name, { ...check, severity: 'warn' }), why: reason })
  if (values !== undefined)
    warn({ in: values }, `the ${distinct.count} values there are; a new one may be right`)
  const range = column.semanticType === 'numeric' ? bounds(column.numeric) : undefined
  if (range !== undefined && column.numeric !== undefined)
    warn(
      { between: range },
      `was ${figure(column.numeric.min)} to ${figure(column.numeric.max)}, with room to grow`,
    )
  return [...(why.length === 0 ? [] : [{ check: about(name, firm), why: why.join('; ') }]), ...loose]
}

/** The values of a category, if they are few, known exactly, and each stands for many rows. */
function listed(
  { semanticType, distinct, top, storageType }: ColumnProfile,
  there: number,
): readonly (string | number)[] | undefined {
  if (semanticType !== 'categorical' || !distinct.exact || distinct.count !== top.length) return undefined
  if (distinct.count > mostValues || there < rowsPerValue * distinct.count) return undefined
  const isNumber = typeName({ type: storageType }) !== 'string'
  return top
    .map(({ value }) =>
      isNumber && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value,
    )
    .toSorted(byValue)
}

const byValue = (a: string | number, b: string | number) =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1

/** Where a key is there, no row is twice; without one, a row that repeats another is worth a word if none does. */
function duplicates({
  duplicateRows,
  columns,
  rows,
}: Pick<Profile, 'duplicateRows' | 'columns' | 'rows'>): readonly Line[] {
  const hasKey = columns.some((column) => column.unique && column.semanticType === 'identifier')
  if (hasKey || rows < enoughRows || !duplicateRows.exact || duplicateRows.count > 0) return []
  return [{ check: { duplicates: { max: 0, severity: 'warn' } }, why: 'no row is there twice' }]
}

function drift(columns: readonly ColumnProfile[], rows: number): readonly Line[] {
  const some = columns
    .filter(
      (column) => listed(column, rows - column.missing.count) !== undefined && column.distinct.count > 1,
    )
    .slice(0, 5)
  if (some.length === 0 || rows < 1000) return []
  return [
    {
      check: {
        drift: { columns: some.map(({ name }) => name), against: 'previous', psi: 0.25, severity: 'warn' },
      },
      why: 'a population stability index over 0.25 is a shift that is worth a look',
    },
  ]
}

/** The freshest recent column of times; of data that end long ago nothing is asked. */
function freshness(columns: readonly ColumnProfile[], now: Date): readonly string[] {
  const day = 864e5
  const times = columns
    .filter(({ datetime }) => datetime?.max !== undefined && datetime.max !== null && datetime.future === 0)
    .map(({ name, datetime }) => ({ name, age: now.getTime() - Date.parse(utc(datetime?.max ?? '')) }))
    .filter(({ age }) => age >= 0)
    .sort((a, b) => a.age - b.age)
  const [newest] = times
  if (newest === undefined) return []
  const days = Math.floor(newest.age / day)
  if (days > 92) return [`# No freshness: the newest ${newest.name} is ${plural(days, 'day')} old.`]
  return [
    `freshness: { column: ${flow(newest.name)}, within: ${Math.max(2, 2 * (days + 1))}d }  # the newest is ${plural(days, 'day')} old`,
  ]
}

/** A time without a zone is taken as UTC, as the database takes it. */
const utc = (text: string) => (/(Z|[+-]\d\d:?\d\d)$/.test(text) || text.length <= 10 ? text : `${text}Z`)
