import type { ReactNode } from 'react'
import type { Sortable } from './order.ts'

export interface Column<T> extends Sortable<T> {
  readonly header: string
  readonly cell: (row: T) => ReactNode
  /** A track of a CSS grid. */
  readonly width?: string
  readonly align?: 'right'
  /** Not shown unless somebody asks for it. */
  readonly extra?: boolean
  /** Under which heading it is offered among many: `Metrics`. */
  readonly group?: string
  /** Whether the server can order by it, for tables whose rows stay there. */
  readonly isOrdered?: boolean
}

/** Ids of the columns that are shown unasked, as they stand in the address. */
export const usual = (columns: readonly Pick<Column<never>, 'id' | 'extra'>[]): string =>
  columns
    .filter(({ extra }) => extra !== true)
    .map(({ id }) => id)
    .join(',')

/** The columns that were chosen, the first always among them, and those of the chosen that there are not. */
export function chosenOf<C extends { readonly id: string }>(
  columns: readonly C[],
  chosen: string,
): { readonly shown: readonly C[]; readonly lost: readonly string[] } {
  const ids = chosen.split(',').filter((id) => id !== '')
  return {
    shown: columns.filter(({ id }, i) => i === 0 || ids.includes(id)),
    lost: ids.filter((id) => !columns.some((column) => column.id === id)),
  }
}

/** The choice with one column more or less; in the order of the columns. What is lost is let go. */
export function toggled(columns: readonly { readonly id: string }[], chosen: string, id: string): string {
  const ids = chosen.split(',')
  const now = ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]
  return columns
    .map((column) => column.id)
    .filter((one, i) => i === 0 || now.includes(one))
    .join(',')
}
