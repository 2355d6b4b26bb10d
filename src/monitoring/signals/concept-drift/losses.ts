import { NoData } from '../../populations/population.ts'
import type { Outcomes } from '../../outcomes/outcomes.ts'
import type { ConceptParameters } from './parameters.ts'

/** SQL over the outcomes' view of what is asked of each row. */
export interface RowLoss {
  readonly name: NonNullable<ConceptParameters['loss']>
  readonly sql: string
  /** What a row is put into strata by: a score, or the predicted class itself. */
  readonly score: string
  readonly isContinuous: boolean
  /** Whether a row is of the class that is asked about: of a classification with one. */
  readonly event?: string
  /** The rows that can be asked. */
  readonly where: string
}

/** How wrong a row is, and what it is to be compared with. Throws NoData where the loss is none of the task. */
export function rowLoss(outcomes: Outcomes, asked: ConceptParameters['loss']): RowLoss {
  const { task, scores, positive, production, reference } = outcomes
  const hasScores = production.hasProbabilities && (reference?.hasProbabilities ?? true)
  if (task === 'regression') {
    const name = asked ?? 'absolute'
    if (name === 'brier' || name === 'zero_one')
      throw new NoData(`${name} is a loss of classes, and this is a regression: take absolute or squared.`)
    return {
      name,
      sql: name === 'absolute' ? 'abs(said - y)' : '(said - y) ** 2',
      score: 'said',
      isContinuous: true,
      where: 'y is not null and said is not null',
    }
  }
  const name = asked ?? (hasScores ? 'brier' : 'zero_one')
  if (name === 'absolute' || name === 'squared')
    throw new NoData(`${name} is a loss of numbers, and this is a classification: take brier or zero_one.`)
  if (name === 'brier' && !hasScores)
    throw new NoData('The Brier score is of probabilities: name their columns as probability_column.')
  const [first] = scores
  const isScored = hasScores && scores.length === 1 && first !== undefined
  const known = name === 'brier' || isScored ? scores.map(({ column }) => `${column} is not null`) : []
  return {
    name,
    sql:
      name === 'zero_one'
        ? '(said <> y)::integer'
        : scores.map(({ column, code }) => `(${column} - (y = ${code})::integer) ** 2`).join(' + '),
    score: isScored ? first.column : 'said',
    isContinuous: isScored,
    ...(positive === undefined ? {} : { event: `(y = ${positive})::integer` }),
    where: ['y is not null', 'said is not null', ...known].join(' and '),
  }
}
