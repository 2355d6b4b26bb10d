import type { Session } from '../../../../analytics/analytics.ts'
import type { Json } from '../../../../kernel/resources/resource.ts'
import type { Confusion } from '../../../../statistics/metrics/classification/confusion.ts'
import type { ReferenceRanking } from '../../../../statistics/estimation/sampling-error.ts'
import { againstRest, readConfusions } from '../../../outcomes/measures/confusion.ts'
import { readRankings } from '../../../outcomes/measures/ranking.ts'
import type { OutcomeRows, Outcomes, Score } from '../../../outcomes/outcomes.ts'
import { segmentKey, type SegmentSet } from '../../../outcomes/segments.ts'
import { fitCalibrator, type Calibrator } from './calibrate.ts'

/** What really came of rows of the reference: its matrix, and how the scores rank. */
export interface Realized {
  /** In the order of the scores; of one score its class is 1. */
  readonly table: Confusion
  readonly rankings: readonly (ReferenceRanking & {
    readonly auc: number
    readonly averagePrecision: number
  })[]
}

/** What is learned of the labelled reference, by the segments' keys. */
export interface Fit {
  readonly calibrators: readonly Calibrator[]
  readonly reference: ReadonlyMap<string, Realized>
  readonly chunks: readonly ReadonlyMap<string, Realized>[]
  readonly notes: readonly string[]
}

export async function fitReference(
  session: Session,
  outcomes: Outcomes & { readonly reference: OutcomeRows },
  sets: readonly SegmentSet[],
  seed: number,
): Promise<Fit> {
  const { scores, reference, chunks } = outcomes
  const fitted: Awaited<ReturnType<typeof fitCalibrator>>[] = []
  for (const score of scores) fitted.push(await fitCalibrator(session, reference, score, seed))
  const parts: ReadonlyMap<string, Realized>[] = []
  for (const chunk of chunks) parts.push(await realizedOf(session, outcomes, chunk, sets))
  return {
    calibrators: fitted.map(({ calibrator }) => calibrator),
    reference: await realizedOf(session, outcomes, reference, sets),
    chunks: parts,
    notes: fitted.flatMap(({ note }) => (note === undefined ? [] : [note])),
  }
}

async function realizedOf(
  session: Session,
  { classes, scores }: Outcomes,
  rows: OutcomeRows,
  sets: readonly SegmentSet[],
): Promise<ReadonlyMap<string, Realized>> {
  const found = new Map<string, Realized>()
  for (const set of sets) {
    const rankings: Awaited<ReturnType<typeof readRankings>>[] = []
    for (const score of scores) rankings.push(await readRankings(session, rows, score, set))
    for (const { segment, table } of await readConfusions(session, rows, classes.length, set)) {
      const key = segmentKey(segment)
      found.set(key, {
        table: ofScores(table, scores),
        rankings: rankings.flatMap((ranking) => ranking.get(key) ?? []),
      })
    }
  }
  return found
}

/** The matrix of the classes that have a score. */
function ofScores(table: Confusion, scores: readonly Score[]): Confusion {
  const [first] = scores
  if (scores.length === 1) return againstRest(table, first?.code ?? 1)
  const cells = scores.flatMap((truth) =>
    scores.map((said) => table.cells[truth.code * table.classes + said.code] ?? 0),
  )
  return { classes: scores.length, cells: Float64Array.from(cells) }
}

/** A fit as JSON, for the cache. */
export const storedFit = ({ calibrators, reference, chunks, notes }: Fit): Json => ({
  calibrators: calibrators.map((own) =>
    own === undefined ? null : { x: Array.from(own.x), y: Array.from(own.y) },
  ),
  reference: storedRealized(reference),
  chunks: chunks.map(storedRealized),
  notes: [...notes],
})

const storedRealized = (realized: Fit['reference']) =>
  Object.fromEntries(
    [...realized].map(([key, { table, rankings }]) => [
      key,
      { classes: table.classes, cells: Array.from(table.cells), rankings: rankings.map(withoutNaN) },
    ]),
  )

type Ranked = Realized['rankings'][number]

/** JSON has no NaN: null stands for it. */
const withoutNaN = ({ auc, averagePrecision, squares, ...counts }: Ranked) => ({
  ...counts,
  figures: [auc, averagePrecision, squares.positives, squares.negatives].map((value) =>
    Number.isNaN(value) ? null : value,
  ),
})

export function restoredFit(json: Json): Fit {
  const kept = json as unknown as StoredFit
  return {
    calibrators: kept.calibrators.map((own) =>
      own === null ? undefined : { x: Float64Array.from(own.x), y: Float64Array.from(own.y) },
    ),
    reference: restoredRealized(kept.reference),
    chunks: kept.chunks.map(restoredRealized),
    notes: kept.notes,
  }
}

type StoredRealized = Readonly<
  Record<
    string,
    {
      readonly classes: number
      readonly cells: readonly number[]
      readonly rankings: readonly {
        readonly positives: number
        readonly negatives: number
        readonly figures: readonly (number | null)[]
      }[]
    }
  >
>

interface StoredFit {
  readonly calibrators: readonly ({ readonly x: readonly number[]; readonly y: readonly number[] } | null)[]
  readonly reference: StoredRealized
  readonly chunks: readonly StoredRealized[]
  readonly notes: readonly string[]
}

const restoredRealized = (stored: StoredRealized): Fit['reference'] =>
  new Map(
    Object.entries(stored).map(([key, { classes, cells, rankings }]) => [
      key,
      {
        table: { classes, cells: Float64Array.from(cells) },
        rankings: rankings.map(({ positives, negatives, figures }) => {
          const [auc, averagePrecision, above, below] = figures.map((value) => value ?? Number.NaN)
          return {
            positives,
            negatives,
            auc: auc ?? Number.NaN,
            averagePrecision: averagePrecision ?? Number.NaN,
            squares: { positives: above ?? Number.NaN, negatives: below ?? Number.NaN },
          }
        }),
      },
    ]),
  )
