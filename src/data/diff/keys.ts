import { identifier, type Session } from '../../analytics/analytics.ts'
import { missing } from '../../analytics/missing.ts'
import { number, text, type Side } from './columns.ts'
import type { Both, ExampleRow, KeyedDiff, RowKey } from './diff.ts'

/** How many rows of each sort are shown, and how many columns of one. */
const shownRows = 5
const shownColumns = 12
/** Longer values are cut: they are there to be recognised. */
const longestValue = 200

const cut = (expression: string) => `left(${expression}::varchar, ${longestValue})`

/** A column that both sides have, by its name on each. */
export interface SharedColumn extends Both<string> {
  /** Both are of one type, so that values can be compared as they are; else as numbers, or as text. */
  readonly as: 'itself' | 'number' | 'text'
}

/**
 * Compares two tables row by row, rows with the same keys being the same row. Rows without a key, and rows that share
 * theirs with others of their own side, are counted and left out.
 */
export async function compareRows(
  session: Session,
  sides: Both<Side>,
  keys: readonly SharedColumn[],
  others: readonly SharedColumn[],
): Promise<KeyedDiff> {
  for (const which of ['from', 'to'] as const) await prepare(session, sides[which], which, keys)
  const k = keys.map((_, i) => `k${i}`)
  const same = k.map((key) => `a.${key} = b.${key}`).join(' and ')
  const only = (here: string, there: string) =>
    `from keys_${here} a where n = 1 and not exists (select 1 from keys_${there} b where ${same})`
  await session.run(`create or replace temp table added as select ${k.join(', ')} ${only('to', 'from')}`)
  await session.run(`create or replace temp table removed as select ${k.join(', ')} ${only('from', 'to')}`)
  const counted = async (table: string) =>
    number((await session.all(`select count(*) from ${table}`)).rows[0]?.[0]) ?? 0
  const [added, removed] = [await counted('added'), await counted('removed')]
  const query = pairsOf(sides, keys, others)
  const pairs = await countPairs(session, query, others)
  return {
    keys: keys.map(({ from }) => from),
    added,
    removed,
    changed: pairs.changed,
    unchanged: pairs.all - pairs.changed,
    duplicates: { from: await duplicates(session, 'from', k), to: await duplicates(session, 'to', k) },
    withoutKey: {
      from: await withoutKey(
        session,
        sides.from,
        keys.map((key) => key.from),
      ),
      to: await withoutKey(
        session,
        sides.to,
        keys.map((key) => key.to),
      ),
    },
    changes: others
      .map((column, i) => ({ column: column.from, rows: pairs.changes[i] ?? 0 }))
      .filter(({ rows }) => rows > 0)
      .toSorted((a, b) => b.rows - a.rows),
    examples: {
      added: await exampleRows(session, sides.to, 'added', keys, 'to'),
      removed: await exampleRows(session, sides.from, 'removed', keys, 'from'),
      changed: await changedRows(session, query, keys, others),
    },
  }
}

/** `keys_{side}`: every key with the number of rows that have it. */
async function prepare(session: Session, side: Side, which: 'from' | 'to', keys: readonly SharedColumn[]) {
  const columns = keys.map((key, i) => `${valueOf(key, which)} as k${i}`)
  const there = keys.map((key) => `not (${missingIn(side, key[which])})`)
  await session.run(
    `create or replace temp table keys_${which} as select ${columns.join(', ')}, count(*) as n
     from ${identifier(side.view)} where ${there.join(' and ')} group by all`,
  )
}

const missingIn = (side: Side, column: string) => {
  const { name, type } = side.columns.get(column) ?? { name: column, type: '' }
  return missing({ name, type })
}

/** A column's value in a form in which both sides can be compared. */
function valueOf(column: SharedColumn, which: 'from' | 'to', alias?: string): string {
  const name = `${alias === undefined ? '' : `${alias}.`}${identifier(column[which])}`
  if (column.as === 'itself') return name
  return column.as === 'number' ? `${name}::double` : `${name}::varchar`
}

/**
 * A query for the rows whose keys both sides have once, with what each other column was and is, and whether that is a
 * change: NaN is none of NaN, nor null of null. Run anew for each question, for the answer may be as large as the tables.
 */
