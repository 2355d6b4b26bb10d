import { errors } from '../../../kernel/errors.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { Values } from './table.ts'

export type Task = 'binary' | 'multiclass' | 'regression'

/** What decides of which kind a task is, and which classes there are. */
export interface Known {
  readonly labels: Values
  /** Predictions of each model, with the classes of its probabilities where it has them. */
  readonly models: readonly {
    readonly predictions: Values
    readonly classes: readonly (string | number | boolean)[] | null
  }[]
}

/** More classes than this are no classes. */
const mostClasses = 200
/** Numbers with more different values than this are measured, not counted. */
const mostNumericClasses = 20

/**
 * What a class is called, whatever it was stored as: `1` is 1 and "1", `true` is true, True and "True". Labels that
 * programs write differently are the same class.
 */
export function classKey(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value)
  return /^(?:true|false)$/i.test(value) ? value.toLowerCase() : value
}

/** The different values of a column as classes; undefined where there are more than `most`. */
export function keysOf(column: Values, most: number): ReadonlySet<string> | undefined {
  const seen = new Set<string | number>()
  if (column.kind === 'numbers') {
    for (const value of column.values) {
      if (Number.isNaN(value)) continue
      seen.add(value)
      if (seen.size > most) return undefined
    }
  } else
    for (const value of column.values) {
      if (value === null) continue
      seen.add(value)
      if (seen.size > most) return undefined
    }
  return new Set([...seen].map(classKey))
}

/**
 * The kind of task that labels and predictions tell of: texts and truth values are classes, and so are numbers where a
 * model has probabilities of them, where all are 0 or 1, or where few whole numbers are predicted as such. Two classes of
 * which `positive` is one are a binary task also for a model that says whether it is that one.
 */
export function taskOf(given: Known, positive?: string | number | boolean): Task {
  if (truthOf(given, positive) !== undefined) return 'binary'
  const { labels, models } = given
  const keys = keysOf(labels, mostNumericClasses)
  const known = new Set(models.flatMap(({ classes }) => (classes ?? []).map(classKey)))
  const isClassified = models.some(
    ({ classes, predictions }) => classes !== null || predictions.kind === 'texts',
  )
  if (labels.kind === 'texts' || isClassified) {
    const all = new Set([...(keysOf(labels, mostClasses) ?? []), ...known])
    return withoutAliases(all).size <= 2 ? 'binary' : 'multiclass'
  }
  if (keys === undefined) return 'regression'
  if ([...keys].every((key) => key === '0' || key === '1')) return 'binary'
  const isWhole = [...keys].every((key) => /^-?\d+$/.test(key))
  const predicted = models.every(({ predictions }) => {
    const said = keysOf(predictions, mostNumericClasses)
    return said !== undefined && [...said].every((key) => keys.has(key))
  })
  return isWhole && predicted ? (keys.size <= 2 ? 'binary' : 'multiclass') : 'regression'
}

/** 0 and 1 beside false and true are the same classes written otherwise. */
const aliases: Readonly<Record<string, string>> = { '0': 'false', '1': 'true', '0.0': 'false', '1.0': 'true' }

function withoutAliases(keys: ReadonlySet<string>): ReadonlySet<string> {
  if (!keys.has('true') && !keys.has('false')) return keys
  return new Set([...keys].map((key) => aliases[key] ?? key))
}

/**
 * What true and false stand for where a model says whether a row is of the positive class, and the data name both: known
 * only if it is said which is the positive one.
 */
function truthOf(
  { labels, models }: Known,
  positive: string | number | boolean | undefined,
): ReadonlyMap<string, string> | undefined {
  const own = keysOf(labels, 2)
  if (positive === undefined || own?.size !== 2 || [...own].some((key) => isTruth(key))) return undefined
  const name = classKey(positive)
  const other = [...own].find((key) => key !== name)
  const said = models.flatMap(({ predictions, classes }) =>
    classes !== null || !areScores(predictions, own)
      ? (classes ?? [...(keysOf(predictions, mostClasses) ?? [])]).map(classKey)
      : [],
  )
  if (!own.has(name) || other === undefined || said.length === 0 || !said.every(isTruth)) return undefined
  return new Map([
    ['true', name],
    ['false', other],
  ])
}

const isTruth = (key: string) => ['true', 'false'].includes(aliases[key] ?? key)

