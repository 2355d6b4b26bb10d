import { sql } from 'kysely'
import type { Db } from '../../database.ts'

/** Points of a metric that lie near each other, as one. */
export interface Bucket {
  /** Of the first of them. */
  readonly step: number
  /** Of the first of them, in milliseconds since 1970. */
  readonly timestamp: number
  /** Mean of the values. */
  readonly value: number
  readonly min: number
  readonly max: number
  readonly points: number
}

export interface Bucketed {
  /** Points in the range, those that are no number or infinite included. */
  readonly total: number
  readonly notFinite: number
  /** By step or by time; without those that hold no finite value. */
  readonly buckets: readonly Bucket[]
}

/** As which infinity is kept. */
const infinity = 1.797_693_134_862_315_7e308

/**
 * A run's metric in at most `most` buckets that are equally wide in steps or in time, each point in one of its own where
 * there are no more than that. `range` bounds the axis on both sides, inclusively.
 */
export async function metricBuckets(
  db: Db,
  of: { readonly run: number; readonly name: string },
  {
    axis,
    most,
    range,
  }: {
    readonly axis: 'step' | 'timestamp'
    readonly most: number
    readonly range?: { readonly from: number; readonly to: number } | undefined
  },
): Promise<Bucketed> {
  const series = db
    .selectFrom('metric_series')
    .select('key')
    .where('run', '=', of.run)
    .where('name', '=', of.name)
  let points = db.selectFrom('metrics').where('series', '=', series)
  if (range !== undefined) points = points.where(axis, '>=', range.from).where(axis, '<=', range.to)
  const finite = sql<boolean>`(is_nan = 0 and abs(value) < ${sql.lit(infinity)})`
  const about = await points
    .select((eb) => [
      eb.fn.countAll<number | string>().as('total'),
      sql<number | string | null>`sum(case when ${finite} then 0 else 1 end)`.as('odd'),
      eb.fn.min<number | string | null>(axis).as('from'),
      eb.fn.max<number | string | null>(axis).as('to'),
    ])
    .executeTakeFirstOrThrow()
  const total = Number(about.total)
  const notFinite = Number(about.odd ?? 0)
  if (total === 0) return { total, notFinite, buckets: [] }
  const from = Number(about.from)
  const width = total <= most ? 1 : Math.max(1, Math.ceil((Number(about.to) - from + 1) / most))
  // Whole numbers stand in the text: as parameters they would be floating, and so would the division.
  const bucket = sql<number>`((${sql.ref(axis)} - ${sql.lit(from)}) / ${sql.lit(width)})`
  const grouped = total <= most ? [sql<number>`timestamp`, sql<number>`step`, sql<number>`value`] : [bucket]
  const rows = await points
    .where(finite)
    .groupBy(grouped)
    .select((eb) => [
      eb.fn.min<number | string>('step').as('step'),
      eb.fn.min<number | string>('timestamp').as('timestamp'),
      eb.fn.avg<number>('value').as('value'),
      eb.fn.min<number>('value').as('min'),
      eb.fn.max<number>('value').as('max'),
      eb.fn.countAll<number | string>().as('points'),
    ])
    .orderBy(sql`min(${sql.ref(axis)})`)
    .orderBy(sql`min(timestamp)`)
    .execute()
  return {
    total,
    notFinite,
    buckets: rows.map((row) => ({
      step: Number(row.step),
      timestamp: Number(row.timestamp),
      value: row.value,
      min: row.min,
      max: row.max,
      points: Number(row.points),
    })),
  }
}
