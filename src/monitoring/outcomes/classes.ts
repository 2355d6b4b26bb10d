import { identifier, literal, type Session } from '../../analytics/analytics.ts'
import { nearest } from '../../kernel/nearest.ts'
import { NoData, type PopulationColumn } from '../populations/population.ts'

/** More classes than this are no classes. */
export const mostClasses = 100

const fractional = /^(?:DOUBLE|FLOAT|DECIMAL)/

/** Whether a column's values are numbers. */
export const isNumeric = ({ type }: PopulationColumn): boolean =>
  fractional.test(type) || /^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$/.test(type)

/**
 * SQL of what a class is called, whatever it was stored as: 1, 1.0 and "1" are `1`; true and "True" are `true`. Null of
 * NaN.
 */
export function keySql(column: PopulationColumn): string {
  const name = identifier(column.name)
  if (fractional.test(column.type))
    return `case when isnan(${name}::double) then null when ${name}::double = floor(${name}::double) and abs(${name}::double) < 1e15 then ${name}::bigint::varchar else ${name}::varchar end`
  const text = `${name}::varchar`
  return `case when lower(${text}) in ('true', 'false') then lower(${text}) else ${text} end`
}

/** What the classes of a column are called, by their values as SQL writes them out. */
export type ClassKeys = ReadonlyMap<string, string>

/** The different classes of a column; undefined where there are more than could be classes. */
export async function keysOf(
  session: Session,
  view: string,
  column: PopulationColumn,
): Promise<ClassKeys | undefined> {
  const name = identifier(column.name)
  const { rows } = await session.all(
    `select * from (select ${name}::varchar as written, ${keySql(column)} as key from (select distinct ${name} from ${view}))
       where key is not null limit ${mostClasses + 1}`,
  )
  return rows.length > mostClasses
    ? undefined
    : new Map(rows.map(([written, key]) => [written as string, key as string]))
}

/** 0 and 1 beside false and true are the same classes written otherwise. */
const aliases: Readonly<Record<string, string>> = { '0': 'false', '1': 'true' }

const complements: Readonly<Record<string, string>> = { '0': '1', '1': '0', false: 'true', true: 'false' }

/** Which class is usually asked about, where nothing is said. */
const usual = ['1', 'true', 'yes', 'y', 'positive', 'pos']

/** The classes of a task in order; of two the positive one last. */
export interface Classes {
  readonly names: readonly string[]
  /** Code of the class that is asked about; absent where there are more than two and no score of one of them. */
  readonly positive?: number
  /** Code of a class (its place among `names`) by its key, or by how a monitor or a column is named after it. */
  readonly codeOf: (name: string) => number
}

/**
 * Puts the classes that labels, predictions and probabilities know in order. `scored` are those that the model has a
 * probability of: of one or two it is asked about one, however many others the labels come to know. Throws NoData where
 * there are too many.
 */
export function classesOf(
  keys: ReadonlySet<string>,
  { positive, scored }: { readonly positive?: string | undefined; readonly scored: readonly string[] },
): Classes {
  const isTruth = keys.has('true') || keys.has('false')
  const named = (key: string) => (isTruth ? (aliases[key] ?? key) : key)
  const seen = new Set([...keys].map(named))
  // Rows that are all of one class leave the other to be known by its name only.
  const [only = ''] = seen
  const other = complements[only]
  const distinct = [...(seen.size === 1 && other !== undefined ? seen.add(other) : seen)].toSorted(byValue)
  if (distinct.length > mostClasses) throw new NoData(tooMany)
  const asked = positive === undefined ? undefined : requireClass(distinct, named(classKey(positive)))
  const known = scored.filter((name) => name !== '').map(named)
  const of = known.length > 0 && known.length <= 2 ? known : distinct
  const chosen =
    asked ??
    (of.length > 2 ? undefined : of.length === 1 ? of[0] : (usualOf(of) ?? of.toSorted(byValue).at(-1)))
  const names =
    distinct.length === 2 && chosen !== undefined
      ? [...distinct.filter((name) => name !== chosen), chosen]
      : distinct
  return {
    names,
    ...(chosen === undefined ? {} : { positive: names.indexOf(chosen) }),
    codeOf: (name) => names.indexOf(named(classKey(name))),
  }
}

/** SQL of the code of a column's class; null for what is none. Compares values as they are: no row is made a text. */
export function codeSql(column: PopulationColumn, keys: ClassKeys, { codeOf }: Classes): string {
  if (keys.size === 0) return 'null::integer'
  const cases = [...keys].map(
    ([written, key]) => `when ${literal(written)}::${column.type} then ${codeOf(key)}`,
  )
  return `(case ${identifier(column.name)} ${cases.join(' ')} end)::integer`
}

const usualOf = (names: readonly string[]) => names.find((name) => usual.includes(name.toLowerCase()))

export const tooMany = `There are more than ${mostClasses} different labels: that is no classification.`

/** What a class is called in a monitor's file. */
const classKey = (text: string): string => (/^(?:true|false)$/i.test(text) ? text.toLowerCase() : text)

function requireClass(names: readonly string[], wanted: string): string {
  if (names.includes(wanted)) return wanted
  const near = nearest(wanted, names)
  throw new NoData(
    `'${wanted}' (positive_label) is none of the classes ${names.slice(0, 20).join(', ')}.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
  )
}

function byValue(a: string, b: string): number {
  const difference = Number(a) - Number(b)
  return Number.isNaN(difference) || difference === 0 ? (a < b ? -1 : Number(a > b)) : difference
}
