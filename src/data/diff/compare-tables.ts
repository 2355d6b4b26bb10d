import { identifier, type Session } from '../../analytics/analytics.ts'
import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import { compareCategories } from './categories.ts'
import { readSide, sharedKind, type Side, type SideColumn } from './columns.ts'
import type { Both, ColumnDiff, DataDiff, DiffSide, SchemaDiff } from './diff.ts'
import { compareRows, type SharedColumn } from './keys.ts'
import { compareNumbers } from './numbers.ts'
import { compareSchemas } from './schema.ts'
import { correlationRatio, correlationWith, targetExpression } from './target.ts'

export interface CompareOptions {
  /** Columns by whose values rows are known, as `from` calls them. */
  readonly keys?: readonly string[]
  /** Column that is to be predicted, as `from` calls it: how the others go together with it is compared, too. */
  readonly target?: string
  /** Told after each column. */
  readonly progress?: (done: number, of: number) => Promise<void>
}

/** A view of the session, and what is said of where its rows come from. */
export interface ComparedTable {
  readonly view: string
  readonly about: Pick<DiffSide, 'reference' | 'bytes'>
  readonly notes: readonly string[]
}

/**
 * Compares two views of a session: schema, distributions and (with keys) rows. Memory is what the session may take,
 * however large the tables are. Throws validation, with the nearest column, for keys or a target that are not in both.
 */
export async function compareTables(
  session: Session,
  tables: Both<ComparedTable>,
  { keys = [], target, progress }: CompareOptions,
): Promise<DataDiff> {
  const sides = {
    from: await readSide(session, tables.from.view),
    to: await readSide(session, tables.to.view),
  }
  const schema = compareSchemas(sides.from, sides.to)
  const shared = sharedColumns(sides, schema)
  const keyed = keys.map((key, i) => chosen(sides, shared, key, `properties.keys[${i}]`))
  const goal = target === undefined ? undefined : await goalOf(session, sides, shared, target)
  const columns: ColumnDiff[] = []
  for (const column of shared) {
    columns.push(await compareColumn(session, sides, column, goal?.column === column ? undefined : goal))
    await progress?.(columns.length, shared.length)
  }
  const others = shared.filter((column) => !keyed.includes(column))
  const rows = keyed.length === 0 ? undefined : await compareRows(session, sides, keyed, others)
  const candidates = keyed.length === 0 ? await keyCandidates(session, sides, shared) : undefined
  return {
    format: 1,
    from: sideOf(tables.from, sides.from),
    to: sideOf(tables.to, sides.to),
    equal: isSameSchema(schema) && (await haveSameRows(session, sides)),
    schema,
    columns: columns.toSorted((a, b) => b.distance - a.distance || Number(a.same) - Number(b.same)),
    ...(rows === undefined ? {} : { keyed: rows }),
    ...(candidates === undefined ? {} : { keyCandidates: candidates }),
    notes: [
      ...new Set([
        ...tables.from.notes.map((note) => `${tables.from.about.reference}: ${note}`),
        ...tables.to.notes.map((note) => `${tables.to.about.reference}: ${note}`),
      ]),
    ],
  }
}

const sideOf = ({ about }: ComparedTable, side: Side): DiffSide => ({
  ...about,
  rows: side.rows,
  columns: side.columns.size,
})

const isSameSchema = ({ added, removed, renamed, retyped }: SchemaDiff) =>
  [added, removed, renamed, retyped].every((list) => list.length === 0)

/** Columns that both have, also under another name, in the order of `from`. */
function sharedColumns({ from, to }: Both<Side>, { renamed }: SchemaDiff): readonly SharedColumn[] {
  return [...from.columns.values()].flatMap((column): readonly SharedColumn[] => {
    const name = renamed.find((r) => r.from === column.name)?.to ?? column.name
    const other = to.columns.get(name)
    return other === undefined ? [] : [{ from: column.name, to: name, as: comparedAs(column, other) }]
  })
}

function comparedAs(a: SideColumn, b: SideColumn): SharedColumn['as'] {
  if (a.type === b.type) return 'itself'
  if (a.kind === 'datetime' && b.kind === 'datetime') return 'itself'
  if (isInteger(a) && isInteger(b)) return 'itself'
  return a.kind === 'numeric' && b.kind === 'numeric' ? 'number' : 'text'
}

const isInteger = ({ type }: SideColumn) => /INT(?:EGER)?$/.test(type)

/** The shared column of that name. Throws validation, naming the nearest, for one that is not in both. */
function chosen(
  sides: Both<Side>,
  shared: readonly SharedColumn[],
  name: string,
  target: string,
): SharedColumn {
  const found = shared.find(({ from, to }) => from === name || to === name)
  if (found !== undefined) return found
  const missing = sides.from.columns.has(name) ? 'to' : sides.to.columns.has(name) ? 'from' : undefined
  const near = nearest(
    name,
    shared.map(({ from }) => from),
  )
  throw errors.validation(
    missing === undefined
      ? `There is no column '${name}'${near === undefined ? '' : `; did you mean '${near}'?`} Both have ${shared.map(({ from }) => from).join(', ') || 'no column'}.`
      : `Only one of the two has a column '${name}': it is not in '${missing}'.`,
    { target },
  )
}

