import { identifier, type Cell, type Session } from '../../analytics/analytics.ts'
import { missing } from '../../analytics/missing.ts'
import { isNumber, typeKind } from '../../analytics/type-kind.ts'
import type { NamedType } from './diff.ts'

/** A table of the session: one side of a comparison. */
export interface Side {
  /** Name of the view. */
  readonly view: string
  readonly rows: number
  readonly columns: ReadonlyMap<string, SideColumn>
}

export interface SideColumn extends NamedType {
  readonly kind: Kind
  readonly missing: number
  /** Estimated. */
  readonly distinct: number
  /** Of all its values, in whatever order: equal columns have equal ones. */
  readonly fingerprint: string
}

export type Kind = 'numeric' | 'datetime' | 'categorical' | 'other'

/** Columns that are summed up in one look at the files. */
const columnsPerLook = 100

/** Looks at every column of a view once. */
export async function readSide(session: Session, view: string): Promise<Side> {
  const described = await session.all(`describe select * from ${identifier(view)}`)
  const types = described.rows.map(([name, type]): NamedType => ({ name: text(name), type: text(type) }))
  const columns = new Map<string, SideColumn>()
  const counted = await session.all(`select count(*) from ${identifier(view)}`)
  for (let i = 0; i < types.length; i += columnsPerLook) {
    const part = types.slice(i, i + columnsPerLook)
    const figures = part.flatMap((column) => {
      const name = identifier(column.name)
      return [
        `count(*) filter (${missing(column)})`,
        `approx_count_distinct(${name})`,
        `coalesce(sum(hash(${name})::hugeint), 0)::varchar`,
      ]
    })
    const { rows } = await session.all(`select ${figures.join(', ')} from ${identifier(view)}`)
    for (const [j, column] of part.entries()) {
      const [missing, distinct, fingerprint] = rows[0]?.slice(j * 3, j * 3 + 3) ?? []
      columns.set(column.name, {
        ...column,
        kind: kindOf(column.type),
        missing: Number(missing),
        distinct: Number(distinct),
        fingerprint: text(fingerprint),
      })
    }
  }
  return { view, rows: Number(counted.rows[0]?.[0]), columns }
}

export function kindOf(type: string): Kind {
  const kind = typeKind(type)
  if (isNumber(kind)) return 'numeric'
  if (kind === 'date' || kind === 'timestamp') return 'datetime'
  return kind === 'nested' || kind === 'opaque' ? 'other' : 'categorical'
}

/** How two sides of a column can be compared: as what both are, or as text. */
export const sharedKind = (a: Kind, b: Kind): Kind =>
  a === b ? a : a === 'other' || b === 'other' ? 'other' : 'categorical'

/** A cell as text; null is empty. */
export const text = (cell: Cell | undefined): string =>
  cell === null || cell === undefined ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell)

/** A cell as a number; null for none, and for NaN. */
export const number = (cell: Cell | undefined): number | null =>
  cell === null || cell === undefined || Number.isNaN(Number(cell)) ? null : Number(cell)
