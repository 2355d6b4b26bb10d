import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { factsFile, type PredictionFacts } from '../../predictions/columns.ts'
import { areScores, classKey, keysOf, type Classes, type Task } from './classes.ts'
import type { Values } from './table.ts'

/** What a model said of the rows, in codes of classes or in numbers. */
export interface ModelAnswers {
  readonly predictions: Float64Array
  /** Of two classes the probability of the positive one; of more `scores[row * classes + class]`. */
  readonly scores?: Float64Array
  /** Rows (with a label) that the model has no answer for. They are filled: see `filled`. */
  readonly failed: number
  readonly errors: PredictionFacts['errors']
  readonly notes: readonly string[]
}

/** What a model said, as it stands in its file. */
export interface RawAnswers {
  readonly facts: PredictionFacts
  readonly predictions: Values
  /** A column for each of the facts' classes. */
  readonly probabilities: readonly Float64Array[]
}

export const readFacts = async (folder: string): Promise<PredictionFacts> =>
  JSON.parse(await readFile(join(folder, factsFile), 'utf8')) as PredictionFacts

/** Answers of a regression. */
export function numericAnswers({ facts, predictions }: RawAnswers, labels: Float64Array): ModelAnswers {
  const values =
    predictions.kind === 'numbers'
      ? Float64Array.from(predictions.values)
      : Float64Array.from(predictions.values, Number)
  let failed = 0
  for (let i = 0; i < labels.length; i++) if (Number.isNaN(values[i])) failed += 1
  return { predictions: values, failed, errors: facts.errors, notes: facts.notes }
}

/**
 * Answers of a classification in codes. Where a model predicts numbers from 0 to 1 of two classes they are taken for the
 * probability of the positive one. `threshold` makes classes of probabilities; without it the model's own classes count.
 */
export function classAnswers(
  task: Exclude<Task, 'regression'>,
  raw: RawAnswers,
  classes: Classes,
  threshold: number | undefined,
): ModelAnswers {
  const { facts, predictions, probabilities } = raw
  const width = classes.names.length
  const own = new Set(classes.names)
  const isScore = task === 'binary' && facts.classes === null && areScores(predictions, own)
  const scores = isScore
    ? Float64Array.from(predictions.values as Float64Array)
    : scoresOf(task, facts, probabilities, classes, width)
  const decided =
    task === 'binary' && scores !== undefined && (isScore || threshold !== undefined)
      ? scores.map((score) => (Number.isNaN(score) ? Number.NaN : Number(score >= (threshold ?? 0.5))))
      : coded(predictions, classes)
  let failed = 0
  for (const code of decided) if (Number.isNaN(code)) failed += 1
  const foreign = isScore ? [] : foreignClasses(predictions, classes)
  return {
    predictions: decided,
    ...(scores === undefined ? {} : { scores }),
    failed,
    errors: facts.errors,
    notes: [
      ...facts.notes,
      ...(foreign.length === 0
        ? []
        : [`Predictions that are no class count as errors: ${foreign.join(', ')}.`]),
    ],
  }
}

function scoresOf(
  task: Task,
  facts: PredictionFacts,
  probabilities: readonly Float64Array[],
  classes: Classes,
  width: number,
): Float64Array | undefined {
  if (facts.classes === null) return undefined
  const codes = facts.classes.map((name) => classes.code(name))
  if (task === 'binary') {
    const positive = codes.indexOf(1)
    const negative = codes.indexOf(0)
    const [own, other] = [probabilities[positive], probabilities[negative]]
    return own ?? other?.map((p) => 1 - p)
  }
  const rows = probabilities[0]?.length ?? 0
  const scores = new Float64Array(rows * width)
  for (const [place, code] of codes.entries()) {
    const column = probabilities[place]
    if (column === undefined || Number.isNaN(code)) continue
    for (let i = 0; i < rows; i++) scores[i * width + code] = column[i] ?? Number.NaN
  }
  return scores
}

/** The codes of values; NaN for what is missing or no class. */
export function coded({ kind, values }: Values, classes: Classes): Float64Array {
  const known = new Map<string | number, number>()
  const codeOf = (value: string | number) => {
    const code = known.get(value) ?? classes.code(value)
    known.set(value, code)
    return code
  }
  return kind === 'numbers'
    ? values.map((value) => (Number.isNaN(value) ? Number.NaN : codeOf(value)))
    : Float64Array.from(values, (value) => (value === null ? Number.NaN : codeOf(value)))
}

const foreignClasses = (predictions: Values, classes: Classes): readonly string[] =>
  [...(keysOf(predictions, 50) ?? [])].filter((key) => Number.isNaN(classes.code(classKey(key)))).slice(0, 5)

/**
 * Answers in which no row is missing: rows are never left out because a model fails on them. The champion is taken to
 * have been right, the candidate to have been wrong, so that a verdict for the candidate cannot come of rows that failed.
 * Of a regression only the champion's can be filled: a candidate may be wrong by any amount.
 */
export function filled(
  answers: ModelAnswers,
  labels: Float64Array,
  classes: number,
  as: 'right' | 'wrong',
): ModelAnswers {
  if (answers.failed === 0) return answers
  const isRegression = classes === 0
  if (isRegression && as === 'wrong') return answers
  const { predictions, scores } = answers
  const lost = (row: number) => Number.isNaN(predictions[row])
  const answerTo = (row: number) => {
    const label = labels[row] ?? 0
    return as === 'right' ? label : (label + 1) % classes
  }
  return {
    ...answers,
    predictions: predictions.map((code, row) => (lost(row) ? answerTo(row) : code)),
    ...(scores === undefined
      ? {}
      : {
          scores:
            classes === 2
              ? scores.map((score, row) => (lost(row) ? answerTo(row) : score))
              : scores.map((score, at) => {
                  const row = Math.floor(at / classes)
                  return lost(row) ? Number(at % classes === answerTo(row)) : score
                }),
        }),
  }
}
