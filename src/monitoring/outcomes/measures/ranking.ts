import type { Session } from '../../../analytics/analytics.ts'
import { aucInterval } from '../../../statistics/comparison/delong.ts'
import { averagePrecisionInterval } from '../../../statistics/intervals/average-precision.ts'
import { twoSided } from '../../../statistics/intervals/interval.ts'
import type { OutcomeRows, Score } from '../outcomes.ts'
import { groupingSql, segmentKey, segmentOf, type SegmentSet } from '../segments.ts'
import { undefinedOn, type Measured } from './measured.ts'

/** How well a score ranks one class above the others. */
export interface Ranking {
  readonly positives: number
  readonly negatives: number
  readonly auc: number
  readonly averagePrecision: number
  /** `Σ (v − AUC)²` over positive rows, v being the share of negative ones below each, and over negative rows likewise. */
  readonly squares: { readonly positives: number; readonly negatives: number }
}

/** DeLong's variance of the area. */
const varianceOf = ({ positives: P, negatives: N, squares }: Ranking): number =>
  squares.positives / (P - 1) / P + squares.negatives / (N - 1) / N

/**
 * One pass over the distinct scores, highest first. Ties count half. `v10` is the share of negatives below a positive row,
 * `v01` the share of positives above a negative one: their variances make DeLong's (1988).
 */
const rankingSql = (view: string, { code, column: score }: Score, set: SegmentSet) => {
  const { columns, partition, groupBy } = groupingSql(set)
  return `with g as (
      select ${columns} ${score} as s, count(*) filter (y = ${code})::double as p, count(*) filter (y <> ${code})::double as n
        from ${view} where y is not null and ${score} is not null group by all),
    c as (
      select *, sum(p) over d as cp, sum(n) over d as cn, sum(p) over t as tp, sum(n) over t as tn from g
        window d as (${partition} order by s desc rows unbounded preceding), t as (${partition || 'rows between unbounded preceding and unbounded following'})),
    v as (select *, (tn - cn + n / 2) / nullif(tn, 0) as v10, (cp - p / 2) / nullif(tp, 0) as v01 from c)
    select ${columns} any_value(tp), any_value(tn), fsum(p * v10) / nullif(any_value(tp), 0),
        fsum(p / nullif(tp, 0) * cp / (cp + cn)), fsum(p * v10 * v10), fsum(n * v01 * v01) from v ${groupBy}`
}

/** Rankings of one class against all others, by the segments' keys. */
export async function readRankings(
  session: Session,
  { view }: OutcomeRows,
  score: Score,
  set: SegmentSet,
): Promise<ReadonlyMap<string, Ranking>> {
  const { rows } = await session.all(rankingSql(view, score, set))
  const width = set.columns.length
  return new Map(
    rows.map((row) => {
      const of = (place: number) => Number(row[width + place] ?? Number.NaN)
      const [positives, negatives, auc] = [of(0), of(1), of(2)]
      const about = (squares: number, n: number) => Math.max(0, squares - n * auc ** 2)
      const ranking = {
        positives,
        negatives,
        auc,
        averagePrecision: of(3),
        squares: { positives: about(of(4), positives), negatives: about(of(5), negatives) },
      }
      return [segmentKey(segmentOf(set, row)), ranking]
    }),
  )
}

/** Areas under the ROC and the precision–recall curve of two classes, or the means of those of each class against the others. */
export function measureRanking(
  rankings: readonly (Ranking | undefined)[],
  classes: readonly string[],
  confidence: number,
): ReadonlyMap<string, Measured> {
  const z = twoSided(1 - confidence)
  const own = rankings.flatMap((ranking) => (ranking === undefined ? [] : [ranking]))
  const n = own[0] === undefined ? 0 : own[0].positives + own[0].negatives
  if (n === 0) {
    const nothing = undefinedOn(0, 'No row has a label and a probability.')
    return new Map([
      ['roc_auc', nothing],
      ['pr_auc', nothing],
    ])
  }
  const absent = rankings.flatMap((ranking, i) =>
    ranking === undefined || ranking.positives === 0 || ranking.negatives === 0 ? [classes[i] ?? ''] : [],
  )
  if (absent.length > 0) {
    const note =
      classes.length > 2
        ? `No row has the label ${absent.join(', ')}: its area is not defined.`
        : 'All labels are of one class: the area is not defined.'
    return new Map([
      ['roc_auc', undefinedOn(n, note)],
      ['pr_auc', undefinedOn(n, note)],
    ])
  }
  const mean = (of: (ranking: Ranking) => number) =>
    own.reduce((sum, ranking) => sum + of(ranking), 0) / own.length
  const areas = own.map((ranking) => aucInterval(ranking.auc, varianceOf(ranking), z))
  const precisions = own.map(({ averagePrecision, positives }) =>
    averagePrecisionInterval(averagePrecision, positives, z),
  )
  const middle = (intervals: typeof areas, end: 'lower' | 'upper') =>
    intervals.reduce((sum, interval) => sum + interval[end], 0) / intervals.length
  const of = (value: number, intervals: typeof areas, method: string): Measured => ({
    value,
    n,
    lower: middle(intervals, 'lower'),
    upper: middle(intervals, 'upper'),
    // The means of bounds hold however the classes' areas move together.
    method: own.length > 1 ? `${method}, mean of the classes' bounds` : method,
  })
  return new Map([
    [
      'roc_auc',
      of(
        mean(({ auc }) => auc),
        areas,
        'DeLong, logit scale',
      ),
    ],
    [
      'pr_auc',
      of(
        mean(({ averagePrecision }) => averagePrecision),
        precisions,
        'Boyd, Eng & Page, logit scale',
      ),
    ],
  ])
}
