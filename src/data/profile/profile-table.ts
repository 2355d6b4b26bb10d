import { identifier, type Session } from '../../analytics/analytics.ts'
import { nearest } from '../../kernel/nearest.ts'
import { countOf, one } from './columns/cells.ts'
import { tableColumn, type TableColumn } from './columns/kinds.ts'
import { profileColumn } from './columns/profile-column.ts'
import { columnDrift } from './drift/drift.ts'
import { associate } from './pairs/associations.ts'
import { equalColumns } from './pairs/equal-columns.ts'
import { laterTimes } from './pairs/later-times.ts'
import { comparableColumns, readSample, rowHash } from './pairs/sample.ts'
import { examineTarget, taskOf } from './pairs/target.ts'
import type { ColumnProfile, Count, Drift, Profile, Source } from './profile.ts'
import { warningsOf } from './warnings/warnings.ts'

/** A table to be profiled: a view of the session, and where its rows come from. */
export interface ProfiledTable {
  readonly view: string
  readonly source: Source
  readonly bytes: number
  readonly files: number
  readonly notes: readonly string[]
}

export interface ProfileOptions {
  /** Column that is to be predicted: every other is examined for what it tells of it. */
  readonly target?: string
  readonly columns?: readonly string[]
  /** Rows that associations are taken from; default 50,000. */
  readonly sample?: number
  readonly against?: ProfiledTable
  readonly now: Date
  /** Told after each column. */
  readonly progress?: (done: number, of: number) => Promise<void>
}

/** A target or columns that a table does not have, or that cannot be what they are asked to be. */
export class UnfitForProfile extends Error {}

const defaultSample = 50_000
/** Pairs take time by their rows: with very many columns the sample shrinks so that all of them stay within this. */
const mostPairRows = 400_000_000
const fewestSampled = 2000
/** Above so many rows duplicates are looked for among a part of the rows' hashes, of which all copies fall into the same. */
const mostHashed = 50_000_000

/**
 * Profiles a view of the session. Each column's values are counted in one look; memory is what the session may take, and
 * what does not fit is spilled. Throws `UnfitForProfile` for a target or columns that are not there.
 */
export async function profileTable(
  session: Session,
  table: ProfiledTable,
  options: ProfileOptions,
): Promise<Omit<Profile, 'createdAt' | 'seconds'>> {
  const columns = chosen(await columnsOf(session, table.view), options)
  const view = identifier(table.view)
  const rows = await rowsOf(session, view)
  const profiles: ColumnProfile[] = []
  for (const column of columns) {
    profiles.push(await profileColumn(session, view, column, { rows, now: options.now }))
    await options.progress?.(profiles.length, columns.length)
  }
  const duplicateRows = await duplicatesOf(session, view, { columns, profiles, rows })
  const compared = comparableColumns(profiles, options.target)
  const sample = await readSample(session, view, {
    columns,
    profiles: compared,
    rows,
    size: sampleSize(compared.length, options.sample ?? defaultSample),
  })
  const associations = {
    rows: sample.rows,
    sampled: sample.columns.length > 0 && sample.rows < rows,
    pairs: await associate(sample),
  }
  const target = await targetOf(sample, profiles, options.target)
  const equal = await equalColumns(session, view, { columns, profiles, sample, rows })
  const drift =
    options.against === undefined
      ? undefined
      : await driftOf(session, { table, columns, profiles, rows }, options.against)
  const profile = {
    format: 1 as const,
    source: table.source,
    rows,
    columnCount: columns.length,
    bytes: table.bytes,
    files: table.files,
    missingCells: profiles.reduce((sum, { missing }) => sum + missing.count, 0),
    duplicateRows,
    columns: profiles,
    associations,
    ...(target === undefined ? {} : { target }),
    ...(drift === undefined ? {} : { drift }),
    notes: notesOf(table, duplicateRows, associations, rows),
  }
  return { ...profile, warnings: warningsOf(profile, { equal, later: laterTimes(sample, profiles) }) }
}

const columnsOf = async (session: Session, view: string): Promise<readonly TableColumn[]> =>
  (await session.all(`select * from ${identifier(view)} limit 0`)).columns.map(tableColumn)

const rowsOf = async (session: Session, view: string): Promise<number> =>
  countOf((await one<'rows'>(session, `select count(*) as rows from ${view}`)).rows)

