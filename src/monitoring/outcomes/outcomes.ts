import { identifier, type Session } from '../../analytics/analytics.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Task } from '../monitors/monitor.ts'
import { NoData, type Population, type PopulationColumn } from '../populations/population.ts'
import {
  classesOf,
  codeSql,
  isNumeric,
  keysOf,
  keySql,
  tooMany,
  type ClassKeys,
  type Classes,
} from './classes.ts'

/** What is said of a question's rows, and what a monitor says of how they are to be read. */
export interface OutcomesAsked {
  /** Guessed from the columns where it is not said. */
  readonly task?: Task
  /** The class that is asked about, where there are two: `1`, `true` or `yes` unless said. */
  readonly positive?: string
  /** From which probability on a row is of the positive class, where the model says only probabilities. */
  readonly threshold?: number
  /** Columns whose values divide the rows. */
  readonly segments: readonly string[]
}

/**
 * Rows as what a model said and what came true. The view has the columns `y` (label) and `said` (prediction), codes of
 * classes or numbers, null where there is none; those of `scores`, probabilities of classes; `predicted_at`, `arrived_at` and `labelled_at`; and `s0`, `s1`, … of the segments' columns as text.
 */
export interface OutcomeRows {
  readonly view: string
  readonly rows: number
  readonly hasLabels: boolean
  readonly hasPredictions: boolean
  readonly hasProbabilities: boolean
  readonly hasTime: boolean
}

export interface Score {
  readonly column: string
  readonly code: number
}

export interface Outcomes {
  readonly task: Task
  /** Names of the classes by code; none of a regression. Of two the positive one is the last. */
  readonly classes: readonly string[]
  /** Code of the class that is asked about. */
  readonly positive?: number
  /** Columns of probabilities with the codes of their classes: of a model of two classes the positive one's alone. */
  readonly scores: readonly Score[]
  readonly production: OutcomeRows
  readonly reference?: OutcomeRows
  /** Parts of the reference. */
  readonly chunks: readonly OutcomeRows[]
  /** How the rows were read, where a reader would wonder. */
  readonly notes: readonly string[]
}

interface Side {
  readonly population: Population
  readonly label: PopulationColumn | undefined
  readonly prediction: PopulationColumn | undefined
  readonly probabilities: ReadonlyMap<string, PopulationColumn>
  readonly segments: readonly PopulationColumn[]
}

/**
 * Makes views of populations with their outcomes in one vocabulary. Throws NoData where a column has gone, nothing tells
 * what was predicted, or labels and predictions have no class in common.
 */
export async function openOutcomes(
  session: Session,
  populations: {
    readonly production: Population
    readonly reference?: Population
    /** Of the reference: they have no class that it has not. */
    readonly chunks?: readonly Population[]
  },
  asked: OutcomesAsked,
): Promise<Outcomes> {
  const given = [
    populations.production,
    ...(populations.reference === undefined ? [] : [populations.reference]),
  ]
  const sides = given.map((population) => sideOf(population, asked.segments))
  const [production] = sides
  if (production?.prediction === undefined && production?.probabilities.size === 0)
    throw new NoData('Nothing tells what the model predicted: name its column as prediction_column.')
  const task = asked.task ?? (await guessTask(session, sides))
  const read = task === 'regression' ? readNumbers(sides) : await readClasses(session, sides, asked)
  const chunks = (populations.chunks ?? []).map((population) => sideOf(population, asked.segments))
  const views: OutcomeRows[] = []
  for (const side of [...sides, ...chunks]) views.push(await makeView(session, side, read.sql(side)))
  const [own, ...others] = views as [OutcomeRows, ...OutcomeRows[]]
  const reference = populations.reference === undefined ? undefined : others.shift()
  return {
    task,
    classes: read.classes,
    ...(read.positive === undefined ? {} : { positive: read.positive }),
    scores: read.scores,
    notes: read.notes,
    production: own,
    ...(reference === undefined ? {} : { reference }),
    chunks: others,
  }
}

/** How the rows of any side become outcomes. */
interface Reading extends Pick<Outcomes, 'classes' | 'positive' | 'scores'> {
  readonly notes: readonly string[]
  readonly sql: (side: Side) => OutcomeSql
}

function readNumbers(sides: readonly Side[]): Reading {
  for (const { label, prediction } of sides)
    for (const column of [label, prediction])
      if (column !== undefined && !isNumeric(column))
        throw new NoData(`Column '${column.name}' is ${column.type}: a regression has numbers.`)
  return { classes: [], scores: [], notes: [], sql: numberSql }
}