/** The classes of a task by their codes, and the code of each value as it was stored. */
export interface Classes {
  readonly names: readonly string[]
  /** NaN for a value that is none of them. */
  readonly code: (value: string | number | boolean) => number
}

/**
 * All classes that labels, predictions or probabilities know, in order; of two, the positive one last. Throws a validation
 * error if `positive` is none of them, there is only one, or there are too many.
 */
export function classesOf(
  task: Exclude<Task, 'regression'>,
  { labels, models }: Known,
  positive: string | number | boolean | undefined,
): Classes {
  const own = keysOf(labels, mostClasses)
  if (own === undefined)
    throw errors.validation(
      `The target has more than ${mostClasses} different values: that is no classification.`,
    )
  const predicted = models.flatMap(({ predictions, classes }) =>
    classes !== null || areScores(predictions, own) ? [] : [...(keysOf(predictions, mostClasses) ?? [])],
  )
  const raw = new Set([
    ...own,
    ...models.flatMap(({ classes }) => (classes ?? []).map(classKey)),
    ...predicted,
  ])
  const truth = truthOf({ labels, models }, positive)
  const keys = truth === undefined ? withoutAliases(raw) : own
  const isAliased = truth !== undefined || keys !== raw
  const named = (value: string | number | boolean) => {
    const key = classKey(value)
    const plain = isAliased ? (aliases[key] ?? key) : key
    return truth?.get(plain) ?? plain
  }
  const only = withoutAliases(own)
  for (const { predictions, classes } of models) {
    if (classes === null && areScores(predictions, own)) continue
    const said = (classes ?? [...(keysOf(predictions, mostClasses) ?? [])]).map(named)
    if (said.length > 0 && !said.some((key) => only.has(key)))
      throw errors.validation(
        `The labels are ${[...only].join(', ')}, and what the model says is ${[...new Set(said)].join(', ')}: they have no class in common. If it answers true and false, say which class is the positive one; else let it answer in the data's words.`,
      )
  }
  if (only.size === 1)
    throw errors.validation(
      `All ${labels.values.length} rows have the label '${[...only].join()}': with one class only nothing can be compared. Take data with rows of every class.`,
    )
  const sorted = [...keys].toSorted(byValue)
  if (task === 'binary' && sorted.length > 2)
    throw errors.validation(
      `The task is said to be binary, and there are ${sorted.length} classes: ${sorted.slice(0, 10).join(', ')}.`,
    )
  const names = task === 'binary' ? positiveLast(sorted, positive, named) : sorted
  if (task !== 'binary' && positive !== undefined) requireClass(sorted, positive, named)
  const codes = new Map(names.map((name, code) => [name, code]))
  return { names, code: (value) => codes.get(named(value)) ?? Number.NaN }
}

/** Numbers that are no class, all from 0 to 1: probabilities of the positive class. */
export function areScores(predictions: Values, labels: ReadonlySet<string>): boolean {
  if (predictions.kind === 'texts') return false
  let isOther = false
  for (const value of predictions.values) {
    if (Number.isNaN(value)) continue
    if (value < 0 || value > 1) return false
    isOther ||= !labels.has(String(value)) && value !== 0 && value !== 1
  }
  return isOther
}

const byValue = (a: string, b: string) => {
  const difference = Number(a) - Number(b)
  return Number.isNaN(difference) || difference === 0 ? (a < b ? -1 : Number(a > b)) : difference
}

/** Which class is usually asked about, where nothing is said. */
const usual = ['1', 'true', 'yes', 'y', 'positive', 'pos']

function positiveLast(
  sorted: readonly string[],
  positive: string | number | boolean | undefined,
  named: (value: string | number | boolean) => string,
): readonly string[] {
  const chosen =
    positive === undefined
      ? (sorted.find((name) => usual.includes(name.toLowerCase())) ?? sorted.at(-1) ?? '')
      : requireClass(sorted, positive, named)
  return [...sorted.filter((name) => name !== chosen), chosen]
}

export function requireClass(
  names: readonly string[],
  wanted: string | number | boolean,
  named: (value: string | number | boolean) => string = classKey,
): string {
  const name = named(wanted)
  if (names.includes(name)) return name
  const near = nearest(name, names)
  throw errors.validation(
    `'${String(wanted)}' (positive) is none of the classes ${names.slice(0, 20).join(', ')}.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
  )
}
