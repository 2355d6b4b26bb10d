import { sql, type Selectable } from 'kysely'
import type { Db } from '../database.ts'
import type { ExperimentRow, Lifecycle } from '../tracking-tables.ts'
import { insertMany } from './insert-many.ts'
import type { Condition, Ordering } from './filter.ts'
import type { NameValue } from './log.ts'
import { holds, orderBy, type Owner } from './compile.ts'

export type Experiment = Selectable<ExperimentRow>
export type ExperimentWithTags = Experiment & { readonly tags: readonly NameValue[] }

export interface NewExperiment {
  readonly scope: string
  readonly name: string
  readonly artifactLocation: string
  readonly tags?: readonly NameValue[]
  readonly now: number
}

/** Makes the workspace's experiment 0, `Default`, unless it is there. */
export async function ensureDefaultExperiment(db: Db, scope: string, artifactLocation: string, now: number) {
  await db
    .insertInto('experiments')
    .values({ ...fresh({ scope, name: 'Default', artifactLocation, now }), number: 0 })
    .onConflict((c) => c.doNothing())
    .execute()
}

/** Makes the experiment with the workspace's next number; undefined if the name is taken, be it by a deleted one. */
export async function createExperiment(db: Db, wanted: NewExperiment): Promise<Experiment | undefined> {
  for (;;) {
    const created = await db
      .insertInto('experiments')
      .values((eb) => ({
        ...fresh(wanted),
        number: eb
          .selectFrom('experiments')
          .where('scope', '=', wanted.scope)
          .select(sql<number>`coalesce(max(number), 0) + 1`.as('next')),
      }))
      .onConflict((c) => c.doNothing())
      .returningAll()
      .executeTakeFirst()
    if (created !== undefined) {
      await setExperimentTags(db, created.key, wanted.tags ?? [])
      return created
    }
    // Either the name is taken, or another server took the number in the same moment.
    if ((await findExperimentByName(db, wanted.scope, wanted.name)) !== undefined) return undefined
  }
}

const fresh = ({ scope, name, artifactLocation, now }: NewExperiment) => ({
  scope,
  name,
  artifact_location: artifactLocation,
  lifecycle: 'active' as const,
  created_at: now,
  updated_at: now,
})

export function findExperiment(db: Db, scope: string, number: number): Promise<Experiment | undefined> {
  return db
    .selectFrom('experiments')
    .selectAll()
    .where('scope', '=', scope)
    .where('number', '=', number)
    .executeTakeFirst()
}

export function findExperimentByName(db: Db, scope: string, name: string): Promise<Experiment | undefined> {
  return db
    .selectFrom('experiments')
    .selectAll()
    .where('scope', '=', scope)
    .where('name', '=', name)
    .executeTakeFirst()
}

/** A statement takes only so many values. */
const numbersAtOnce = 10_000

/** Keys by which rows name the experiments with these numbers; numbers that mean none are left out. */
export async function experimentKeys(db: Db, scope: string, numbers: readonly number[]) {
  const found = new Map<number, number>()
  for (let at = 0; at < numbers.length; at += numbersAtOnce) {
    const rows = await db
      .selectFrom('experiments')
      .select(['key', 'number'])
      .where('scope', '=', scope)
      .where('number', 'in', numbers.slice(at, at + numbersAtOnce))
      .execute()
    for (const row of rows) found.set(row.key, row.number)
  }
  return found
}

/** Renames it; false if another experiment of the workspace has the name. */
export async function renameExperiment(db: Db, experiment: Experiment, name: string, now: number) {
  const holder = await findExperimentByName(db, experiment.scope, name)
  if (holder !== undefined && holder.key !== experiment.key) return false
  await db
    .updateTable('experiments')
    .set({ name, updated_at: now })
    .where('key', '=', experiment.key)
    .execute()
  return true
}

/** Deletes or restores it, and its runs with it. */
export async function setExperimentLifecycle(db: Db, key: number, lifecycle: Lifecycle, now: number) {
  await db.updateTable('experiments').set({ lifecycle, updated_at: now }).where('key', '=', key).execute()
  await db.updateTable('runs').set({ lifecycle }).where('experiment', '=', key).execute()
}

const tagInsertion = {
  table: 'experiment_tags',
  columns: ['experiment', 'name', 'value'],
  tail: 'on conflict (experiment, name) do update set value = excluded.value',
} as const

export async function setExperimentTags(db: Db, key: number, tags: readonly NameValue[]) {
  const unique = new Map(tags.map((t) => [t.name, t.value]))
  await insertMany(
    db,
    tagInsertion,
    [...unique].map(([name, value]) => [key, name, value]),
  )
}

/** False if there was no such tag. */
export async function deleteExperimentTag(db: Db, key: number, name: string): Promise<boolean> {
  const result = await db
    .deleteFrom('experiment_tags')
    .where('experiment', '=', key)
    .where('name', '=', name)
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}

export interface ExperimentSearch {
  readonly scope: string
  readonly lifecycles: readonly Lifecycle[]
  readonly conditions: readonly Condition[]
  readonly orderings: readonly Ordering[]
  readonly limit: number
  readonly offset: number
}

const owner: Owner = {
  table: 'experiments',
  columns: {
    name: 'name',
    experiment_id: 'number',
    creation_time: 'created_at',
    last_update_time: 'updated_at',
  },
  tags: ['experiment_tags', 'experiment'],
}

/** One page of experiments, newest first unless ordered otherwise. */
export async function searchExperiments(db: Db, search: ExperimentSearch): Promise<ExperimentWithTags[]> {
  let query = db
    .selectFrom('experiments')
    .selectAll()
    .where('scope', '=', search.scope)
    .where('lifecycle', 'in', search.lifecycles)
  for (const condition of search.conditions) query = query.where(holds(owner, condition))
  for (const term of orderBy(owner, search.orderings)) query = query.orderBy(term)
  const rows = await query.orderBy('number', 'desc').limit(search.limit).offset(search.offset).execute()
  return withTags(db, rows)
}

export async function withTags(db: Db, rows: readonly Experiment[]): Promise<ExperimentWithTags[]> {
  if (rows.length === 0) return []
  const keys = rows.map((r) => r.key)
  const tags = await db
    .selectFrom('experiment_tags')
    .selectAll()
    .where((eb) => (keys.length > 1000 ? eb('experiment', '>=', 0) : eb('experiment', 'in', keys)))
    .orderBy('name')
    .execute()
  const byExperiment = Map.groupBy(tags, (t) => t.experiment)
  return rows.map((row) => ({ ...row, tags: byExperiment.get(row.key) ?? [] }))
}
