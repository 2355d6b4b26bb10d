import type { Session } from '../../../../analytics/analytics.ts'
import type { Confusion } from '../../../../statistics/metrics/classification/confusion.ts'
import type { Score } from '../../../outcomes/outcomes.ts'
import {
  groupingSql,
  requireFew,
  segmentKey,
  segmentOf,
  type Segment,
  type SegmentSet,
} from '../../../outcomes/segments.ts'

/** What is expected of rows without labels, if their probabilities are right. */
export interface ExpectedOutcomes {
  readonly segment: Segment | undefined
  /** Rows with all probabilities. */
  readonly rows: number
  /** Of those the ones with a prediction that the model has a probability of. */
  readonly predicted: number
  /** Sums of probabilities by truth and prediction; of one score its class is 1 and all others 0. */
  readonly table: Confusion
  /** Areas under the expected ROC and precision–recall curves, of each score. */
  readonly areas: readonly { readonly roc: number; readonly precisionRecall: number }[]
}

/** Reads the table `calibrated`. */
export async function expectedOutcomes(
  session: Session,
  scores: readonly Score[],
  set: SegmentSet,
): Promise<readonly ExpectedOutcomes[]> {
  const { columns, groupBy } = groupingSql(set)
  const counted = await session.all(`select ${columns} count(*) from calibrated ${groupBy}`)
  requireFew(set, counted.rows.length)
  const width = set.columns.length
  const tables = await readTables(session, scores, set)
  const areas: Awaited<ReturnType<typeof readAreas>>[] = []
  for (const score of scores) areas.push(await readAreas(session, score, set))
  return counted.rows.map((row) => {
    const segment = segmentOf(set, row)
    const key = segmentKey(segment)
    const classes = Math.max(2, scores.length)
    const found = tables.get(key) ?? { predicted: 0, cells: new Float64Array(classes ** 2) }
    return {
      segment,
      rows: Number(row[width]),
      predicted: found.predicted,
      table: { classes, cells: found.cells },
      areas: areas.map((own) => own.get(key) ?? { roc: Number.NaN, precisionRecall: Number.NaN }),
    }
  })
}

async function readTables(session: Session, scores: readonly Score[], set: SegmentSet) {
  const { columns } = groupingSql(set)
  const [first] = scores
  const isAlone = scores.length === 1
  const said = isAlone
    ? `(said = ${first?.code})::integer`
    : `case said ${scores.map(({ code }, i) => `when ${code} then ${i}`).join(' ')} end`
  const sums = scores.map(({ column }) => `fsum(c${column})`).join(', ')
  const { rows } = await session.all(
    `select ${columns} ${said} as j, count(*), ${sums} from calibrated where said is not null group by all`,
  )
  const width = set.columns.length
  const classes = Math.max(2, scores.length)
  const found = new Map<string, { predicted: number; cells: Float64Array }>()
  for (const row of rows) {
    const [j, count, ...expected] = row.slice(width)
    if (typeof j !== 'number') continue
    const key = segmentKey(segmentOf(set, row))
    const own = found.get(key) ?? { predicted: 0, cells: new Float64Array(classes ** 2) }
    own.predicted += Number(count)
    const sums = isAlone ? [Number(count) - Number(expected[0]), Number(expected[0])] : expected.map(Number)
    for (const [i, sum] of sums.entries()) own.cells[i * classes + j] = sum
    found.set(key, own)
  }
  return found
}

/**
 * Areas under the curves that calibrated probabilities promise, by the score from the top: `tps = Σ c`, `fps = n − Σ c`, both
 * rounded to five places, as NannyML has it; rows of one score are one step.
 */
async function readAreas(session: Session, { column }: Score, set: SegmentSet) {
  const { columns, partition, groupBy } = groupingSql(set)
  const whole = partition || 'rows between unbounded preceding and unbounded following'
  const { rows } = await session.all(
    `with g as (select ${columns} ${column} as s, count(*)::double as n, fsum(c${column}) as c from calibrated group by all),
      w as (select *, round(sum(c) over d, 5) as tps, sum(n) over d as k, round(sum(n) over d - sum(c) over d, 5) as fps
        from g window d as (${partition} order by s desc rows unbounded preceding)),
      l as (select *, lag(tps, 1, 0) over o as tps0, lag(fps, 1, 0) over o as fps0,
          max(tps) over (${whole}) as tp_all, max(fps) over (${whole}) as fp_all
        from w window o as (${partition} order by s desc))
    select ${columns} fsum((fps - fps0) * (tps + tps0) / 2) / nullif(any_value(tp_all), 0) / nullif(any_value(fp_all), 0),
        fsum((tps - tps0) * tps / k) / nullif(any_value(tp_all), 0) from l ${groupBy}`,
  )
  const width = set.columns.length
  return new Map(
    rows.map((row) => [
      segmentKey(segmentOf(set, row)),
      { roc: Number(row[width] ?? Number.NaN), precisionRecall: Number(row[width + 1] ?? Number.NaN) },
    ]),
  )
}
