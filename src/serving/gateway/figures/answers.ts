/*
 * What two models answered, without knowing their schemas: the values of an answer in order, whatever protocol wraps them.
 */

/** A prediction: a number, a class, or nothing. */
export type Value = number | string | boolean | null

/** Of one answer, no more than this is looked at. */
const mostValues = 2000

/**
 * The predictions in a body: below `predictions` (MLflow), the `data` of `outputs` (Open Inference), or all of it (Azure).
 * Undefined if it is no JSON.
 */
export function valuesOf(body: string): readonly Value[] | undefined {
  let answer: unknown
  try {
    answer = JSON.parse(body)
  } catch {
    return undefined
  }
  const values: Value[] = []
  collect(predictionsIn(answer), values)
  return values
}

function predictionsIn(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null) return answer
  const { predictions, outputs } = answer as { predictions?: unknown; outputs?: unknown }
  if (predictions !== undefined) return predictions
  return Array.isArray(outputs)
    ? outputs.map((output) => (output as { data?: unknown } | null)?.data)
    : answer
}

function collect(value: unknown, into: Value[]): void {
  if (into.length >= mostValues) return
  if (Array.isArray(value)) for (const item of value) collect(item, into)
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) collect(item, into)
  else if (typeof value !== 'object' && value !== undefined) into.push(value as Value)
  else into.push(null)
}

/**
 * How far two answers to one request are apart: the largest difference of two numbers in the same place, Infinity where
 * a class differs. Undefined if they have not the same shape: other numbers of values, or of other kinds.
 */
export function distance(a: readonly Value[], b: readonly Value[]): number | undefined {
  if (a.length !== b.length) return undefined
  let most = 0
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? null, b[i] ?? null]
    if (x === y) continue
    if (typeof x === 'number' && typeof y === 'number') most = Math.max(most, Math.abs(x - y))
    else if (x === null || y === null || typeof x === typeof y) most = Infinity
    else return undefined
  }
  return most
}

/** Ends of the bins that differences are counted in: two answers that are 1e-9 apart are the same. */
export const differenceEnds: readonly number[] = [
  1e-9,
  ...Array.from({ length: 8 * 4 + 1 }, (_, i) => 10 ** (-6 + i / 4)),
]

/** The bin of a difference, by its upper end; the one after the last holds everything above. */
export function differenceBin(apart: number): number {
  const bin = differenceEnds.findIndex((end) => apart <= end)
  return bin < 0 ? differenceEnds.length : bin
}

/** Classes that are told apart; what comes beyond is counted together. */
export const mostClasses = 200

/**
 * The bin of a prediction: numbers below 1 in steps of 0.005, larger ones in steps of 2 %, so that the order of bins is
 * that of numbers (`n:` and a whole number); classes by their name (`c:`).
 */
export function valueBin(value: Value): string {
  if (typeof value !== 'number') return `c:${value === null ? '' : String(value).slice(0, 60)}`
  const size = Math.abs(value)
  const step = size < 1 ? Math.floor(size * 200 + 1e-9) : 200 + Math.floor(Math.log(size) / Math.log(1.02))
  return `n:${value < 0 ? -step - 1 : step}`
}
