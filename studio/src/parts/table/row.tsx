import { memo, type ReactNode } from 'react'
import { Go } from '../go.tsx'
import type { Column } from './column.ts'
import style from './table.module.css'

interface RowProps<T> {
  readonly row: T | undefined
  readonly index: number
  /** Distance from the top in px, where only what is seen is drawn. */
  readonly top: number | undefined
  readonly tracks: string
  readonly columns: readonly Column<T>[]
  readonly page: string | undefined
  /** Undefined where rows cannot be selected. */
  readonly isSelected: boolean | undefined
  readonly isPeeked: boolean
}

function DrawnRow<T>({ row, index, top, tracks, columns, page, isSelected, isPeeked }: RowProps<T>) {
  const place = { gridTemplateColumns: tracks, ...(top === undefined ? {} : { top }) }
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-busy={row === undefined ? true : undefined}
      data-index={index}
      data-link={page !== undefined}
      data-placed={top !== undefined}
      data-peeked={isPeeked}
      tabIndex={-1}
      className={style.row}
      style={place}
    >
      {isSelected === undefined ? null : (
        <div role="cell" className={style.pick}>
          <input
            type="checkbox"
            data-select={index}
            checked={isSelected}
            disabled={row === undefined}
            aria-label={`Select row ${index + 1}`}
            onChange={nothing}
          />
        </div>
      )}
      {columns.map((column, i) => (
        <div key={column.id} role="cell" className={style.cell} data-align={column.align}>
          {row === undefined ? (
            <span className={style.coming} />
          ) : i === 0 && page !== undefined ? (
            <Go to={page} className={style.link}>
              {column.cell(row)}
            </Go>
          ) : (
            column.cell(row)
          )}
        </div>
      ))}
    </div>
  )
}

/** The table hears of clicks on boxes itself: with the keys that were held. */
const nothing = () => undefined

/** One row; drawn again only when something of it has changed. */
export const Row = memo(DrawnRow) as <T>(props: RowProps<T>) => ReactNode
