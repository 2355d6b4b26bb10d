import { ActionIcon, Checkbox, Menu, TextInput, Tooltip } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconColumns3, IconSearch } from '../icons.ts'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useDeferredValue, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { useSearchWord } from '../../frame/search.ts'
import { exact } from '../../words/numbers.ts'
import { Go } from '../go.tsx'
import { NoMatch } from '../states.tsx'
import { filtered, ordered, readOrder, writeOrder, type Sortable } from './order.ts'
import style from './table.module.css'

export interface Column<T> extends Sortable<T> {
  readonly header: string
  readonly cell: (row: T) => ReactNode
  /** A track of a CSS grid. */
  readonly width?: string
  readonly align?: 'right'
  /** Not shown unless somebody asks for it. */
  readonly extra?: boolean
}

const rowHeight = 38
/** More rows than this are drawn only where they are looked at. */
const mostDrawn = 60

/**
 * The one table. What it shows (filter `q`, order `sort`, columns `cols`) is in the address, each with `prefix` before it
 * where a page has several. The first column's cell is the link to the row's page; the whole row answers to it.
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
}) {
  const [filter, setFilter] = useSearchWord(`${prefix}q`)
  const [sort, setSort] = useSearchWord(`${prefix}sort`, initial)
  const [chosen, setChosen] = useSearchWord(
    `${prefix}cols`,
    columns
      .filter(({ extra }) => extra !== true)
      .map(({ id }) => id)
      .join(','),
  )
  const shown = useMemo(() => {
    const ids = chosen.split(',')
    const some = columns.filter(({ id }, i) => i === 0 || ids.includes(id))
    return some
  }, [columns, chosen])
  const order = readOrder(sort, columns)
  const looked = useDeferredValue(filter)
  const visible = useMemo(
    () => ordered(filtered(rows, columns, looked), columns, order),
    // The order is a new object each time; its text is not.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [rows, columns, looked, sort],
  )

  const scroller = useRef<HTMLDivElement>(null)
  const isLong = visible.length > mostDrawn
  const virtual = useVirtualizer({
    count: visible.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    enabled: isLong,
  })
  const drawn = isLong
    ? virtual.getVirtualItems().map(({ index, start }) => ({ index, start }))
    : visible.map((_, index) => ({ index, start: index * rowHeight }))
  const tracks = shown.map(({ width }) => width ?? 'minmax(110px, 1fr)').join(' ')

  const step = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key]
    const from = (event.target as HTMLElement).closest<HTMLElement>('[data-index]')
    if (by === undefined || from === null || event.metaKey || event.ctrlKey) return
    event.preventDefault()
    const next = Number(from.dataset['index']) + by
    if (next < 0 || next >= visible.length) return
    if (isLong) virtual.scrollToIndex(next)
    requestAnimationFrame(() =>
      scroller.current
        ?.querySelector<HTMLElement>(`[data-index="${next}"] a, [data-index="${next}"]`)
        ?.focus(),
    )
  }

  return (
    <div className={style.frame}>
      {bare ? null : (
        <div className={style.tools}>
          <TextInput
            leftSection={<IconSearch size={14} aria-hidden />}
            placeholder="Filter"
            aria-label={`Filter ${label}`}
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value, 'replace')}
            data-filter
            className={style.filter}
          />
          {tools}
          <span className={style.count} aria-live="polite">
            {visible.length === rows.length
              ? exact(rows.length)
              : `${exact(visible.length)} of ${exact(rows.length)}`}{' '}
            {note}
          </span>
          <ColumnsMenu columns={columns} chosen={chosen} onChoose={setChosen} />
        </div>
      )}
      <div
        className={style.scroller}
        ref={scroller}
        data-long={isLong}
        tabIndex={isLong ? 0 : undefined}
        role={isLong ? 'region' : undefined}
        aria-label={isLong ? label : undefined}
      >
        <div
          role="table"
          aria-label={label}
          aria-rowcount={visible.length + 1}
          className={style.table}
          onKeyDown={step}
        >
          <div role="rowgroup" className={style.head}>
            <div role="row" aria-rowindex={1} className={style.row} style={{ gridTemplateColumns: tracks }}>
              {shown.map((column) => (
                <Head
                  key={column.id}
                  column={column}
                  isBy={order?.column === column.id}
                  descending={order?.descending === true}
                  onSort={setSort}
                />
              ))}
            </div>
          </div>
          <div role="rowgroup" style={isLong ? { height: virtual.getTotalSize(), position: 'relative' } : {}}>
            {drawn.map(({ index, start }) => {
              const row = visible[index]
              if (row === undefined) return null
              const page = to?.(row)
              return (
                <div
                  key={rowKey(row)}
                  role="row"
                  aria-rowindex={index + 2}
                  data-index={index}
                  data-link={page !== undefined}
                  className={style.row}
                  style={{
                    gridTemplateColumns: tracks,
                    ...(isLong ? { position: 'absolute', top: start, left: 0, right: 0 } : {}),
                  }}
                >
                  {shown.map((column, i) => (
                    <div key={column.id} role="cell" className={style.cell} data-align={column.align}>
                      {i === 0 && page !== undefined ? (
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
            })}
          </div>
        </div>
        {visible.length === 0 && rows.length > 0 ? <NoMatch onClear={() => setFilter('')} /> : null}
      </div>
    </div>
  )
}

function Head<T>({
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
  const { id, header, sort, align } = column
  if (sort === undefined)
    return (
      <div role="columnheader" className={style.cell} data-align={align}>
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
        onClick={() => onSort(writeOrder({ column: id, descending: isBy ? !descending : align === 'right' }))}
      >
        {header}
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

function ColumnsMenu<T>({
  columns,
  chosen,
  onChoose,
}: {
  readonly columns: readonly Column<T>[]
  readonly chosen: string
  readonly onChoose: (chosen: string) => void
}) {
  const ids = chosen.split(',')
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <Tooltip label="Columns">
          <ActionIcon variant="default" size={30} aria-label="Columns">
            <IconColumns3 size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {columns.slice(1).map(({ id, header }) => (
          <Menu.Item
            key={id}
            role="menuitemcheckbox"
            aria-checked={ids.includes(id)}
            leftSection={<Checkbox.Indicator size="xs" checked={ids.includes(id)} />}
            onClick={() => {
              const now = ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]
              onChoose(
                columns
                  .map((column) => column.id)
                  .filter((one, i) => i === 0 || now.includes(one))
                  .join(','),
              )
            }}
          >
            {header}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
