import { nearest } from '../../kernel/nearest.ts'
import { NoData, type Roles } from './population.ts'

/** What is known of where columns come from. */
export interface ColumnOrigins {
  readonly columns: readonly string[]
  /** Those of the collection of inputs, of outputs and of labels; none where the source does not tell them apart. */
  readonly inputs?: readonly string[]
  readonly outputs?: readonly string[]
  readonly truth?: readonly string[]
  /** Columns that are neither: ids, times of arrival. */
  readonly own?: readonly string[]
  /** Names of the model's inputs and outputs by its signature. */
  readonly signature?: { readonly inputs: readonly string[]; readonly outputs: readonly string[] }
  /** Which column is what, by the monitor: `data_column_names`. */
  readonly told: Readonly<Record<string, string>>
  /** How the source is called in a message. */
  readonly source: string
}

/** How `data_column_names` may call a role, as Azure's samples do and as they did before. */
const names = {
  prediction: ['prediction_column', 'prediction', 'prediction_column_name'],
  probability: ['probability_column', 'probability', 'prediction_probability'],
  target: ['target_column', 'target', 'target_column_name'],
  time: ['time_column', 'timestamp_column', 'timestamp'],
  correlationId: ['correlation_id', 'correlation_id_column', 'join_column'],
} as const

/** The column that a source says has this role. */
export const toldColumn = (told: ColumnOrigins['told'], role: keyof typeof names): string | undefined =>
  names[role].map((name) => told[name]).find((column) => column !== undefined && column !== '')

/** `probability_late` names the column of the class `late`; outputs may be called so, too. */
const ofClass = /^(?:probability|proba|prob)_(?!column$)(.+)$/

/** The positive class of a binary model that tells one probability. */
const positive = '1'

/**
 * What columns are to the model: as the monitor says; else as the signature or the collections tell. Throws NoData for a
 * column that is told and not there.
 */
export function rolesOf(origins: ColumnOrigins): Roles {
  const { columns, outputs = [], truth = [], own = [], signature, told } = origins
  const has = (name: string) => columns.includes(name)
  const named = (role: keyof typeof names) => {
    const column = toldColumn(told, role)
    if (column !== undefined) requireColumn(column, origins)
    return column
  }
  const [target, time, correlationId] = [named('target'), named('time'), named('correlationId')]
  const probabilities = probabilitiesOf(origins, named('probability'))
  const isProbability = new Set(Object.values(probabilities))
  const candidates = [...(signature?.outputs ?? []), 'prediction', ...outputs].filter(
    (name) =>
      has(name) &&
      !isProbability.has(name) &&
      (outputs.length === 0 || outputs.includes(name)) &&
      // Beside a probability that is told, `prediction_0` is the one of another class.
      !(isProbability.size > 0 && /^prediction_\d+$/.test(name)),
  )
  const prediction = named('prediction') ?? candidates[0]
  const label = target ?? truth.find((name) => !own.includes(name))
  const found = {
    ...(prediction === undefined ? {} : { prediction }),
    ...(isProbability.size === 0 ? {} : { probabilities }),
    ...(label === undefined ? {} : { target: label }),
    ...((time ?? own.find((name) => name === 'time')) ? { time: time ?? 'time' } : {}),
    ...((correlationId ?? own.find((name) => name === 'correlationid'))
      ? { correlationId: correlationId ?? 'correlationid' }
      : {}),
    ...(own.includes(labelTimeColumn) ? { labelTime: labelTimeColumn } : {}),
  }
  return { features: featuresOf(origins, found), ...found }
}

/** Column of a joined population with the time at which a row's label came in. */
export const labelTimeColumn = 'ground_truth.time'

function featuresOf(origins: ColumnOrigins, found: Omit<Roles, 'features'>): readonly string[] {
  const { columns, inputs = [], outputs = [], truth = [], own = [], signature } = origins
  const taken = [found.prediction, found.target, ...Object.values(found.probabilities ?? {})]
  const signed = (signature?.inputs ?? []).filter((name) => columns.includes(name) && !taken.includes(name))
  if (signed.length > 0) return signed
  const apart = new Set([...taken, ...own, ...outputs, ...truth, found.time, found.correlationId])
  return (inputs.length > 0 ? inputs : columns).filter((name) => !apart.has(name))
}

function probabilitiesOf(
  origins: ColumnOrigins,
  single: string | undefined,
): Readonly<Record<string, string>> {
  const { outputs = [], told } = origins
  const byClass = Object.entries(told).flatMap(([key, column]) => {
    const [, name] = ofClass.exec(key) ?? []
    if (name === undefined) return []
    requireColumn(column, origins)
    return [[name, column] as const]
  })
  if (byClass.length > 0) return Object.fromEntries(byClass)
  if (single !== undefined) return { [positive]: single }
  const guessed = outputs.flatMap((column) => {
    const [, name] = ofClass.exec(column) ?? []
    return name === undefined ? [] : [[name, column] as const]
  })
  if (guessed.length > 0) return Object.fromEntries(guessed)
  const one = outputs.find((column) => column === 'probability' || column === 'proba')
  return one === undefined ? {} : { [positive]: one }
}

/** Throws NoData, with what is there and the nearest, if the source has no such column. */
export function requireColumn(
  column: string,
  { columns, source }: Pick<ColumnOrigins, 'columns' | 'source'>,
): void {
  if (columns.includes(column)) return
  throw new NoData(noColumn(column, { columns, source }))
}

/** Names of columns that a message lists; of more it says how many. */
const listed = 20

export function noColumn(
  column: string,
  { columns, source }: Pick<ColumnOrigins, 'columns' | 'source'>,
): string {
  const near = nearest(column, columns)
  const rest = columns.length > listed ? ` and ${columns.length - listed} more` : ''
  const there = `it has ${columns.slice(0, listed).join(', ')}${rest}`
  return `There is no column '${column}' in ${source}; ${there}.${near === undefined ? '' : ` Did you mean '${near}'?`}`
}
