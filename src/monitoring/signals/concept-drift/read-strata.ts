import type { Session } from '../../../analytics/analytics.ts'
import type { BinMeans } from '../../../statistics/metrics/calibration/curve.ts'
import type { Moments, Stratum } from '../../../statistics/shift/strata.ts'
import type { OutcomeRows } from '../../outcomes/outcomes.ts'
import type { RowLoss } from './losses.ts'

/** What is known of one population by strata of equal scores. */
interface SideStratum {
  readonly loss: Moments
  readonly event: Moments
  readonly score: number
}

export interface Strata {
  readonly losses: readonly Stratum[]
  /** Whether rows are of the class that is asked about; empty of a regression. */
  readonly events: readonly Stratum[]
}

const nothing: Moments = { rows: 0, mean: Number.NaN, variance: Number.NaN }

/** Edges between strata with equally many rows of a population; none where the score is a class. */
export async function stratumEdges(
  session: Session,
  { view }: OutcomeRows,
  { score, isContinuous, where }: RowLoss,
  bins: number,
): Promise<readonly number[]> {
  if (!isContinuous) return []
  const shares = Array.from({ length: bins - 1 }, (_, i) => (i + 1) / bins)
  const { rows } = await session.all(
    `select quantile_cont(${score}, [${shares.join(', ')}]) from ${view} where ${where}`,
  )
  const edges = (rows[0]?.[0] ?? []) as readonly number[]
  return [...new Set(edges)]
}

async function readSide(
  session: Session,
  { view }: OutcomeRows,
  { score, sql, event, isContinuous, where }: RowLoss,
  edges: readonly number[],
): Promise<ReadonlyMap<number, SideStratum>> {
  const stratum = isContinuous
    ? edges.map((edge) => `(${score} >= '${edge}'::double)::integer`).join(' + ') || '0'
    : score
  const of = event ?? 'null::integer'
  const { rows } = await session.all(
    `select ${stratum} as b, count(*), favg(${sql}), var_samp(${sql}), favg(${of}), var_samp(${of}), favg(${score})
       from ${view} where ${where} group by b`,
  )
  return new Map(
    rows.map((row) => {
      const [b = 0, count = 0, loss, spread, share, deviation, mean] = row.map((cell) =>
        cell === null ? Number.NaN : Number(cell),
      )
      const moments = (at: number | undefined, variance: number | undefined): Moments => ({
        rows: count,
        mean: at ?? Number.NaN,
        variance: variance ?? Number.NaN,
      })
      return [b, { loss: moments(loss, spread), event: moments(share, deviation), score: mean ?? Number.NaN }]
    }),
  )
}

/** Both populations by the same strata. */
export async function readStrata(
  session: Session,
  production: OutcomeRows,
  reference: OutcomeRows,
  loss: RowLoss,
  edges: readonly number[],
): Promise<Strata> {
  const own = await readSide(session, production, loss, edges)
  const other = await readSide(session, reference, loss, edges)
  const keys = [...new Set([...own.keys(), ...other.keys()])].toSorted((a, b) => a - b)
  const both = (of: 'loss' | 'event') =>
    keys.map((key) => ({
      production: own.get(key)?.[of] ?? nothing,
      reference: other.get(key)?.[of] ?? nothing,
    }))
  return { losses: both('loss'), events: loss.event === undefined ? [] : both('event') }
}

/** Bins of ten equal widths of a probability, for the partition of the Brier score. */
export async function readBins(
  session: Session,
  { view }: OutcomeRows,
  { score, event, where }: RowLoss,
): Promise<readonly BinMeans[]> {
  const { rows } = await session.all(
    `select count(*), favg(${score}), favg(${event}) from ${view} where ${where}
       group by least(9, floor(${score} * 10)) order by 2`,
  )
  return rows.map((row) => {
    const [count = 0, predicted = Number.NaN, observed = Number.NaN] = row.map(Number)
    return { count, predicted, observed }
  })
}