interface Goal {
  readonly column: SharedColumn
  readonly expressions: Both<string>
}

async function goalOf(
  session: Session,
  sides: Both<Side>,
  shared: readonly SharedColumn[],
  name: string,
): Promise<Goal> {
  const column = chosen(sides, shared, name, 'properties.target')
  const expression = async (which: 'from' | 'to') => {
    const found = sides[which].columns.get(column[which])
    return found === undefined ? undefined : targetExpression(session, sides[which], found)
  }
  const [from, to] = [await expression('from'), await expression('to')]
  if (from === undefined || to === undefined)
    throw errors.validation(
      `'${name}' cannot be a target: expected numbers, truths or texts of which there are two.`,
      { target: 'properties.target' },
    )
  return { column, expressions: { from, to } }
}

async function compareColumn(
  session: Session,
  sides: Both<Side>,
  column: SharedColumn,
  goal: Goal | undefined,
): Promise<ColumnDiff> {
  const [a, b] = [sides.from.columns.get(column.from), sides.to.columns.get(column.to)]
  if (a === undefined || b === undefined) throw new Error(`column ${column.from} vanished`)
  const share = (missing: number, rows: number) => (rows === 0 ? 0 : missing / rows)
  const missing = { from: share(a.missing, sides.from.rows), to: share(b.missing, sides.to.rows) }
  const kind = sharedKind(a.kind, b.kind)
  const same = sides.from.rows === sides.to.rows && a.type === b.type && a.fingerprint === b.fingerprint
  const frame = {
    name: column.from,
    ...(column.from === column.to ? {} : { renamedTo: column.to }),
    kind,
    same,
    missing,
    ...(kind === 'other' ? {} : { distinct: { from: a.distinct, to: b.distinct } }),
    ...(goal === undefined || kind === 'other'
      ? {}
      : { withTarget: await associate(session, sides, column, kind, goal) }),
  }
  const lost = Math.abs(missing.to - missing.from)
  const each = { from: { side: sides.from, column: column.from }, to: { side: sides.to, column: column.to } }
  if (kind === 'other') return { ...frame, distance: lost, exact: true }
  if (kind === 'categorical') {
    const found = await compareCategories(session, each)
    return { ...frame, ...found, distance: Math.max(lost, found.totalVariation), exact: true }
  }
  const expression = (name: string) => (kind === 'numeric' ? `${name}::double` : `epoch(${name})::double`)
  const { summary, distance, ...found } = await compareNumbers(session, each, {
    expression,
    distinct: Math.max(a.distinct, b.distinct),
  })
  const time = ({ min, p50, max }: typeof summary.from) => ({ min: iso(min), p50: iso(p50), max: iso(max) })
  return {
    ...frame,
    ...found,
    ...(kind === 'numeric'
      ? { numeric: summary }
      : { datetime: { from: time(summary.from), to: time(summary.to) } }),
    distance: Math.max(lost, distance),
  }
}

async function associate(
  session: Session,
  sides: Both<Side>,
  { from, to }: SharedColumn,
  kind: ColumnDiff['kind'],
  { expressions }: Goal,
) {
  const measure = kind === 'numeric' ? correlationWith : correlationRatio
  return {
    from: await measure(session, sides.from, from, expressions.from),
    to: await measure(session, sides.to, to, expressions.to),
  }
}

/** Years beyond what a Date holds are left out. */
function iso(seconds: number | null): string | null {
  if (seconds === null || Math.abs(seconds) > 8.64e12) return null
  return new Date(seconds * 1000)
    .toISOString()
    .replace(/\.000Z$/, '')
    .replace(/Z$/, '')
    .replace('T00:00:00', '')
}

/** Columns with a value of its own in every row of both sides: counted, where the estimate allows it. */
async function keyCandidates(session: Session, sides: Both<Side>, shared: readonly SharedColumn[]) {
  const found: string[] = []
  for (const { from, to } of shared) {
    const both = [
      { side: sides.from, name: from },
      { side: sides.to, name: to },
    ]
    const isLikely = both.every(({ side, name }) => {
      const column = side.columns.get(name)
      return (
        column !== undefined && column.missing === 0 && side.rows > 1 && column.distinct > side.rows * 0.9
      )
    })
    if (!isLikely || found.length >= 3) continue
    const counts = []
    for (const { side, name } of both)
      counts.push(
        (await session.all(`select count(distinct ${identifier(name)}) from ${identifier(side.view)}`))
          .rows[0]?.[0] === side.rows,
      )
    if (counts.every(Boolean)) found.push(from)
  }
  return found
}

/** Whether both have the same rows, each as often, in whatever order: their hashes add up to the same. */
async function haveSameRows(session: Session, { from, to }: Both<Side>): Promise<boolean> {
  if (from.rows !== to.rows) return false
  const columns = [...from.columns.keys()].map((name) => identifier(name))
  if (columns.length === 0) return true
  const sum = async (side: Side) =>
    (
      await session.all(
        `select coalesce(sum(hash(${columns.join(', ')})::hugeint), 0)::varchar from ${identifier(side.view)}`,
      )
    ).rows[0]?.[0]
  return (await sum(from)) === (await sum(to))
}
