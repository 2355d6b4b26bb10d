import { memo, type ReactNode } from 'react'
import { exact } from '../../words/numbers.ts'
import { Go } from '../go.tsx'
import { IconChevronRight } from '../icons.ts'
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
  /** How deep it is nested, from 1; undefined in tables whose rows cannot be opened. */
  readonly level: number | undefined
  /** How many rows are nested below it. */
  readonly nested: number | undefined
  readonly isOpen: boolean
}

function DrawnRow<T>(props: RowProps<T>) {
  const { row, index, top, tracks, columns, page, isSelected, isPeeked, level, nested = 0, isOpen } = props
  const cellRole = level === undefined ? 'cell' : 'gridcell'
  const place = { gridTemplateColumns: tracks, ...(top === undefined ? {} : { top }) }
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-busy={row === undefined ? true : undefined}
      aria-level={level}
      aria-expanded={nested > 0 ? isOpen : undefined}
      data-index={index}
      data-link={page !== undefined}
      data-placed={top !== undefined}
      data-peeked={isPeeked}
      tabIndex={-1}
      className={style.row}
      style={place}
    >
      {isSelected === undefined ? null : (
        <div role={cellRole} className={style.pick}>
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
        <div
          key={column.id}
          role={cellRole}
          className={style.cell}
          data-align={column.align}
          data-level={i === 0 ? level : undefined}
          style={i === 0 && level !== undefined ? { paddingLeft: indentOf(level, nested > 0) } : undefined}
        >
          {i === 0 && nested > 0 ? <Opener index={index} nested={nested} isOpen={isOpen} /> : null}
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

/** Pixels: names stand to the right of the name that they are nested below, with a button before them or without. */
const indentOf = (level: number, hasOpener: boolean) =>
  8 + (level - 1) * 26 + (level > 1 && !hasOpener ? 34 : 0)

const Opener = ({
  index,
  nested,
  isOpen,
}: {
  readonly index: number
  readonly nested: number
  readonly isOpen: boolean
}) => (
  <button
    type="button"
    className={style.opener}
    data-open={index}
    data-is-open={isOpen}
    aria-label={`${isOpen ? 'Close' : 'Open'} ${exact(nested)} nested`}
  >
    <IconChevronRight size={14} aria-hidden />
    {exact(nested)}
  </button>
)

/** The table hears of clicks on boxes itself: with the keys that were held. */
const nothing = () => undefined

/** One row; drawn again only when something of it has changed. */
export const Row = memo(DrawnRow) as <T>(props: RowProps<T>) => ReactNode
