import { parted, type Part, type SliceColumn } from '../../../statistics/slices/parts.ts'
import { rounded } from '../findings.ts'
import type { ModelAnswers } from '../rows/answers.ts'
import { sliceColumn, type EvaluationRows } from '../rows/read-rows.ts'

/** How far off the models are by the values of a column. */
export interface SliceColumnSummary {
  readonly column: string
  /** The plan names it among its slices. */
  readonly declared: boolean
  readonly groups: readonly SliceSummary[]
}

export interface SliceSummary {
  readonly value: string
  readonly rows: number
  /** Rows of the positive class, of two classes. */
  readonly positives?: number
  readonly candidate: Loss
  readonly champion?: Loss
}

/** Of a classification wrong answers, of a regression absolute errors: their sum, and that of their squares. */
export interface Loss {
  readonly sum: number
  readonly squares: number
}

/** Columns that are told of beside the declared ones, and values of a column: more is a table, not a picture. */
const [mostColumns, mostValues] = [12, 15]

/** Both models' losses by the values of the declared columns and of those that slices may be found in. */
export function slicesOf(rows: EvaluationRows): readonly SliceColumnSummary[] {
  const declared = [...rows.columns].map(([name, values]) => sliceColumn(name, values))
  const others = rows.features.filter(({ name }) => !rows.columns.has(name)).slice(0, mostColumns)
  return [
    ...declared.map((column) => ({ column, isDeclared: true })),
    ...others.map((column) => ({ column, isDeclared: false })),
  ]
    .map(({ column, isDeclared }) => ({
      column: column.name,
      declared: isDeclared,
      groups: groupsOf(column, rows),
    }))
    .filter(({ groups }) => groups.length > 1)
}

function groupsOf(column: SliceColumn, rows: EvaluationRows): readonly SliceSummary[] {
  const { parts, codes } = parted(column, { categories: mostValues })
  return parts.flatMap((part, code): readonly SliceSummary[] => {
    const own = rowsOf(codes, code)
    if (own.length === 0) return []
    const candidate = lossOf(rows, rows.candidate, own)
    return [
      {
        value: worded(part),
        rows: own.length,
        ...(rows.task === 'binary' ? { positives: own.filter((row) => rows.labels[row] === 1).length } : {}),
        candidate,
        ...(rows.champion === undefined ? {} : { champion: lossOf(rows, rows.champion, own) }),
      },
    ]
  })
}

/** What a part of a column has in common, without the column's name. */
function worded(part: Part): string {
  if (part.of === 'value') return part.value
  if (part.of === 'range') return `${rounded(part.lower)} … ${rounded(part.upper)}`
  return part.of
}

function rowsOf(codes: Uint16Array, code: number): readonly number[] {
  const found: number[] = []
  for (let row = 0; row < codes.length; row++) if (codes[row] === code) found.push(row)
  return found
}

function lossOf(
  { task, labels }: EvaluationRows,
  { predictions }: ModelAnswers,
  own: readonly number[],
): Loss {
  let [sum, squares] = [0, 0]
  for (const row of own) {
    const off = (labels[row] ?? 0) - (predictions[row] ?? Number.NaN)
    const loss = task === 'regression' ? Math.abs(off) : Number(off !== 0)
    if (Number.isNaN(loss)) continue
    sum += loss
    squares += loss * loss
  }
  return { sum: rounded(sum, 7), squares: rounded(squares, 7) }
}
