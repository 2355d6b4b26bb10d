import { identifier, type Cell, type Session } from '../../../analytics/analytics.ts'
import { missing } from '../../../analytics/missing.ts'
import { isNumber, typeKind } from '../../../analytics/type-kind.ts'
import type { Population, PopulationColumn } from '../../populations/population.ts'

/** What a column of the reference is, against which production is held. */
export interface BaselineColumn extends PopulationColumn {
  /** Azure ML's, by what is stored: numbers are numerical here however few different ones there are. */
  readonly group: 'numerical' | 'categorical'
  readonly missing: number
  /** Of numbers: between which all finite ones are. */
  readonly min?: number
  readonly max?: number
  /** True where it never varies. */
  readonly constant: boolean
}

export interface Baseline {
  readonly rows: number
  readonly columns: readonly BaselineColumn[]
}

/** Looks at all features of the reference at once. */
export async function baselineOf(
  session: Session,
  reference: Population,
  names: readonly string[],
): Promise<Baseline> {
  const columns = reference.columns.filter(({ name }) => names.includes(name))
  const asked = columns.flatMap((column) => {
    const own = identifier(column.name)
    const x = `(${own})::double`
    const finite = typeKind(column.type) === 'float' ? ` filter (isfinite(${x}))` : ''
    return [
      `count(*) filter (${missing(column)})`,
      ...(isNumeric(column) ? [`min(${x})${finite}`, `max(${x})${finite}`] : ['null', 'null']),
      isNumeric(column) ? 'null' : `coalesce(min(${own}) = max(${own}), false)`,
    ]
  })
  const { rows, cells } = await askInParts(session, reference.view, asked)
  return {
    rows,
    columns: columns.map((column, i) => {
      const [lacking, min, max, constant] = cells.slice(4 * i, 4 * i + 4)
      const bounds =
        typeof min === 'number' && typeof max === 'number' ? { min, max, constant: min === max } : undefined
      return {
        ...column,
        group: groupOf(column.type),
        missing: Number(lacking ?? 0),
        constant: constant === true,
        ...bounds,
      }
    }),
  }
}

/** Answers that one statement gives: what DuckDB plans takes longer than it runs where there are very many. */
const atOnce = 120

/** Aggregates of a relation, and how many rows it has. */
export async function askInParts(
  session: Session,
  relation: string,
  aggregates: readonly string[],
): Promise<{ readonly rows: number; readonly cells: readonly Cell[] }> {
  const cells: Cell[] = []
  let count: Cell = 0
  for (let i = 0; i === 0 || i < aggregates.length; i += atOnce) {
    const asked = ['count(*)', ...aggregates.slice(i, i + atOnce)]
    const { rows } = await session.all(`select ${asked.join(', ')} from ${relation}`)
    const [total = 0, ...found] = rows[0] ?? []
    count = total
    cells.push(...found)
  }
  return { rows: Number(count), cells }
}

export const isNumeric = ({ type }: Pick<PopulationColumn, 'type'>): boolean => isNumber(typeKind(type))

/** Azure ML's data quality tells groups by what is stored (`compute_data_quality_metrics.py`). */
const groupOf = (type: string) => (isNumber(typeKind(type)) ? 'numerical' : 'categorical')

/** Texts are held against the reference's set of them; booleans, dates and times are not (they mean nothing by it). */
export const hasSet = ({ type }: Pick<PopulationColumn, 'type'>): boolean => typeKind(type) === 'text'
