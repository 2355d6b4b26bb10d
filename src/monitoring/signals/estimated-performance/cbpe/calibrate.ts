import { setImmediate } from 'node:timers/promises'
import type { Session } from '../../../../analytics/analytics.ts'
import {
  fitIsotonic,
  type Isotonic,
  type ScoreColumns,
} from '../../../../statistics/metrics/calibration/isotonic.ts'
import { needsCalibration } from '../../../../statistics/metrics/calibration/needs-calibration.ts'
import { mulberry32 } from '../../../../statistics/random/generator.ts'
import type { OutcomeRows, Score } from '../../../outcomes/outcomes.ts'
import { NoData } from '../../../populations/population.ts'

/** The calibrator of a class: undefined where its scores are good probabilities as they are. */
export type Calibrator = Isotonic | undefined

/** More distinct scores than this calibrate no better: some of them are taken then. */
const mostScores = 200_000

/** Fits the calibrator of one class on the labelled rows of the reference. */
export async function fitCalibrator(
  session: Session,
  rows: OutcomeRows,
  score: Score,
  seed: number,
): Promise<{ readonly calibrator: Calibrator; readonly note?: string }> {
  const { columns, every } = await readScores(session, rows, score)
  const lowest = columns.scores[0] ?? 0
  const highest = columns.scores.at(-1) ?? 0
  if (lowest < 0 || highest > 1)
    throw new NoData(
      `The reference's scores go from ${lowest} to ${highest}: performance is estimated from probabilities.`,
    )
  const isNeeded = await needsCalibration(columns, mulberry32(seed), setImmediate)
  return {
    calibrator: isNeeded ? fitIsotonic(columns) : undefined,
    ...(every === 1 ? {} : { note: `Calibrated by one in ${every} of the reference's distinct scores.` }),
  }
}

/** Distinct scores of the labelled rows, ascending; of very many one in so many, whatever their labels. */
async function readScores(session: Session, { view }: OutcomeRows, { column, code }: Score) {
  const from = `from ${view} where y is not null and ${column} is not null`
  const counted = await session.all(`select count(distinct ${column}) ${from}`)
  const distinct = Number(counted.rows[0]?.[0])
  const every = Math.max(1, Math.ceil(distinct / mostScores))
  const sql = `select ${column}, count(*), count(*) filter (y = ${code}) ${from} ${every === 1 ? '' : `and hash(${column}) % ${every} = 0`} group by 1 order by 1`
  const [scores, rows, positives]: [number[], number[], number[]] = [[], [], []]
  for await (const batch of await session.stream(sql))
    for (const [score, count, hits] of batch) {
      scores.push(Number(score))
      rows.push(Number(count))
      positives.push(Number(hits))
    }
  const columns: ScoreColumns = {
    scores: Float64Array.from(scores),
    rows: Float64Array.from(rows),
    positives: Float64Array.from(positives),
  }
  return { columns, every }
}

/** Calibrated probabilities of a view's rows, as the temporary table `calibrated`: `said`, the scores and `c` before each. */
export async function calibrate(
  session: Session,
  { view }: OutcomeRows,
  scores: readonly Score[],
  calibrators: readonly Calibrator[],
  segments: readonly string[],
): Promise<void> {
  const joins: string[] = []
  const values: string[] = []
  for (const [i, { column }] of scores.entries()) {
    const calibrator = calibrators[i]
    if (calibrator === undefined) {
      values.push(`o.${column}`)
      continue
    }
    await keepKnots(session, `knots${i}`, calibrator)
    joins.push(`asof left join knots${i} on o.${column} >= knots${i}.x`)
    values.push(`(knots${i}.slope * (o.${column} - knots${i}.origin) + knots${i}.y)`)
  }
  const isAlone = scores.length === 1
  const total = values.join(' + ')
  const known = scores.map(({ column }) => `o.${column} is not null`).join(' and ')
  const columns = [
    'o.said',
    ...segments.map((_, i) => `o.s${i}`),
    ...scores.map(({ column }) => `o.${column}`),
    ...scores.map(({ column }, i) =>
      isAlone
        ? `${values[i]} as c${column}`
        : `coalesce(${values[i]} / nullif(${total}, 0), 1.0 / ${scores.length}) as c${column}`,
    ),
  ]
  await session.run(
    `create or replace table calibrated as select ${columns.join(', ')} from ${view} o ${joins.join(' ')} where ${known}`,
  )
}

/** Of each knot where it begins, and the line from there to the next; below the first and from the last it is level. */
async function keepKnots(session: Session, table: string, { x, y }: Isotonic): Promise<void> {
  await session.run(`create or replace table ${table} (x double, origin double, y double, slope double)`)
  const rows = Array.from(x, (at, i) => {
    const [next, level] = [x[i + 1], y[i] ?? 0]
    const slope = next === undefined ? 0 : ((y[i + 1] ?? 0) - level) / (next - at)
    return [at, at, level, slope]
  })
  await session.append(table, rows)
  await session.run(`insert into ${table} select '-infinity'::double, $1, $2, 0`, [x[0] ?? 0, y[0] ?? 0])
}