async function readClasses(
  session: Session,
  sides: readonly Side[],
  { positive, threshold = 0.5 }: OutcomesAsked,
): Promise<Reading> {
  const scored: Side[] = []
  for (const side of sides) scored.push(await withScores(session, side))
  const names = [...(scored[0]?.probabilities.keys() ?? [])]
  const known: SideKeys[] = []
  for (const side of scored) known.push(await sideKeys(session, side))
  const keys = new Set([
    ...names.filter((name) => name !== ''),
    ...known.flatMap(({ label, prediction }) => [...label.values(), ...prediction.values()]),
  ])
  const classes = classesOf(keys, { positive, scored: names })
  if (classes.names.length === 0)
    throw new NoData('Neither labels nor predictions have a value in these rows: there is no class.')
  for (const own of known) requireCommon(own, classes)
  const scores = scoresOf(classes, names)
  const areScores = scored.some((side, i) => side !== sides[i])
  return {
    classes: classes.names,
    ...(classes.positive === undefined ? {} : { positive: classes.positive }),
    scores,
    notes: areScores ? [scoreNote(sides[0], classes, threshold)] : [],
    sql(side) {
      // Chunks are parts of the last side, and have no class that it has not.
      const place = sides.indexOf(side)
      const own = known.at(place) ?? noKeys
      return classSql(areScores ? asScores(side) : side, own, classes, scores, threshold)
    },
  }
}

function scoreNote(side: Side | undefined, { names, positive = 0 }: Classes, threshold: number): string {
  const said = `'${side?.prediction?.name}' has probabilities and no classes`
  return side?.probabilities.size === 0
    ? `${said}: it is read as the probability of '${names[positive]}'.`
    : `${said}: rows are of the most likely class, or of '${names[positive]}' from ${threshold} on.`
}

/** Columns of a population by their roles. */
function sideOf(population: Population, segments: readonly string[]): Side {
  const { roles } = population
  const known = new Map(population.columns.map((column) => [column.name, column]))
  const find = (name: string, what: string): PopulationColumn => {
    const column = known.get(name)
    if (column !== undefined) return column
    const near = nearest(name, known.keys())
    throw new NoData(
      `The column '${name}' (${what}) is not in the data.${near === undefined ? '' : ` There is '${near}'.`}`,
    )
  }
  const optional = (name: string | undefined, what: string) =>
    name === undefined ? undefined : find(name, what)
  return {
    population,
    label: optional(roles.target, 'target'),
    prediction: optional(roles.prediction, 'prediction'),
    probabilities: new Map(
      Object.entries(roles.probabilities ?? {}).map(([name, column]) => [
        name,
        find(column, `probability of ${name}`),
      ]),
    ),
    segments: segments.map((name) => find(name, 'segment')),
  }
}

/** Texts, truth values and few whole numbers are classes. */
async function guessTask(session: Session, sides: readonly Side[]): Promise<Task> {
  for (const { population, label, prediction, probabilities } of sides) {
    if (probabilities.size > 0) return 'classification'
    for (const column of [label, prediction]) {
      if (column === undefined) continue
      if (!isNumeric(column)) return 'classification'
      const keys = await keysOf(session, population.view, column)
      if (keys === undefined || keys.size > 20 || ![...keys.values()].every((key) => /^-?\d+$/.test(key)))
        return 'regression'
    }
  }
  return 'classification'
}

/**
 * Predictions that are numbers from 0 to 1 and no classes are probabilities: of the positive class, where no other column
 * tells it.
 */
async function withScores(session: Session, side: Side): Promise<Side> {
  const { prediction, population } = side
  if (prediction === undefined || !isNumeric(prediction)) return side
  const value = `${identifier(prediction.name)}::double`
  const { rows } = await session.all(
    `select coalesce(bool_and(${value} between 0 and 1), false) and coalesce(bool_or(${value} not in (0, 1)), false)
       from ${population.view} where not isnan(${value})`,
  )
  return rows[0]?.[0] === true ? asScores(side) : side
}

function asScores({ prediction, ...side }: Side): Side {
  const isAlone = side.probabilities.size === 0 && prediction !== undefined
  return {
    ...side,
    prediction: undefined,
    ...(isAlone ? { probabilities: new Map([['', prediction]]) } : {}),
  }
}

/** Classes of a side's columns. */
interface SideKeys {
  readonly label: ClassKeys
  readonly prediction: ClassKeys
}

const noKeys: SideKeys = { label: new Map(), prediction: new Map() }

async function sideKeys(session: Session, { population, label, prediction }: Side): Promise<SideKeys> {
  const of = async (column: PopulationColumn | undefined) => {
    if (column === undefined) return new Map<string, string>()
    const keys = await keysOf(session, population.view, column)
    if (keys === undefined) throw new NoData(tooMany)
    return keys
  }
  return { label: await of(label), prediction: await of(prediction) }
}

/** Labels that speak of other classes than the predictions would all count as wrong. */
function requireCommon({ label, prediction }: SideKeys, { names, codeOf }: Classes): void {
  const codes = (keys: ClassKeys) => [...new Set([...keys.values()].map(codeOf))].toSorted((a, b) => a - b)
  const [labels, said] = [codes(label), codes(prediction)]
  if (labels.length < 2 || said.length < 2 || said.some((one) => labels.includes(one))) return
  const words = (of: readonly number[]) => of.map((one) => names[one]).join(', ')
  throw new NoData(
    `The labels are ${words(labels)}, and what the model says is ${words(said)}: they have no class in common.`,
  )
}

