import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { asValue } from './metric-points.ts'
import type { MetricPoint } from './run-data.ts'

/** Where a page of a metric's history ended. */
export type HistoryPosition = Readonly<{ timestamp: number; step: number; value: number; isNan: number }>

/** One page of a metric's points by timestamp, step and value. No run or no such metric gives none. */
export async function metricHistory(
  db: Db,
  of: { readonly run: number; readonly key: string },
  page: { readonly limit: number; readonly after?: HistoryPosition | undefined },
): Promise<{ readonly points: readonly MetricPoint[]; readonly next: HistoryPosition | undefined }> {
  const series = await seriesKey(db, of)
  if (series === undefined) return { points: [], next: undefined }
  let query = db.selectFrom('metrics').selectAll().where('series', '=', series)
  const { after } = page
  if (after !== undefined)
    query = query.where(
      sql<boolean>`(timestamp, step, value, is_nan) > (${after.timestamp}, ${after.step}, ${after.value}, ${after.isNan})`,
    )
  const rows = await query
    .orderBy('timestamp')
    .orderBy('step')
    .orderBy('value')
    .orderBy('is_nan')
    .limit(page.limit + 1)
    .execute()
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    points: shown.map((row) => asPoint(of.key, row)),
    next:
      rows.length > page.limit && last !== undefined
        ? { timestamp: last.timestamp, step: last.step, value: last.value, isNan: last.is_nan }
        : undefined,
  }
}

/** All steps of a metric in a range (inclusive), ascending. */
export async function metricSteps(
  db: Db,
  of: { readonly run: number; readonly key: string },
  range: { readonly start?: number | undefined; readonly end?: number | undefined },
): Promise<readonly number[]> {
  const series = await seriesKey(db, of)
  if (series === undefined) return []
  let query = db.selectFrom('metrics').select('step').distinct().where('series', '=', series)
  if (range.start !== undefined) query = query.where('step', '>=', range.start)
  if (range.end !== undefined) query = query.where('step', '<=', range.end)
  return (await query.orderBy('step').execute()).map((row) => row.step)
}

/** A metric's points at the given steps, by step, timestamp and value; at most `limit`. */
export async function metricPointsAt(
  db: Db,
  of: { readonly run: number; readonly key: string },
  steps: readonly number[],
  limit: number,
): Promise<readonly MetricPoint[]> {
  const series = await seriesKey(db, of)
  if (series === undefined || steps.length === 0) return []
  const rows = await db
    .selectFrom('metrics')
    .selectAll()
    .where('series', '=', series)
    .where('step', 'in', steps)
    .orderBy('step')
    .orderBy('timestamp')
    .orderBy('value')
    .limit(limit)
    .execute()
  return rows.map((row) => asPoint(of.key, row))
}

async function seriesKey(
  db: Db,
  of: { readonly run: number; readonly key: string },
): Promise<number | undefined> {
  const row = await db
    .selectFrom('metric_series')
    .select('key')
    .where('run', '=', of.run)
    .where('name', '=', of.key)
    .executeTakeFirst()
  return row?.key
}

const asPoint = (
  key: string,
  row: { readonly value: number; readonly is_nan: number; readonly timestamp: number; readonly step: number },
): MetricPoint => ({ key, value: asValue(row), timestamp: row.timestamp, step: row.step })
