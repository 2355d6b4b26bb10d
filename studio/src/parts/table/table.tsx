import { useDeferredValue, useMemo, type ReactNode } from 'react'
import { useSearchWord } from '../../frame/search.ts'
import { exact } from '../../words/numbers.ts'
import { NoMatch } from '../states.tsx'
import { chosenOf, usual, type Column } from './column.ts'
import { Grid } from './grid.tsx'
import { filtered, ordered, readOrder } from './order.ts'
import { useSelection } from './selection.ts'
import { Lost, Selected, Tools } from './tools.tsx'
import style from './table.module.css'

export type { Column } from './column.ts'

/**
 * The one table, of rows that are all here (`ServerTable` is for those that are not). What it shows (filter `q`, order
 * `sort`, columns `cols`, selection `sel`, the row in short `peek`) is in the address, each with `prefix` before it where
 * a page has several. The first column's cell is the link to the row's page; the whole row answers to it.
 */
export function Table<T>({
  rows,
  columns,
  rowKey,
  to,
  label,
  initial = '',
  prefix = '',
  tools,
  note,
  bare = false,
  peek,
  selected,
}: {
  readonly rows: readonly T[]
  readonly columns: readonly Column<T>[]
  readonly rowKey: (row: T) => string
  /** Page of a row. */
  readonly to?: (row: T) => string | undefined
  /** What the rows are, for those who hear the page. */
  readonly label: string
  /** Order at first: `-started`. */
  readonly initial?: string
  readonly prefix?: string
  /** Further filters, beside the one for text. */
  readonly tools?: ReactNode
  /** Said behind the number of rows. */
  readonly note?: string
  /** Without the tools: for short lists. */
  readonly bare?: boolean
  /** The object of a row in short, by its key. */
  readonly peek?: (key: string) => ReactNode
  /** What can be done with the rows that are selected; without it none can be. */
  readonly selected?: (keys: readonly string[]) => ReactNode
}) {
  const [filter, setFilter] = useSearchWord(`${prefix}q`)
  const [sort, setSort] = useSearchWord(`${prefix}sort`, initial)
  const [chosen, setChosen] = useSearchWord(`${prefix}cols`, usual(columns))
  const { shown, lost } = useMemo(() => chosenOf(columns, chosen), [columns, chosen])
  const selection = useSelection(`${prefix}sel`)
  const order = readOrder(sort, columns)
  const looked = useDeferredValue(filter)
  const visible = useMemo(
    () => ordered(filtered(rows, columns, looked), columns, order),
    // The order is a new object each time; its text is not.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [rows, columns, looked, sort],
  )
  return (
    <div className={style.frame}>
      {bare ? null : (
        <Tools
          label={label}
          filter={filter}
          onFilter={(text) => setFilter(text, 'replace')}
          tools={tools}
          count={
            <>
              {visible.length === rows.length
                ? exact(rows.length)
                : `${exact(visible.length)} of ${exact(rows.length)}`}{' '}
              {note}
            </>
          }
          columns={columns}
          chosen={chosen}
          onChoose={setChosen}
          hasViews={false}
        />
      )}
      <Lost lost={lost} onForget={() => setChosen(shown.map(({ id }) => id).join(','), 'replace')} />
      <Grid
        columns={shown}
        count={visible.length}
        rowAt={(index) => visible[index]}
        rowKey={rowKey}
        to={to}
        label={label}
        order={order}
        onSort={setSort}
        prefix={prefix}
        peek={peek}
        selection={selected === undefined ? undefined : selection}
      >
        {visible.length === 0 && rows.length > 0 ? <NoMatch onClear={() => setFilter('')} /> : null}
      </Grid>
      {selected === undefined ? null : (
        <Selected selection={selection}>{selected([...selection.keys])}</Selected>
      )}
    </div>
  )
}
