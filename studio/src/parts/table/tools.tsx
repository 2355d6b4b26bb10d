import { Button, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { plural } from '../../words/names.ts'
import { IconSearch } from '../icons.ts'
import type { Column } from './column.ts'
import { ColumnsMenu } from './columns-menu.tsx'
import type { Selection } from './selection.ts'
import style from './table.module.css'
import { ViewsMenu } from './views/views-menu.tsx'

/** What stands above a table: the filter, further filters, how many rows there are, views and columns. */
export function Tools<T>({
  label,
  filter,
  onFilter,
  placeholder = 'Filter',
  tools,
  count,
  columns,
  chosen,
  onChoose,
  hasViews,
}: {
  readonly label: string
  /** Undefined for tables that are not filtered by words. */
  readonly filter: string | undefined
  readonly onFilter: (filter: string) => void
  readonly placeholder?: string
  readonly tools: ReactNode
  readonly count: ReactNode
  readonly columns: readonly Column<T>[]
  readonly chosen: string
  readonly onChoose: (chosen: string) => void
  readonly hasViews: boolean
}) {
  return (
    <div className={style.tools}>
      {filter === undefined ? null : (
        <TextInput
          leftSection={<IconSearch size={14} aria-hidden />}
          placeholder={placeholder}
          aria-label={`Filter ${label}`}
          value={filter}
          onChange={(event) => onFilter(event.currentTarget.value)}
          data-filter
          className={style.filter}
        />
      )}
      {tools}
      <span className={style.count} aria-live="polite">
        {count}
      </span>
      {hasViews ? <ViewsMenu table={label} /> : null}
      <ColumnsMenu columns={columns} chosen={chosen} onChoose={onChoose} />
    </div>
  )
}

/** Tells of columns in the address that are no longer there, and lets them be forgotten. */
export const Lost = ({
  lost,
  onForget,
}: {
  readonly lost: readonly string[]
  readonly onForget: () => void
}) =>
  lost.length === 0 ? null : (
    <p className={style.lost} role="status">
      {plural(lost.length, 'column')} of this view {lost.length === 1 ? 'is' : 'are'} not here:{' '}
      {lost.join(', ')}.
      <Button variant="subtle" size="compact-xs" onClick={onForget}>
        Forget {lost.length === 1 ? 'it' : 'them'}
      </Button>
    </p>
  )

/** What can be done with the rows that are selected; nothing while none is. */
export const Selected = ({
  selection,
  children,
}: {
  readonly selection: Selection
  readonly children: ReactNode
}) =>
  selection.keys.size === 0 ? null : (
    <div className={style.selected} role="toolbar" aria-label="Selected rows">
      <span className="tabular">{selection.keys.size} selected</span>
      {children}
      <Button variant="subtle" color="gray" size="compact-sm" onClick={selection.clear}>
        Clear
      </Button>
    </div>
  )