function pairsOf(
  { from, to }: Both<Side>,
  keys: readonly SharedColumn[],
  others: readonly SharedColumn[],
): string {
  const on = (alias: 'a' | 'b', which: 'from' | 'to') =>
    keys.map((key, i) => `${valueOf(key, which, alias)} = p.k${i}`).join(' and ')
  const columns = others.flatMap((column, i) => [
    `a.${identifier(column.from)} as f${i}`,
    `b.${identifier(column.to)} as t${i}`,
    `${valueOf(column, 'from', 'a')} is distinct from ${valueOf(column, 'to', 'b')} as c${i}`,
  ])
  return `(select ${['p.*', ...columns].join(', ')} from
    (select a.* exclude (n) from keys_from a join keys_to b
     on ${keys.map((_, i) => `a.k${i} = b.k${i}`).join(' and ')} where a.n = 1 and b.n = 1) p
    join ${identifier(from.view)} a on ${on('a', 'from')} join ${identifier(to.view)} b on ${on('b', 'to')})`
}

const anyChange = (others: readonly SharedColumn[]) => others.map((_, i) => `c${i}`).join(' or ') || 'false'

async function countPairs(session: Session, pairs: string, others: readonly SharedColumn[]) {
  const counts = [`filter (${anyChange(others)})`, ...others.map((_, i) => `filter (c${i})`)]
  const sums = ['count(*)', ...counts.map((filter) => `count(*) ${filter}`)]
  const [[all = 0, changed = 0, ...changes] = []] = (
    await session.all(`select ${sums.join(', ')} from ${pairs}`)
  ).rows
  return { all: Number(all), changed: Number(changed), changes: changes.map(Number) }
}

async function duplicates(session: Session, which: 'from' | 'to', k: readonly string[]) {
  const { rows } = await session.all(
    `select count(*), coalesce(sum(n), 0)::bigint from keys_${which} where n > 1`,
  )
  const examples = await session.all(
    `select ${k.map((key) => cut(key)).join(', ')} from keys_${which}
     where n > 1 order by n desc, ${k.join(', ')} limit ${shownRows}`,
  )
  return {
    keys: Number(rows[0]?.[0] ?? 0),
    rows: Number(rows[0]?.[1] ?? 0),
    examples: examples.rows.map((row): RowKey => row.map(text)),
  }
}

async function withoutKey(session: Session, side: Side, keys: readonly string[]): Promise<number> {
  const where = keys.map((key) => `(${missingIn(side, key)})`).join(' or ')
  const { rows } = await session.all(`select count(*) from ${identifier(side.view)} where ${where}`)
  return Number(rows[0]?.[0] ?? 0)
}

/** The first rows of those that only one side has, keys first. */
async function exampleRows(
  session: Session,
  side: Side,
  table: 'added' | 'removed',
  keys: readonly SharedColumn[],
  which: 'from' | 'to',
): Promise<readonly ExampleRow[]> {
  const own = keys.map((key) => key[which])
  const columns = [...new Set([...own, ...side.columns.keys()])].slice(0, shownColumns)
  const shown = columns.map((column) => cut(`x.${identifier(column)}`))
  const on = keys.map((key, i) => `${valueOf(key, which, 'x')} = p.k${i}`).join(' and ')
  const order = keys.map((_, i) => `k${i}`).join(', ')
  const { rows } = await session.all(
    `select ${shown.join(', ')} from (select * from ${table} order by ${order} limit ${shownRows}) p
     join ${identifier(side.view)} x on ${on} order by ${keys.map((_, i) => `p.k${i}`).join(', ')}`,
  )
  return rows.map((row) =>
    columns.map((column, i) => ({ column, value: row[i] === null ? null : text(row[i]) })),
  )
}

async function changedRows(
  session: Session,
  pairs: string,
  keys: readonly SharedColumn[],
  others: readonly SharedColumn[],
): Promise<KeyedDiff['examples']['changed']> {
  const k = keys.map((_, i) => `k${i}`)
  const columns = [
    ...k.map((key) => cut(key)),
    ...others.flatMap((_, i) => [`c${i}`, cut(`f${i}`), cut(`t${i}`)]),
  ]
  const { rows } = await session.all(
    `select ${columns.join(', ')} from ${pairs} where ${anyChange(others)} order by ${k.join(', ')} limit ${shownRows}`,
  )
  return rows.map((row) => ({
    key: row.slice(0, k.length).map(text),
    changes: others.flatMap(({ from: column }, i) => {
      const [isChanged, from, to] = row.slice(k.length + i * 3)
      const said = (value: typeof from) => (value === null || value === undefined ? null : text(value))
      return isChanged === true ? [{ column, from: said(from), to: said(to) }] : []
    }),
  }))
}
