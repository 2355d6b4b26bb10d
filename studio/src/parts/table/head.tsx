import { IconArrowDown, IconArrowUp } from '../icons.ts'
import type { Column } from './column.ts'
import { writeOrder } from './order.ts'
import style from './table.module.css'

/** The head of a column: a button where rows can be ordered by it. */
export function Head<T>({
  column,
  isBy,
  descending,
  onSort,
}: {
  readonly column: Column<T>
  readonly isBy: boolean
  readonly descending: boolean
  readonly onSort: (sort: string) => void
}) {
  const { id, header, sort, isOrdered, align } = column
  if (sort === undefined && isOrdered !== true)
    return (
      <div role="columnheader" className={style.cell} data-align={align} title={header}>
        {header}
      </div>
    )
  return (
    <div
      role="columnheader"
      className={style.cell}
      data-align={align}
      aria-sort={isBy ? (descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        className={style.sort}
        title={header}
        onClick={() => onSort(writeOrder({ column: id, descending: isBy ? !descending : align === 'right' }))}
      >
        <span>{header}</span>
        {isBy ? (
          descending ? (
            <IconArrowDown size={12} aria-hidden />
          ) : (
            <IconArrowUp size={12} aria-hidden />
          )
        ) : null}
      </button>
    </div>
  )
}
