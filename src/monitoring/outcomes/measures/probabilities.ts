import type { Session } from '../../../analytics/analytics.ts'
import { around, twoSided } from '../../../statistics/intervals/interval.ts'
import type { OutcomeRows, Score } from '../outcomes.ts'
import { groupingSql, segmentKey, segmentOf, type SegmentSet } from '../segments.ts'
import { undefinedOn, type Measured } from './measured.ts'

/** scikit-learn keeps probabilities so far from 0 and 1, that a sure mistake costs 36.04 and not infinity. */
const closest = Number.EPSILON

const clipped = (p: string) => `greatest(${closest}, least(1 - ${closest}, ${p}))`

/** SQL of a row's log loss and squared error, as scikit-learn has them: of several classes the squares are summed. */
function lossesSql(scores: readonly Score[]) {
  const [first] = scores
  const valid = scores.map(({ column }) => `${column} between 0 and 1`).join(' and ')
  if (scores.length === 1 && first !== undefined) {
    const { column: p, code } = first
    return {
      log: `-ln(case when y = ${code} then ${clipped(p)} else ${clipped(`(1 - ${p})`)} end)`,
      square: `(${p} - (y = ${code})::integer) ** 2`,
      valid,
    }
  }
  const cases = scores.map(({ column, code }) => `when ${code} then ${clipped(column)}`).join(' ')
  return {
    // What the model has no probability of it takes for impossible.
    log: `-ln(case y ${cases} else ${closest} end)`,
    square: scores.map(({ column, code }) => `(${column} - (y = ${code})::integer) ** 2`).join(' + '),
    valid,
  }
}

const notProbabilities = 'Some scores are below 0 or above 1: they are no probabilities.'

/** Log loss and Brier score of each segment, with intervals by the central limit theorem. */
export async function measureProbabilities(
  session: Session,
  { view }: OutcomeRows,
  scores: readonly Score[],
  set: SegmentSet,
  confidence: number,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Measured>>> {
  const { columns, groupBy } = groupingSql(set)
  const { log, square, valid } = lossesSql(scores)
  const { rows } = await session.all(
    `with l as (select ${columns} ${log} as l, ${square} as b, ${valid} as valid from ${view}
        where y is not null and ${scores.map(({ column }) => `${column} is not null`).join(' and ')})
      select ${columns} count(*) as n, bool_and(valid) as valid, favg(l), var_samp(l), favg(b), var_samp(b) from l ${groupBy}`,
  )
  const z = twoSided(1 - confidence)
  return new Map(
    rows.map((row) => {
      const [n, isValid, ...moments] = row.slice(set.columns.length)
      const count = Number(n)
      const of = (place: number): Measured => {
        if (count === 0) return undefinedOn(0, 'No row has a label and a probability.')
        if (isValid !== true) return undefinedOn(count, notProbabilities)
        const value = Number(moments[place])
        const variance = Number(moments[place + 1] ?? Number.NaN)
        return {
          value,
          n: count,
          ...around(value, Math.sqrt(variance / count), z),
          method: 'central limit theorem',
        }
      }
      return [
        segmentKey(segmentOf(set, row)),
        new Map([
          ['log_loss', of(0)],
          ['brier', of(2)],
        ]),
      ]
    }),
  )
}
