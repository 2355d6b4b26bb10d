import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo, type ReactNode } from 'react'
import type { ServerSource } from '../../../api/server-source.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { exact } from '../../../words/numbers.ts'
import { IconArrowUp } from '../../icons.ts'
import { Failure, Loading, NoMatch } from '../../states.tsx'
import { chosenOf, usual, type Column } from '../column.ts'
import { Grid } from '../grid.tsx'
import { readServerOrder, type Order } from '../order.ts'
import { useSelection } from '../selection.ts'
import { useServerRows } from './server-rows.ts'
import { Lost, Selected, Tools } from '../tools.tsx'
import { useTreeRows, type Nesting } from '../tree/tree-rows.ts'
import style from '../table.module.css'

/** How long somebody may type before the server is asked. */
const pauseMs = 200

/**
 * The one table, of rows that stay on the server, which filters, orders and counts them. As in `Table`, what it shows is
 * in the address. `sourceOf` is asked for a list by the words of the filter and the order.
 */
export function ServerTable<T>({
  sourceOf,
  nestingOf,
  columns,
  columnsShown = usual(columns),
  rowKey,
  to,
  label,
  initial,
  placeholder,
  isFiltered = false,
  onClear,
  tools,
  note,
  empty,
  peek,
  selected,
}: {
  readonly sourceOf: (filter: string, order: Order) => ServerSource<T>
  /** How rows are opened in place, asked for as `sourceOf` is; undefined where they are not. */
  readonly nestingOf?: (filter: string, order: Order) => Nesting<T> | undefined
  readonly columns: readonly Column<T>[]
  /** Ids of those that are shown unasked. */
  readonly columnsShown?: string
  readonly rowKey: (row: T) => string
  readonly to: (row: T) => string | undefined
  readonly label: string
  /** Order at first: `-started`. */
  readonly initial: string
  /** What the filter for words looks at; without it there is none. */
  readonly placeholder?: string
  /** Whether filters beside that are on, and how all of those are taken off. */
  readonly isFiltered?: boolean
  readonly onClear?: () => void
  readonly tools?: ReactNode
  /** Stands behind how many rows there are. */
  readonly note?: ReactNode | ((total: number) => ReactNode)
  /** Shown where there is nothing at all. */
  readonly empty: ReactNode
  readonly peek?: (key: string) => ReactNode
  readonly selected?: (keys: readonly string[]) => ReactNode
}) {
  const [filter, setFilter] = useSearchWord('q')
  const [sort, setSort] = useSearchWord('sort', initial)
  const [chosen, setChosen] = useSearchWord('cols', columnsShown)
  const { shown, lost } = useMemo(() => chosenOf(columns, chosen), [columns, chosen])
  const selection = useSelection('sel')
  const [asked] = useDebouncedValue(filter.trim(), pauseMs)
  const order = readServerOrder(sort, columns) ?? readServerOrder(initial, columns)
  if (order === undefined) throw new Error(`the table of ${label} cannot be ordered by ${initial}`)
  const rows = useServerRows(sourceOf(asked, order))
  const { total } = rows
  const tree = useTreeRows(rows, nestingOf?.(asked, order), rowKey)
  const hasFilters = asked !== '' || isFiltered
  const clear = () => {
    setFilter('', 'replace')
    onClear?.()
  }
  if (total === undefined && rows.error === null) return <Loading rows={12} />
  if (total === 0 && !hasFilters && rows.news === 0 && rows.error === null) return empty
  return (
    <div className={style.frame}>
      <Tools
        label={label}
        filter={placeholder === undefined ? undefined : filter}
        onFilter={(text) => setFilter(text, 'replace')}
        {...(placeholder === undefined ? {} : { placeholder })}
        tools={tools}
        count={
          <span data-asked={!rows.isStale}>
            {total === undefined ? '' : `${exact(total)}${hasFilters && !rows.isStale ? ' match' : ''}`}{' '}
            {typeof note === 'function' ? note(total ?? 0) : note}
          </span>
        }
        columns={columns}
        chosen={chosen}
        onChoose={setChosen}
        hasViews
      />
      <Lost lost={lost} onForget={() => setChosen(shown.map(({ id }) => id).join(','), 'replace')} />
      <div className={style.progress} data-on={rows.isFetching} aria-hidden />
      {rows.news > 0 ? (
        <div className={style.news}>
          <Button
            size="compact-sm"
            radius="xl"
            leftSection={<IconArrowUp size={13} aria-hidden />}
            onClick={rows.showNews}
          >
            {exact(rows.news)} new
          </Button>
        </div>
      ) : null}
      {rows.error === null ? (
        <Grid
          columns={shown}
          count={tree.count}
          rowAt={tree.rowAt}
          open={tree.open}
          rowKey={rowKey}
          to={to}
          label={label}
          order={order}
          onSort={setSort}
          prefix=""
          peek={peek}
          selection={selected === undefined ? undefined : selection}
          onRange={tree.onRange}
          topOf={rows.shownKey}
          isStale={rows.isStale}
        >
          {total === 0 ? <NoMatch onClear={clear} /> : null}
        </Grid>
      ) : (
        <Failure error={rows.error} onRetry={rows.retry} />
      )}
      {selected === undefined ? null : (
        <Selected selection={selection}>{selected([...selection.keys])}</Selected>
      )}
    </div>
  )
}
