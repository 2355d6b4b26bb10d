import type { Selectable } from 'kysely'
import type { Db } from './database.ts'
import type { MonitorSeriesRow, MonitorValueRow, MonitorWindowRow } from './monitor-tables.ts'

export type StoredMonitorSeries = Selectable<MonitorSeriesRow>

/** What a value is the next of. */
export type MonitorSeriesName = Pick<MonitorSeriesRow, 'metric' | 'feature' | 'segment'>

/** Which signals: of a workspace, and of one monitor or signal of it; a signal by its name or by its kind. */
export interface MonitorSelection {
  readonly scope: string
  readonly monitor?: string
  readonly signal?: string
}

/** Bound parameters of one statement, far below what either database takes. */
const chunk = 50

/**
 * Writes what one signal found in one window in place of what was there of it. To be called in a transaction: the same
 * window computed again, in whatever order, leaves the same rows.
 */
export async function replaceMonitorWindow(
  db: Db,
  window: MonitorWindowRow,
  values: readonly (MonitorSeriesName & Omit<MonitorValueRow, 'series' | 'at'>)[],
): Promise<void> {
  const { scope, monitor, signal, kind, at } = window
  await forgetValues(db, window)
  await db
    .insertInto('monitor_windows')
    .values(window)
    .onConflict((c) =>
      c.columns(['scope', 'monitor', 'signal', 'at']).doUpdateSet((e) => ({
        kind: e.ref('excluded.kind'),
        outcome: e.ref('excluded.outcome'),
        reason: e.ref('excluded.reason'),
      })),
    )
    .execute()
  const names = values.map(({ metric, feature, segment }) => ({
    scope,
    monitor,
    signal,
    kind,
    metric,
    feature,
    segment,
  }))
  for (let i = 0; i < names.length; i += chunk)
    await db
      .insertInto('monitor_series')
      .values(names.slice(i, i + chunk))
      .onConflict((c) => c.doNothing())
      .execute()
  const numbers = new Map(
    (await findMonitorSeries(db, { scope, monitor, signal }))
      .filter((series) => series.signal === signal && series.kind === kind)
      .map((series) => [nameOf(series), series.series]),
  )
  const rows = values.map(({ metric, feature, segment, ...value }) => ({
    ...value,
    at,
    series: numbers.get(nameOf({ metric, feature, segment })) ?? 0,
  }))
  for (let i = 0; i < rows.length; i += chunk)
    await db
      .insertInto('monitor_values')
      .values(rows.slice(i, i + chunk))
      .execute()
}

const nameOf = ({ metric, feature, segment }: MonitorSeriesName) => JSON.stringify([metric, feature, segment])

async function forgetValues(
  db: Db,
  { scope, monitor, signal, at }: Pick<MonitorWindowRow, 'scope' | 'monitor' | 'signal' | 'at'>,
): Promise<void> {
  await db
    .deleteFrom('monitor_values')
    .where('at', '=', at)
    .where('series', 'in', (e) =>
      e
        .selectFrom('monitor_series')
        .select('series')
        .where('scope', '=', scope)
        .where('monitor', '=', monitor)
        .where('signal', '=', signal),
    )
    .execute()
}

/** Series of a selection, of one metric if it is said; by monitor, signal, metric, feature and segment. */
export async function findMonitorSeries(
  db: Db,
  { scope, monitor, signal, metric }: MonitorSelection & { readonly metric?: string },
): Promise<readonly StoredMonitorSeries[]> {
  let query = db.selectFrom('monitor_series').selectAll().where('scope', '=', scope)
  if (monitor !== undefined) query = query.where('monitor', '=', monitor)
  if (metric !== undefined) query = query.where('metric', '=', metric)
  if (signal !== undefined)
    query = query.where((e) => e.or([e('signal', '=', signal), e('kind', '=', signal)]))
  return query
    .orderBy('monitor')
    .orderBy('signal')
    .orderBy('metric')
    .orderBy('feature')
    .orderBy('segment')
    .execute()
}

