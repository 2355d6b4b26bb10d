import type { Session } from '../../../analytics/analytics.ts'
import type { OutcomeRows, Outcomes } from '../outcomes.ts'
import { segmentKey, type SegmentSet } from '../segments.ts'
import { measureConfusion, readConfusions } from './confusion.ts'
import { measureNumbers } from './numbers.ts'
import { measureProbabilities } from './probabilities.ts'
import { measureRanking, readRankings, type Ranking } from './ranking.ts'
import type { Measured, MeasuredSegment, Measuring } from './measured.ts'

/**
 * Every metric that rows with labels tell of a model, of all rows or of each of a set of segments. All sums are made by the
 * session: what comes here is a few numbers of each segment.
 */
export async function measure(
  session: Session,
  outcomes: Pick<Outcomes, 'task' | 'classes' | 'positive' | 'scores'>,
  rows: OutcomeRows,
  set: SegmentSet,
  measuring: Measuring,
): Promise<readonly MeasuredSegment[]> {
  const { task, classes, positive } = outcomes
  if (task === 'regression') return measureNumbers(session, rows, set, measuring.confidence)
  const found: MeasuredSegment[] = []
  const more = rows.hasProbabilities
    ? await measureScores(session, outcomes, rows, set, measuring.confidence)
    : new Map<string, ReadonlyMap<string, Measured>>()
  for (const { segment, table } of await readConfusions(session, rows, classes.length, set))
    found.push({
      segment,
      metrics: new Map([
        ...(await measureConfusion(table, positive, measuring)),
        ...(more.get(segmentKey(segment)) ?? []),
      ]),
    })
  return found.toSorted((a, b) => (segmentKey(a.segment) < segmentKey(b.segment) ? -1 : 1))
}

/** What probabilities tell beyond predictions, by the segments' keys. */
async function measureScores(
  session: Session,
  { classes, scores }: Pick<Outcomes, 'classes' | 'scores'>,
  rows: OutcomeRows,
  set: SegmentSet,
  confidence: number,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Measured>>> {
  const losses = await measureProbabilities(session, rows, scores, set, confidence)
  const rankings: ReadonlyMap<string, Ranking>[] = []
  for (const score of scores) rankings.push(await readRankings(session, rows, score, set))
  return new Map(
    [...losses].map(([key, own]) => [
      key,
      new Map([
        ...own,
        ...measureRanking(
          rankings.map((ranking) => ranking.get(key)),
          scores.map(({ code }) => classes[code] ?? ''),
          confidence,
        ),
      ]),
    ]),
  )
}
