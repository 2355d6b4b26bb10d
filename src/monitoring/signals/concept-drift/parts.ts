import { literal, type Session } from '../../../analytics/analytics.ts'
import type { Outcomes, OutcomeRows } from '../../outcomes/outcomes.ts'
import { requireFew, segmentOf, segmentSets, type Segment } from '../../outcomes/segments.ts'

/** All rows, or those of a segment, of both populations. */
export interface OutcomePart {
  readonly segment: Segment | undefined
  readonly outcomes: Outcomes
}

/** All rows first, then the segments that have labels in production, in the order of their names. */
export async function outcomeParts(
  session: Session,
  outcomes: Outcomes,
  segments: readonly string[],
): Promise<readonly OutcomePart[]> {
  const parts: OutcomePart[] = [{ segment: undefined, outcomes }]
  for (const set of segmentSets(segments).slice(1)) {
    const columns = set.columns.join(', ')
    const { rows } = await session.all(
      `select distinct ${columns} from ${outcomes.production.view} where y is not null order by ${columns}`,
    )
    requireFew(set, rows.length)
    for (const row of rows) {
      const is = set.columns.map((column, i) => `${column} = ${literal(row[i] as string)}`)
      const of = (whole: OutcomeRows): OutcomeRows => ({
        ...whole,
        view: `(select * from ${whole.view} where ${is.join(' and ')})`,
      })
      parts.push({
        segment: segmentOf(set, row),
        outcomes: {
          ...outcomes,
          production: of(outcomes.production),
          ...(outcomes.reference === undefined ? {} : { reference: of(outcomes.reference) }),
        },
      })
    }
  }
  return parts
}