interface OutcomeSql {
  readonly columns: readonly string[]
  readonly hasPredictions: boolean
  readonly hasProbabilities: boolean
}

const finite = (column: PopulationColumn) =>
  `case when isfinite(${identifier(column.name)}::double) then ${identifier(column.name)}::double end`

const numberSql = ({ label, prediction }: Side): OutcomeSql => ({
  columns: [
    `${label === undefined ? 'null::double' : finite(label)} as y`,
    `${prediction === undefined ? 'null::double' : finite(prediction)} as said`,
  ],
  hasPredictions: prediction !== undefined,
  hasProbabilities: false,
})

/** Of a model that knows two classes one score, of the positive one; of more one for each. */
function scoresOf({ names, positive, codeOf }: Classes, scored: readonly string[]): readonly Score[] {
  if (scored.length === 0) return []
  if (scored.length > 2)
    return scored
      .map((name) => ({ column: `p${codeOf(name)}`, code: codeOf(name) }))
      .toSorted((a, b) => a.code - b.code)
  if (positive === undefined)
    throw new NoData(`The predictions are numbers from 0 to 1, and there are ${names.length} classes.`)
  return [{ column: 'p', code: positive }]
}

function classSql(
  side: Side,
  keys: SideKeys,
  classes: Classes,
  scores: readonly Score[],
  threshold: number,
): OutcomeSql {
  const { label, prediction, probabilities } = side
  const { names, codeOf } = classes
  const columnOf = (code: number) =>
    [...probabilities].find(([name]) => name === '' || codeOf(name) === code)?.[1]
  const sqlOf = ({ code }: Score): string => {
    const own = columnOf(code)
    if (own !== undefined) return finite(own)
    const [rest] = probabilities.values()
    return rest === undefined || scores.length > 1 ? 'null::double' : `1 - ${finite(rest)}`
  }
  const columns = scores.map((score) => `${sqlOf(score)} as ${score.column}`)
  const hasProbabilities = scores.length > 0 && probabilities.size > 0
  return {
    columns: [
      `${label === undefined ? 'null::integer' : codeSql(label, keys.label, classes)} as y`,
      `${
        prediction === undefined
          ? decisionSql(
              scores.map((score) => ({ ...score, sql: sqlOf(score) })),
              names,
              threshold,
            )
          : codeSql(prediction, keys.prediction, classes)
      } as said`,
      ...columns,
    ],
    hasPredictions: prediction !== undefined || hasProbabilities,
    hasProbabilities,
  }
}

/** The class that probabilities decide for: the positive one from the threshold on, or the most likely one. */
function decisionSql(
  scores: readonly (Score & { readonly sql: string })[],
  names: readonly string[],
  threshold: number,
): string {
  const [first] = scores
  if (first === undefined) return 'null::integer'
  const all = scores.map(({ sql }) => sql)
  const isMissing = all.map((sql) => `${sql} is null`).join(' or ')
  if (scores.length === 1) {
    const other = names.findIndex((_, code) => code !== first.code)
    return `case when ${isMissing} then null when ${first.sql} >= '${threshold}'::double then ${first.code} else ${other} end`
  }
  const codes = scores.map(({ code }) => code)
  return `case when ${isMissing} then null else [${codes.join(', ')}][list_position([${all.join(', ')}], greatest(${all.join(', ')}))] end`
}

/** The collector's column of when a request came in. */
const collectedTime = 'time'

async function makeView(
  session: Session,
  { population, segments, label }: Side,
  sql: OutcomeSql,
): Promise<OutcomeRows> {
  const { roles } = population
  const known = new Set(population.columns.map(({ name }) => name))
  // Rows may be told apart by a time of their own; how long labels take is counted from when the rows came in.
  const arrival = roles.labelTime !== undefined && known.has(collectedTime) ? collectedTime : roles.time
  const time = (name: string | undefined) =>
    name !== undefined && known.has(name) ? `${identifier(name)}::timestamptz` : 'null::timestamptz'
  const columns = [
    ...sql.columns,
    `${time(roles.time)} as predicted_at`,
    `${time(arrival)} as arrived_at`,
    `${time(roles.labelTime)} as labelled_at`,
    ...segments.map((column, i) => `coalesce(${keySql(column)}, '(missing)') as s${i}`),
  ]
  const view = `${population.view.replaceAll('"', '')} outcomes`
  await session.run(
    `create or replace view ${identifier(view)} as select ${columns.join(', ')} from ${population.view}`,
  )
  return {
    view: identifier(view),
    rows: population.rows,
    hasLabels: label !== undefined,
    hasPredictions: sql.hasPredictions,
    hasProbabilities: sql.hasProbabilities,
    hasTime: roles.time !== undefined && known.has(roles.time),
  }
}
