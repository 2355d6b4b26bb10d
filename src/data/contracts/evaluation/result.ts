import type { Cell } from '../../../analytics/analytics.ts'
import type { Kind, Severity } from '../contract.ts'

/**
 * What became of one check. `warn` and `fail` are violations, by the severity of the check; `error` is a check that
 * could not be evaluated, which says nothing about the data.
 */
export type CheckOutcome = 'success' | 'warn' | 'fail' | 'error'

/** Of all checks together: the worst. A violation is certain, so it comes before what could not be evaluated. */
export type ContractOutcome = 'passed' | 'warned' | 'failed' | 'error'

/**
 * Counts as Great Expectations defines them. Elements are the rows that were looked at, missing those without a value
 * (null or NaN), unexpected those that break the expectation; percents are 0 to 100.
 */
export interface Counts {
  readonly elementCount: number
  readonly missingCount: number
  readonly missingPercent: number
  readonly unexpectedCount: number
  /** Of the elements that are not missing. */
  readonly unexpectedPercent: number
  readonly unexpectedPercentTotal: number
  readonly unexpectedPercentNonmissing: number
}

export interface CheckResult extends Partial<Counts> {
  /** Of the check, unique in its contract. */
  readonly name: string
  readonly kind: Kind
  /** The columns it is about; none if it is about the table. */
  readonly columns: readonly string[]
  readonly severity: Severity
  readonly description?: string
  readonly outcome: CheckOutcome
  /** What is expected, in plain words: `carrier is never missing`. */
  readonly sentence: string
  /** What was found, in plain words; of an error, why it could not be evaluated. */
  readonly observed: string
  /** The number that was measured, where it is one. */
  readonly value?: number
  /** At most 20, in the order of the data. */
  readonly partialUnexpectedList?: readonly Cell[]
  /** At most 20, most frequent first. */
  readonly partialUnexpectedCounts?: readonly { readonly value: Cell; readonly count: number }[]
  readonly failingRows?: FailingRows
}

/** Whole rows that break the expectation, the columns it is about first; long texts are cut. */
export interface FailingRows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

export interface Evaluation {
  readonly outcome: ContractOutcome
  /** As in a validation result of Great Expectations, with what the others were. */
  readonly statistics: Statistics
  readonly rows: number
  readonly results: readonly CheckResult[]
  /** How the data were read. */
  readonly notes: readonly string[]
  /** ISO 8601. */
  readonly startedAt: string
  readonly seconds: number
}

export interface Statistics {
  readonly evaluatedExpectations: number
  readonly successfulExpectations: number
  readonly unsuccessfulExpectations: number
  /** 0 to 100; of no expectation at all 100. */
  readonly successPercent: number
  readonly warned: number
  readonly failed: number
  readonly errors: number
}

export function summarise(results: readonly CheckResult[]): Pick<Evaluation, 'outcome' | 'statistics'> {
  const of = (outcome: CheckOutcome) => results.filter((result) => result.outcome === outcome).length
  const [successful, warned, failed, wrong] = [of('success'), of('warn'), of('fail'), of('error')]
  return {
    outcome: failed > 0 ? 'failed' : wrong > 0 ? 'error' : warned > 0 ? 'warned' : 'passed',
    statistics: {
      evaluatedExpectations: results.length,
      successfulExpectations: successful,
      unsuccessfulExpectations: results.length - successful,
      successPercent: results.length === 0 ? 100 : (100 * successful) / results.length,
      warned,
      failed,
      errors: wrong,
    },
  }
}