/** The columns that are looked at, in the table's order. */
function chosen(all: readonly TableColumn[], { columns, target }: ProfileOptions): readonly TableColumn[] {
  const names = all.map(({ name }) => name)
  for (const name of columns ?? []) checkName(name, names)
  if (target !== undefined) checkName(target, names)
  return columns === undefined ? all : all.filter(({ name }) => columns.includes(name) || name === target)
}

function checkName(name: string, names: readonly string[]): void {
  if (names.includes(name)) return
  const near = nearest(name, names)
  const list = `${names.slice(0, 40).join(', ')}${names.length > 40 ? ', …' : ''}`
  throw new UnfitForProfile(
    `There is no column '${name}'. ${near === undefined ? `There are: ${list}.` : `Did you mean '${near}'?`}`,
  )
}

function sampleSize(columns: number, wanted: number): number {
  const pairs = Math.max(1, (columns * (columns - 1)) / 2)
  return Math.min(wanted, Math.max(fewestSampled, Math.floor(mostPairRows / pairs)))
}

/** Rows that repeat an earlier one, by a 64-bit hash of the row. A unique column proves that there are none. */
async function duplicatesOf(
  session: Session,
  view: string,
  {
    columns,
    profiles,
    rows,
  }: {
    readonly columns: readonly TableColumn[]
    readonly profiles: readonly ColumnProfile[]
    readonly rows: number
  },
): Promise<Count> {
  if (columns.length === 0 || profiles.some(({ unique }) => unique)) return { count: 0, exact: true }
  const parts = Math.max(1, Math.ceil(rows / mostHashed))
  const { duplicates } = await one<'duplicates'>(
    session,
    `select sum(n - 1) as duplicates from (
       select h, count(*) as n from (select ${rowHash(columns)} as h from ${view}) where h % ${parts} = 0 group by h) where n > 1`,
  )
  return { count: countOf(duplicates) * parts, exact: parts === 1 }
}

async function targetOf(
  sample: Parameters<typeof examineTarget>[0],
  profiles: readonly ColumnProfile[],
  name: string | undefined,
) {
  const profile = profiles.find((column) => column.name === name)
  if (profile === undefined) return undefined
  const task = taskOf(profile)
  if (typeof task !== 'string') throw new UnfitForProfile(task.refused)
  return examineTarget(sample, profile, task)
}

async function driftOf(
  session: Session,
  {
    table,
    columns,
    profiles,
    rows,
  }: {
    readonly table: ProfiledTable
    readonly columns: readonly TableColumn[]
    readonly profiles: readonly ColumnProfile[]
    readonly rows: number
  },
  against: ProfiledTable,
): Promise<Drift> {
  const before = await columnsOf(session, against.view)
  const [view, baselineView] = [identifier(table.view), identifier(against.view)]
  const baselineRows = await rowsOf(session, baselineView)
  const found = []
  for (const [i, column] of columns.entries()) {
    const was = before.find(({ name }) => name === column.name)
    const profile = profiles[i]
    if (was === undefined || profile === undefined || column.kind === 'nested') continue
    if (profile.semanticType === 'identifier') continue
    found.push(
      await columnDrift(session, profile, {
        current: { view, column, rows },
        baseline: { view: baselineView, column: was, rows: baselineRows },
      }),
    )
  }
  const brief = ({ name, type }: TableColumn) => ({ name, type })
  const all = await columnsOf(session, table.view)
  return {
    against: against.source,
    rows: baselineRows,
    added: all.filter(({ name }) => before.every((was) => was.name !== name)).map(brief),
    removed: before.filter(({ name }) => all.every((is) => is.name !== name)).map(brief),
    retyped: all.flatMap(({ name, type }) => {
      const was = before.find((column) => column.name === name)
      return was === undefined || was.type === type ? [] : [{ name, from: was.type, to: type }]
    }),
    columns: found.toSorted((a, b) => distanceOf(b) - distanceOf(a)),
  }
}

const distanceOf = (drift: Drift['columns'][number]) =>
  drift.normalizedWassersteinDistance ?? drift.jensenShannonDistance ?? 0

function notesOf(
  table: ProfiledTable,
  duplicates: Count,
  associations: Profile['associations'],
  rows: number,
): readonly string[] {
  const number = (value: number) => value.toLocaleString('en')
  return [
    ...table.notes,
    ...(associations.sampled
      ? [
          `Associations between columns were taken from ${number(associations.rows)} of ${number(rows)} rows, chosen by a hash of the row.`,
        ]
      : []),
    ...(duplicates.exact ? [] : ['Duplicate rows were estimated from a part of the rows.']),
  ]
}
