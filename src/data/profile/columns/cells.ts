import type { Cell, Row, Session } from '../../../analytics/analytics.ts'

/** The one row that a statement answers with, by the names of its columns. */
export async function one<N extends string>(
  session: Session,
  sql: string,
  values: readonly number[] = [],
): Promise<Readonly<Record<N, Cell>>> {
  const { columns, rows } = await session.all(sql, values)
  const row = rows[0] ?? []
  return Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null])) as Record<N, Cell>
}

/** A count: nothing added up is 0. Sums are huge integers, and large ones come as text. */
export const countOf = (cell: Cell | undefined): number => Number(cell ?? 0)

/** A number, or null for what is none. */
export function numberOf(cell: Cell | undefined): number | null {
  if (cell === null || cell === undefined) return null
  const number = Number(cell)
  return Number.isFinite(number) ? number : null
}

export const textOf = (cell: Cell | undefined): string =>
  typeof cell === 'object' ? JSON.stringify(cell) : String(cell)

export const pairsOf = (rows: readonly Row[]): (readonly [number, number])[] =>
  rows.map(([value, count]) => [Number(value), Number(count)] as const)
