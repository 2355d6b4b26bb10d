import type { Selectable } from 'kysely'
import type { Db } from './database.ts'
import type { SeriesPointRow, SeriesRow } from './series-tables.ts'

/** One series as it is stored. */
export type StoredSeries = Selectable<SeriesRow>

/** Bound parameters of one statement, far below what either database takes. */
const chunk = 100

/** The numbers of these series, in their order; those that are not there are made. Their kind stays what it was first. */
export async function ensureSeries(db: Db, wanted: readonly Omit<SeriesRow, 'series'>[]): Promise<number[]> {
  const found = new Map<string, number>()
  const of = ({ scope, name, labels }: Pick<SeriesRow, 'scope' | 'name' | 'labels'>) =>
    JSON.stringify([scope, name, labels])
  for (let i = 0; i < wanted.length; i += chunk) {
    const part = wanted.slice(i, i + chunk)
    await db
      .insertInto('series')
      .values(part)
      .onConflict((c) => c.doNothing())
      .execute()
    const rows = await db
      .selectFrom('series')
      .selectAll()
      .where((e) => e.or(part.map(({ scope, name, labels }) => e.and({ scope, name, labels }))))
      .execute()
    for (const row of rows) found.set(of(row), row.series)
  }
  return wanted.map((one) => found.get(of(one)) ?? 0)
}

/**
 * Series by name, or by the beginning of one (`prefix`), in a scope or in all; by name and labels. `isWide`: those of the
 * installation and of whole workspaces only.
 */
export async function findSeries(
  db: Db,
  {
    scope,
    name,
    prefix,
    isWide = false,
  }: {
    readonly scope?: string
    readonly name?: string
    readonly prefix?: string
    readonly isWide?: boolean
  },
): Promise<readonly StoredSeries[]> {
  let query = db.selectFrom('series').selectAll().orderBy('name').orderBy('scope').orderBy('labels')
  if (scope !== undefined) query = query.where('scope', '=', scope)
  if (isWide) query = query.where('scope', 'not like', '%/workspaces/%/%')
  if (name !== undefined) query = query.where('name', '=', name)
  if (prefix !== undefined) query = query.where('name', '>=', prefix).where('name', '<', `${prefix}\uffff`)
  return query.execute()
}

/** Points of series whose interval begins in `[from, to)`, by series and time. */
export async function pointsOf(
  db: Db,
  asked: {
    readonly series: readonly number[]
    readonly step: number
    readonly from: number
    readonly to: number
  },
): Promise<SeriesPointRow[]> {
  const found: SeriesPointRow[] = []
  for (let i = 0; i < asked.series.length; i += chunk)
    found.push(
      ...(await db
        .selectFrom('series_points')
        .selectAll()
        .where('series', 'in', asked.series.slice(i, i + chunk))
        .where('step', '=', asked.step)
        .where('at', '>=', asked.from)
        .where('at', '<', asked.to)
        .orderBy('series')
        .orderBy('at')
        .execute()),
    )
  return found
}

/** Writes points in place of those that are there for the same interval. */
export async function replacePoints(db: Db, points: readonly SeriesPointRow[]): Promise<void> {
  for (let i = 0; i < points.length; i += chunk)
    await db
      .insertInto('series_points')
      .values(points.slice(i, i + chunk))
      .onConflict((c) =>
        c.columns(['series', 'step', 'at']).doUpdateSet((e) => ({
          count: e.ref('excluded.count'),
          sum: e.ref('excluded.sum'),
          min: e.ref('excluded.min'),
          max: e.ref('excluded.max'),
          last: e.ref('excluded.last'),
          last_at: e.ref('excluded.last_at'),
          buckets: e.ref('excluded.buckets'),
        })),
      )
      .execute()
}

export async function deletePointsBefore(db: Db, step: number, at: number): Promise<void> {
  await db.deleteFrom('series_points').where('step', '=', step).where('at', '<', at).execute()
}

/** Forgets series of which no point is left, and all of a scope that has gone. */
export async function deleteEmptySeries(db: Db): Promise<void> {
  await db
    .deleteFrom('series')
    .where((e) =>
      e.not(
        e.exists(
          e.selectFrom('series_points').select('at').whereRef('series_points.series', '=', 'series.series'),
        ),
      ),
    )
    .execute()
}

export async function deleteSeriesOf(db: Db, scope: string): Promise<void> {
  const own = db.selectFrom('series').select('series').where('scope', '=', scope)
  await db.deleteFrom('series_points').where('series', 'in', own).execute()
  await db.deleteFrom('series').where('scope', '=', scope).execute()
}
