import { identifier } from '../../../analytics/analytics.ts'
import type { Columns } from '../../../analytics/columns/columns.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Dependence } from '../../../statistics/comparison/dependence.ts'
import type { SliceColumn } from '../../../statistics/slices/parts.ts'
import { predictionColumn, probabilityColumn, rowColumn } from '../../predictions/columns.ts'
import {
  classAnswers,
  coded,
  filled,
  numericAnswers,
  readFacts,
  type ModelAnswers,
  type RawAnswers,
} from './answers.ts'
import { classesOf, taskOf, type Classes, type Task } from './classes.ts'
import { columnNamed, isNumber, openPredictions, type PredictionTable, type Values } from './table.ts'

/** What is asked of the predictions; names are of columns of the data. */
export interface RowsQuestion {
  readonly target: string
  readonly task?: Task | undefined
  readonly positive?: string | number | boolean | undefined
  readonly threshold?: number | undefined
  readonly weight?: string | undefined
  readonly clusterKey?: string | undefined
  readonly timeKey?: string | undefined
  /** Columns to slice and group by. */
  readonly columns: readonly string[]
  /** True: also those that slices may be found in. */
  readonly discover: boolean
}

/** Rows with a label, with what both models said of them. */
export interface EvaluationRows {
  readonly task: Task
  /** Names of classes by their codes; of two the positive one last. Empty for a regression. */
  readonly classes: readonly string[]
  readonly rows: number
  readonly labels: Float64Array
  readonly candidate: ModelAnswers
  readonly champion?: ModelAnswers
  readonly weights?: Float64Array
  readonly dependence: Dependence
  /** First and last time of the rows, where there is a time key. */
  readonly times?: { readonly first: string; readonly last: string }
  readonly columns: ReadonlyMap<string, Values>
  /** Columns that slices may be found in. */
  readonly features: readonly SliceColumn[]
  readonly notes: readonly string[]
}

/** Columns in which slices are looked for: more would be pairs without end. */
const mostFeatures = 30

/**
 * Reads the predictions in the models' folders. Throws a validation error for a column that is not there, a class that is
 * none, or labels of one class only.
 */
export async function readRows(
  database: Columns,
  folders: { readonly candidate: string; readonly champion?: string | undefined },
  question: RowsQuestion,
): Promise<EvaluationRows> {
  const { target, weight } = question
  const table = await openPredictions(database, folders.candidate, target)
  const features = question.discover ? await featuresOf(table, question) : []
  const named = [target, ...question.columns, ...features, ...(weight === undefined ? [] : [weight])]
  const columns = await table.read([
    ...new Set(named.map((name) => columnNamed(table.columns, name, name).name)),
  ])
  const of = (name: string) => columns.get(columnNamed(table.columns, name, name).name) ?? noValues
  const raw = await rawAnswers(table, folders.candidate)
  const other =
    folders.champion === undefined ? undefined : await champion(database, folders.champion, target, table)
  const known = { labels: of(target), models: [raw, ...(other === undefined ? [] : [other])].map(knownOf) }
  const task = question.task ?? taskOf(known, question.positive)
  const classes = task === 'regression' ? undefined : classesOf(task, known, question.positive)
  const labels = classes === undefined ? numeric(of(target), target) : coded(of(target), classes)
  const answersOf = (answers: RawAnswers) => said(task, answers, classes, labels, question.threshold)
  const width = classes?.names.length ?? 0
  const weights = weight === undefined ? undefined : weighted(of(weight), weight)
  const { dependence, times, notes } = await dependenceOf(table, question)
  return {
    task,
    classes: classes?.names ?? [],
    rows: table.rows,
    labels,
    candidate: filled(answersOf(raw), labels, width, 'wrong'),
    ...(other === undefined ? {} : { champion: filled(answersOf(other), labels, width, 'right') }),
    ...(weights === undefined ? {} : { weights }),
    dependence,
    ...(times === undefined ? {} : { times }),
    columns: new Map(question.columns.map((name) => [name, of(name)])),
    features: features.map((name) => sliceColumn(name, of(name))),
    notes: [
      ...(table.unlabelled === 0
        ? []
        : [
            `${table.unlabelled} rows have no value in '${target}' and cannot be judged; ${table.rows} have one.`,
          ]),
      ...notes,
    ],
  }
}

const noValues: Values = { kind: 'texts', values: [] }

const knownOf = ({ facts, predictions }: RawAnswers) => ({ predictions, classes: facts.classes })

async function rawAnswers(table: PredictionTable, folder: string): Promise<RawAnswers> {
  const facts = await readFacts(folder)
  const names = (facts.classes ?? []).map((_, place) => probabilityColumn(place))
  const read = await table.read([predictionColumn, ...names])
  return {
    facts,
    predictions: read.get(predictionColumn) ?? noValues,
    probabilities: names.map((name) => {
      const column = read.get(name)
      return column?.kind === 'numbers' ? column.values : new Float64Array(table.rows).fill(Number.NaN)
    }),
  }
}

