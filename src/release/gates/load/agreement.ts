import type { Cell } from '../../../analytics/analytics.ts'
import { twoSided } from '../../../statistics/intervals/interval.ts'
import { wilson } from '../../../statistics/intervals/proportions.ts'
import type { Measure } from '../gate.ts'

/** What a model answers to a row offline. */
export interface OfflineAnswer {
  readonly prediction: Cell
  /** Of each class, in the model's order; empty for one without probabilities. */
  readonly probabilities: readonly Cell[]
}

/** A row for which the deployment says something else than the model does offline. */
export interface Disagreement {
  readonly body: number
  readonly row: number
  readonly offline: Cell | readonly Cell[]
  /** As JSON, cut; null where there was no answer. */
  readonly online: string | null
}

/** What the deployment answered, beside what the model answers offline. */
export interface Agreement {
  readonly rows: number
  readonly disagreements: readonly Disagreement[]
}

/**
 * Compares each row's answer: numbers within the tolerance, everything else exactly. A deployment that answers with
 * several numbers a row, as `pyfunc_predict_fn: predict_proba` has it, is held to the model's probabilities.
 */
export function agreementOf(
  expected: readonly (readonly OfflineAnswer[])[],
  answers: Readonly<Record<string, string>>,
  tolerance: number,
): Agreement {
  const disagreements: Disagreement[] = []
  let rows = 0
  for (const [body, values] of expected.entries()) {
    const text = answers[`candidate/${body}`]
    // A body that was never sent says nothing.
    if (text === undefined) continue
    const answered = rowsIn(text)
    for (const [row, offline] of values.entries()) {
      rows += 1
      const online = answered?.[row]
      const numbers = numbersIn(online)
      const isOfClasses = numbers !== undefined && numbers.length === offline.probabilities.length
      const wanted = isOfClasses ? offline.probabilities : offline.prediction
      if (isSame(wanted, isOfClasses ? numbers : online, tolerance)) continue
      const shown = online === undefined ? null : (JSON.stringify(online) ?? '')
      disagreements.push({
        body,
        row,
        offline: wanted,
        online: shown === null ? null : shown.slice(0, 200),
      })
    }
  }
  return { rows, disagreements }
}

/** Whether enough rows agree: none may be missing where all have to. */
export function ofAgreement({ rows, disagreements }: Agreement, least: number): Measure {
  const same = rows - disagreements.length
  const interval = wilson({ events: same, trials: rows }, twoSided(0.05))
  const share = rows === 0 ? null : same / rows
  return {
    name: 'agreement_with_offline',
    estimate: share,
    interval: { ...interval, confidence: 0.95 },
    n: rows,
    method: 'the same rows, scored by the deployment and offline',
    limit: least >= 1 ? 'every row' : `at least ${least * 100} % of the rows`,
    verdict:
      share === null
        ? 'inconclusive'
        : least >= 1
          ? share === 1
            ? 'pass'
            : 'fail'
          : interval.lower >= least
            ? 'pass'
            : interval.upper < least
              ? 'fail'
              : 'inconclusive',
  }
}

/** The rows of an answer: a list, or what MLflow and scoring scripts wrap one in. */
function rowsIn(text: string): readonly unknown[] | undefined {
  try {
    const found = JSON.parse(text) as unknown
    const inner = (typeof found === 'string' ? JSON.parse(found) : found) as object | null
    if (Array.isArray(inner)) return inner as readonly unknown[]
    const [list] = Object.values(inner ?? {}).filter(Array.isArray)
    return list as readonly unknown[] | undefined
  } catch {
    return undefined
  }
}

/** A row of several numbers: a list, or a record of a table. */
function numbersIn(row: unknown): readonly number[] | undefined {
  if (typeof row !== 'object' || row === null) return undefined
  const values = Object.values(row)
  return values.length > 1 && values.every((value) => typeof value === 'number') ? values : undefined
}

function isSame(offline: Cell | readonly Cell[], online: unknown, tolerance: number): boolean {
  const value = single(online)
  const expected = single(offline)
  if (expected === null || expected === undefined) return value === null || value === undefined
  if (typeof value === 'boolean' || typeof expected === 'boolean')
    return Number(value) === Number(expected) && typeof value !== 'string'
  if (typeof value === 'number' && !Number.isNaN(Number(expected)))
    return Math.abs(value - Number(expected)) <= tolerance * Math.max(1, Math.abs(value))
  if (Array.isArray(value) && Array.isArray(expected))
    return (
      value.length === expected.length &&
      value.every((item, i) => isSame(expected[i] as Cell, item, tolerance))
    )
  return JSON.stringify(value) === JSON.stringify(expected)
}

/** A row of one output is the output. */
function single(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const values = Object.values(value)
  return values.length === 1 ? values[0] : Array.isArray(value) ? value : JSON.stringify(value)
}
