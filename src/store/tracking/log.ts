import type { Transaction } from 'kysely'
import type { Database, Db, Store } from '../database.ts'
import { insertMany } from './insert-many.ts'
import { storeModelMetrics, storePoints, type Point } from './metric-points.ts'

/** What one request logs to one run. */
export interface LogEntry {
  /** Key of the workspace. */
  readonly scope: string
  readonly runId: string
  readonly points?: readonly Point[]
  readonly params?: readonly NameValue[]
  readonly tags?: readonly NameValue[]
}

export interface NameValue {
  readonly name: string
  readonly value: string
}

/** What became of an entry: `logged` whole, or nothing of it. */
export type LogOutcome =
  | { readonly kind: 'logged' }
  | { readonly kind: 'no run' }
  | { readonly kind: 'deleted run' }
  | { readonly kind: 'param conflict'; readonly name: string; readonly before: string; readonly now: string }

/** The tag that is the run's name under another name. */
export const runNameTag = 'mlflow.runName'

/** Points in one transaction: bounds how long others wait. */
const pointsPerCommit = 20_000

/**
 * Logs to runs with group commit: what arrives while a transaction is under way shares the next one. An entry is
 * answered only after its commit, whole or not at all, and entries keep the order in which they came.
 */
export class RunLog {
  readonly #store: Store
  #waiting: Waiting[] = []
  #writing = false

  constructor(store: Store) {
    this.#store = store
  }

  append(entry: LogEntry): Promise<LogOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject })
      if (this.#writing) return
      this.#writing = true
      void this.#drain()
    })
  }

  async #drain() {
    // A turn of the event loop lets requests that are already here join the first transaction.
    await new Promise<void>((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) await this.#commit(this.#take())
    this.#writing = false
  }

  #take(): Waiting[] {
    let points = 0
    const taken = this.#waiting.findIndex(
      ({ entry }) => (points += entry.points?.length ?? 0) > pointsPerCommit,
    )
    return this.#waiting.splice(0, taken < 1 ? (taken === 0 ? 1 : this.#waiting.length) : taken)
  }

  async #commit(group: readonly Waiting[]) {
    try {
      const outcomes = await this.#store.transaction((tx) =>
        logTogether(
          tx,
          group.map((w) => w.entry),
        ),
      )
      group.forEach((w, i) => w.resolve(outcomes[i] ?? { kind: 'no run' }))
    } catch (error) {
      // One entry that the database refuses must not fail its neighbours.
      if (group.length === 1) group[0]?.reject(error)
      else for (const waiting of group) await this.#commit([waiting])
    }
  }
}

interface Waiting {
  readonly entry: LogEntry
  readonly resolve: (outcome: LogOutcome) => void
  readonly reject: (error: unknown) => void
}

/** Logs the entries in the caller's transaction; their outcomes in the same order. */
export async function logTogether(
  tx: Transaction<Database>,
  entries: readonly LogEntry[],
): Promise<readonly LogOutcome[]> {
  const runs = await runKeys(tx, entries)
  const params = await existingParams(tx, entries, runs)
  const newParams: unknown[][] = []
  const tags = new Map<string, [number, string, string]>()
  const points: { run: number; point: Point }[] = []
  const modelPoints: { scope: string; runId: string; point: Point }[] = []
  const outcomes = entries.map((entry): LogOutcome => {
    const run = runs.get(runName(entry.scope, entry.runId))
    if (run === undefined) return { kind: 'no run' }
    if (run.lifecycle === 'deleted') return { kind: 'deleted run' }
    const conflict = takeParams(run.key, entry.params ?? [], params, newParams)
    if (conflict !== undefined) return conflict
    for (const { name, value } of entry.tags ?? []) tags.set(`${run.key}/${name}`, [run.key, name, value])
    for (const point of entry.points ?? []) {
      points.push({ run: run.key, point })
      if (point.modelId) modelPoints.push({ scope: entry.scope, runId: entry.runId, point })
    }
    return { kind: 'logged' }
  })
  await insertMany(tx, paramInsertion, newParams)
  await setRunTags(tx, [...tags.values()])
  await storePoints(tx, points)
  await storeModelMetrics(tx, modelPoints)
  return outcomes
}

const paramInsertion = {
  table: 'run_params',
  columns: ['run', 'name', 'value'],
  tail: 'on conflict do nothing',
} as const

const tagInsertion = {
  table: 'run_tags',
  columns: ['run', 'name', 'value'],
  tail: 'on conflict (run, name) do update set value = excluded.value',
} as const

/** Sets tags, each (run key, name, value) and unique; a run's name follows its `mlflow.runName`. */
export async function setRunTags(
  db: Db,
  tags: readonly (readonly [number, string, string])[],
): Promise<void> {
  await insertMany(db, tagInsertion, tags)
  for (const [run, name, value] of tags)
    if (name === runNameTag)
      await db.updateTable('runs').set({ name: value }).where('key', '=', run).execute()
}

const runName = (scope: string, runId: string) => `${scope} ${runId}`

async function runKeys(tx: Db, entries: readonly LogEntry[]) {
  const found = new Map<string, { key: number; lifecycle: string }>()
  for (const [scope, ofScope] of Map.groupBy(entries, (e) => e.scope)) {
    const ids = [...new Set(ofScope.map((e) => e.runId))]
    const rows = await tx
      .selectFrom('runs')
      .select(['key', 'run_id', 'lifecycle'])
      .where('scope', '=', scope)
      .where('run_id', 'in', ids)
      .execute()
    for (const row of rows) found.set(runName(scope, row.run_id), row)
  }
  return found
}

async function existingParams(
  tx: Db,
  entries: readonly LogEntry[],
  runs: ReadonlyMap<string, { key: number }>,
): Promise<Map<string, string>> {
  const wanted = entries.filter((e) => (e.params?.length ?? 0) > 0)
  if (wanted.length === 0) return new Map()
  const keys = new Set(wanted.flatMap((e) => runs.get(runName(e.scope, e.runId))?.key ?? []))
  const names = new Set(wanted.flatMap((e) => e.params?.map((p) => p.name) ?? []))
  if (keys.size === 0) return new Map()
  const rows = await tx
    .selectFrom('run_params')
    .selectAll()
    .where('run', 'in', [...keys])
    .where('name', 'in', [...names])
    .execute()
  return new Map(rows.map((r) => [`${r.run}/${r.name}`, r.value]))
}

function takeParams(
  run: number,
  params: readonly NameValue[],
  known: Map<string, string>,
  rows: unknown[][],
): LogOutcome | undefined {
  const ours = new Map<string, string>()
  for (const { name, value } of params) {
    const before = known.get(`${run}/${name}`) ?? ours.get(name)
    if (before !== undefined && before !== value) return { kind: 'param conflict', name, before, now: value }
    if (before === undefined) ours.set(name, value)
  }
  for (const [name, value] of ours) {
    known.set(`${run}/${name}`, value)
    rows.push([run, name, value])
  }
  return undefined
}
