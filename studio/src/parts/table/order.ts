/** A column as far as order and filter need it. */
export interface Sortable<T> {
  readonly id: string
  /** What rows are ordered by; columns without it cannot be ordered by. */
  readonly sort?: (row: T) => string | number | null | undefined
  /** What the filter looks at. */
  readonly text?: (row: T) => string
}

export interface Order {
  readonly column: string
  readonly descending: boolean
}

/** `-started`: by that column, the largest first. Undefined for a column that there is not. */
export function readOrder(text: string, columns: readonly Sortable<never>[]): Order | undefined {
  const column = text.replace(/^-/, '')
  if (!columns.some(({ id, sort }) => id === column && sort !== undefined)) return undefined
  return { column, descending: text.startsWith('-') }
}

/** As `readOrder`, of columns that the server can order by. */
export function readServerOrder(
  text: string,
  columns: readonly { readonly id: string; readonly isOrdered?: boolean }[],
): Order | undefined {
  const column = text.replace(/^-/, '')
  if (!columns.some(({ id, isOrdered }) => id === column && isOrdered === true)) return undefined
  return { column, descending: text.startsWith('-') }
}

export const writeOrder = ({ column, descending }: Order): string => `${descending ? '-' : ''}${column}`

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Rows in order; those without a value come last, whichever way. */
export function ordered<T>(
  rows: readonly T[],
  columns: readonly Sortable<T>[],
  order: Order | undefined,
): readonly T[] {
  const by = columns.find(({ id }) => id === order?.column)?.sort
  if (order === undefined || by === undefined) return rows
  const sign = order.descending ? -1 : 1
  return rows
    .map((row) => ({ row, value: by(row) }))
    .sort(({ value: a }, { value: b }) => {
      const isEmpty = (value: unknown) => value === undefined || value === null || Number.isNaN(value)
      if (isEmpty(a) || isEmpty(b)) return Number(isEmpty(a)) - Number(isEmpty(b))
      return (
        sign *
        (typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b)))
      )
    })
    .map(({ row }) => row)
}

/** Rows that have every word of the filter somewhere in the texts of their columns. */
export function filtered<T>(
  rows: readonly T[],
  columns: readonly Sortable<T>[],
  filter: string,
): readonly T[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return rows
  return rows.filter((row) => {
    const text = columns
      .map(({ text }) => text?.(row) ?? '')
      .join('\n')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
