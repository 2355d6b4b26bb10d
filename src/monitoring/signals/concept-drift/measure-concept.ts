import type { Session } from '../../../analytics/analytics.ts'
import type { Outcomes, OutcomeRows } from '../../outcomes/outcomes.ts'
import type { RowLoss } from './losses.ts'
import type { ConceptParameters } from './parameters.ts'
import { readBins, readStrata, stratumEdges, type Strata } from './read-strata.ts'
import { baselineOf, cusumOf, readBatches, type Batch, type Cusum } from './sequence.ts'

/** What was found of a window, before anything is judged. */
export interface Concept {
  readonly rows: number
  readonly batches: readonly Batch[]
  readonly compared?: Strata & { readonly referenceRows: number }
  readonly cusum?: Cusum
  readonly bins?: Awaited<ReturnType<typeof readBins>>
}

/**
 * Compares errors at the same scores, and follows them through the window; `carried` is where CUSUM goes on from. Undefined
 * where no row has both a label and a prediction.
 */
export async function measureConcept(
  session: Session,
  outcomes: Outcomes,
  loss: RowLoss,
  { bins, batches: count, allowance }: ConceptParameters,
  carried: number,
): Promise<Concept | undefined> {
  const own = await momentsOf(session, outcomes.production, loss)
  if (own.rows === 0) return undefined
  const size = Math.max(leastBatch, Math.ceil(own.rows / count))
  const batches = await readBatches(session, outcomes.production, loss, size)
  const isProbability = loss.isContinuous && outcomes.task === 'classification'
  const parts = isProbability ? { bins: await readBins(session, outcomes.production, loss) } : {}
  const { reference } = outcomes
  const before = reference?.hasLabels === true ? await momentsOf(session, reference, loss) : undefined
  if (reference === undefined || before === undefined || before.rows < 2)
    return { rows: own.rows, batches, ...parts }
  const edges = await stratumEdges(session, reference, loss, bins)
  const strata = await readStrata(session, outcomes.production, reference, loss, edges)
  const baseline = baselineOf(before, await readBatches(session, reference, loss, size), size)
  return {
    rows: own.rows,
    batches,
    ...parts,
    compared: { ...strata, referenceRows: before.rows },
    cusum: cusumOf(batches, baseline, carried, allowance),
  }
}

/** Fewer rows of a batch tell chance only. */
const leastBatch = 30

async function momentsOf(session: Session, { view }: OutcomeRows, { sql, where }: RowLoss) {
  const { rows } = await session.all(
    `select count(*), favg(${sql}), var_samp(${sql}) from ${view} where ${where}`,
  )
  const [count, mean, variance] = rows[0] ?? []
  return { rows: Number(count), mean: Number(mean ?? Number.NaN), variance: Number(variance ?? Number.NaN) }
}