/** Windows of a selection that end in `[from, to]`, newest first; `top` of them over all signals. */
export async function findMonitorWindows(
  db: Db,
  {
    scope,
    monitor,
    signal,
    from,
    to,
    top,
  }: MonitorSelection & {
    readonly from?: number
    readonly to?: number
    readonly top: number
  },
): Promise<readonly Selectable<MonitorWindowRow>[]> {
  let query = db.selectFrom('monitor_windows').selectAll().where('scope', '=', scope)
  if (monitor !== undefined) query = query.where('monitor', '=', monitor)
  if (signal !== undefined)
    query = query.where((e) => e.or([e('signal', '=', signal), e('kind', '=', signal)]))
  if (from !== undefined) query = query.where('at', '>=', from)
  if (to !== undefined) query = query.where('at', '<=', to)
  return query.orderBy('at', 'desc').orderBy('monitor').orderBy('signal').limit(top).execute()
}

/** Values of series in windows that end in `[from, to]`, newest first. */
export async function findMonitorValues(
  db: Db,
  { series, from, to }: { readonly series: readonly number[]; readonly from: number; readonly to: number },
): Promise<readonly Selectable<MonitorValueRow>[]> {
  const found: Selectable<MonitorValueRow>[] = []
  for (let i = 0; i < series.length; i += chunk)
    found.push(
      ...(await db
        .selectFrom('monitor_values')
        .selectAll()
        .where('series', 'in', series.slice(i, i + chunk))
        .where('at', '>=', from)
        .where('at', '<=', to)
        .orderBy('series')
        .orderBy('at', 'desc')
        .execute()),
    )
  return found
}

/** A value of one window with what it is of. */
export type WindowValue = Pick<MonitorSeriesRow, 'signal' | 'metric' | 'feature'> &
  Pick<MonitorValueRow, 'value' | 'threshold_lower' | 'threshold_upper' | 'breached' | 'n'>

/** Of all rows in one window of a monitor: the values that were judged, and those of the metrics that are named. */
export async function findJudgedValues(
  db: Db,
  {
    scope,
    monitor,
    at,
    also,
  }: {
    readonly scope: string
    readonly monitor: string
    readonly at: number
    readonly also: readonly string[]
  },
): Promise<readonly WindowValue[]> {
  return db
    .selectFrom('monitor_values as v')
    .innerJoin('monitor_series as s', 's.series', 'v.series')
    .select([
      's.signal',
      's.metric',
      's.feature',
      'v.value',
      'v.threshold_lower',
      'v.threshold_upper',
      'v.breached',
      'v.n',
    ])
    .where('s.scope', '=', scope)
    .where('s.monitor', '=', monitor)
    .where('s.segment', '=', '')
    .where('v.at', '=', at)
    .where((e) => e.or([e('v.breached', 'is not', null), e('s.metric', 'in', also)]))
    .execute()
}

/** The last window of every signal there is, over all workspaces. */
export async function latestMonitorWindows(db: Db): Promise<readonly Selectable<MonitorWindowRow>[]> {
  return db
    .selectFrom('monitor_windows as w')
    .selectAll('w')
    .where('at', '=', (e) =>
      e
        .selectFrom('monitor_windows as o')
        .select((s) => s.fn.max('o.at').as('at'))
        .whereRef('o.scope', '=', 'w.scope')
        .whereRef('o.monitor', '=', 'w.monitor')
        .whereRef('o.signal', '=', 'w.signal'),
    )
    .orderBy('scope')
    .orderBy('monitor')
    .orderBy('signal')
    .execute()
}

/** Forgets what a monitor found in one window, or in all of them where none is said; and series that nothing is left of. */
export async function deleteMonitorWindows(
  db: Db,
  { scope, monitor, at }: { readonly scope: string; readonly monitor?: string; readonly at?: number },
): Promise<void> {
  let own = db.selectFrom('monitor_series').select('series').where('scope', '=', scope)
  if (monitor !== undefined) own = own.where('monitor', '=', monitor)
  let values = db.deleteFrom('monitor_values').where('series', 'in', own)
  let windows = db.deleteFrom('monitor_windows').where('scope', '=', scope)
  if (monitor !== undefined) windows = windows.where('monitor', '=', monitor)
  if (at !== undefined) {
    values = values.where('at', '=', at)
    windows = windows.where('at', '=', at)
  }
  await values.execute()
  await windows.execute()
  await db
    .deleteFrom('monitor_series')
    .where('series', 'in', own)
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('monitor_values')
            .select('at')
            .whereRef('monitor_values.series', '=', 'monitor_series.series'),
        ),
      ),
    )
    .execute()
}