/** The champion's answers to the same rows: both files come of one, and rows that differ would be compared wrongly. */
async function champion(database: Columns, folder: string, target: string, own: PredictionTable) {
  const table = await openPredictions(database, folder, target)
  const [a, b] = [await own.read([rowColumn]), await table.read([rowColumn])].map(
    (read) => read.get(rowColumn)?.values,
  )
  if (table.rows !== own.rows || a?.some((row, i) => row !== b?.[i]))
    throw new Error('The predictions of candidate and champion are not of the same rows.')
  return rawAnswers(table, folder)
}

function said(
  task: Task,
  raw: RawAnswers,
  classes: Classes | undefined,
  labels: Float64Array,
  threshold: number | undefined,
): ModelAnswers {
  return task === 'regression' || classes === undefined
    ? numericAnswers(raw, labels)
    : classAnswers(task, raw, classes, threshold)
}

function numeric({ kind, values }: Values, name: string): Float64Array {
  if (kind === 'numbers') return values
  throw errors.validation(`The column '${name}' has no numbers, which a regression needs.`)
}

function weighted(column: Values, name: string): Float64Array {
  const values = numeric(column, name)
  const wrong = values.findIndex((value) => !(value >= 0 && value < Infinity))
  if (wrong < 0) return values
  throw errors.validation(
    `The weight of row ${wrong} ('${name}') is ${values[wrong]}: weights are numbers from 0.`,
  )
}

export const sliceColumn = (name: string, column: Values): SliceColumn =>
  column.kind === 'numbers'
    ? { name, kind: 'numbers', values: column.values }
    : { name, kind: 'categories', values: column.values }

/** Columns of the data that tell rows apart, without those that name them. */
async function featuresOf(
  table: PredictionTable,
  { target, weight }: RowsQuestion,
): Promise<readonly string[]> {
  const without = new Set([target, weight].map((name) => name?.toLowerCase()))
  const own = table.columns.filter(
    ({ name, type }) =>
      !name.startsWith('twinloop_') &&
      !without.has(name.toLowerCase()) &&
      (isNumber(type) || /^(?:VARCHAR|BOOLEAN|ENUM)/.test(type)),
  )
  const distinct = await table.distinct(own.map(({ name }) => name))
  return own
    .filter(({ name, type }) => {
      const count = distinct.get(name) ?? 0
      const isName = !isNumber(type) && count > Math.max(200, table.rows / 20)
      const isRunning = isNumber(type) && /INT/.test(type) && count > 0.9 * table.rows
      return count > 1 && !isName && !isRunning
    })
    .map(({ name }) => name)
    .slice(0, mostFeatures)
}

async function dependenceOf(
  table: PredictionTable,
  { clusterKey, timeKey }: RowsQuestion,
): Promise<Pick<EvaluationRows, 'dependence' | 'times' | 'notes'>> {
  const times = timeKey === undefined ? undefined : await periodsOf(table, timeKey)
  const range =
    times === undefined ? {} : { times: { first: times.names[0] ?? '', last: times.names.at(-1) ?? '' } }
  if (clusterKey !== undefined) {
    const { name } = columnNamed(table.columns, clusterKey, 'cluster_key')
    const { codes, names } = codesOf(await table.texts(identifier(name)))
    return {
      dependence: { by: 'cluster', clusters: codes },
      ...range,
      notes: [`${names.length} clusters of ${name} are drawn whole.`],
    }
  }
  if (times === undefined) return { dependence: { by: 'row' }, notes: [] }
  return {
    dependence: { by: 'time', periods: times.codes },
    ...range,
    notes: [`${times.names.length} ${times.unit} (${timeKey}) are drawn in blocks.`],
  }
}

/** Times as days, in order; numbers as they are. */
async function periodsOf(table: PredictionTable, timeKey: string) {
  const { name, type } = columnNamed(table.columns, timeKey, 'time_key')
  const column = identifier(name)
  const isCount = isNumber(type)
  const texts = await table.texts(
    isCount ? column : `date_trunc('day', try_cast(${column} as timestamp))::date`,
  )
  if (texts.includes(null))
    throw errors.validation(
      `The column '${name}' (time_key) has values that are no time: expected dates, times or numbers.`,
    )
  const { names } = codesOf(texts)
  const sorted = names.toSorted((a, b) => (isCount ? Number(a) - Number(b) : a < b ? -1 : Number(a > b)))
  const place = new Map(sorted.map((text, i) => [text, i]))
  return {
    codes: Uint32Array.from(texts, (text) => place.get(text ?? '') ?? 0),
    names: sorted,
    unit: isCount ? 'periods' : 'days',
  }
}

/** Codes 0, 1, … in the order in which values come; what is missing is a value of its own. */
function codesOf(texts: readonly (string | null)[]): {
  readonly codes: Uint32Array
  readonly names: string[]
} {
  const place = new Map<string | null, number>()
  const codes = Uint32Array.from(texts, (text) => {
    const known = place.get(text)
    if (known !== undefined) return known
    place.set(text, place.size)
    return place.size - 1
  })
  return { codes, names: [...place.keys()].map((text) => text ?? '(missing)') }
}
