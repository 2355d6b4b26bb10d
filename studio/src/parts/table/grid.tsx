import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { useSearchWord } from '../../frame/search.ts'
import { useSettings } from '../settings.ts'
import type { Column } from './column.ts'
import { Head } from './head.tsx'
import type { Order } from './order.ts'
import { Peek } from './peek.tsx'
import { Row } from './row.tsx'
import type { Selection } from './selection.ts'
import style from './table.module.css'
import type { OpenRows } from './tree/tree-rows.ts'

/** Pixels, as in table.module.css. */
const rowHeights = { compact: 38, comfortable: 46 } as const
/** More rows than this are drawn only where they are looked at. */
const mostDrawn = 60

export interface GridProps<T> {
  readonly columns: readonly Column<T>[]
  readonly count: number
  /** Undefined for a row that has not come yet. */
  readonly rowAt: (index: number) => T | undefined
  readonly rowKey: (row: T) => string
  readonly to?: ((row: T) => string | undefined) | undefined
  readonly label: string
  readonly order: Order | undefined
  readonly onSort: (sort: string) => void
  readonly selection?: Selection | undefined
  /** The object of a row in short, by the row's key: shown beside the table when asked for. */
  readonly peek?: ((key: string) => ReactNode) | undefined
  readonly prefix: string
  /** Told which rows are to be seen, both inclusively. */
  readonly onRange?: ((first: number, last: number) => void) | undefined
  /** A new value leads back to the top. */
  readonly topOf?: unknown
  readonly isStale?: boolean
  /** Where rows can be opened, and have others below them. */
  readonly open?: OpenRows | undefined
  readonly children?: ReactNode
}

/** Rows under their heads: drawn where they are looked at, walked by the keyboard. */
export function Grid<T>(props: GridProps<T>) {
  const { columns, count, rowAt, rowKey, to, label, order, onSort, selection, peek, onRange, topOf, open } =
    props
  const [peeked, setPeeked] = useSearchWord(`${props.prefix}peek`)
  const scroller = useRef<HTMLDivElement>(null)
  const rowHeight = rowHeights[useSettings().density]
  const isLong = count > mostDrawn
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoized by a compiler
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    enabled: isLong,
  })
  const items = isLong ? virtual.getVirtualItems() : undefined
  const [first, last] =
    items === undefined ? [0, count - 1] : [items[0]?.index ?? 0, items.at(-1)?.index ?? 0]
  useEffect(() => onRange?.(first, last), [onRange, first, last])
  useEffect(() => {
    if (scroller.current !== null) scroller.current.scrollTop = 0
  }, [topOf])

  const drawn =
    items?.map(({ index, start }) => ({ index, top: start })) ??
    Array.from({ length: count }, (_, index) => ({ index, top: undefined }))
  const tracks = [
    ...(selection === undefined ? [] : ['34px']),
    ...columns.map(({ width }) => width ?? 'minmax(110px, 1fr)'),
  ].join(' ')
  const keyAt = (index: number) => {
    const row = rowAt(index)
    return row === undefined ? undefined : rowKey(row)
  }
  const select = (index: number, withRange: boolean) => {
    const key = keyAt(index)
    if (key === undefined || selection === undefined) return
    const between = (from: number, until: number) =>
      Array.from({ length: until - from + 1 }, (_, i) => keyAt(from + i)).filter((one) => one !== undefined)
    selection.toggle(key, index, withRange ? between : undefined)
  }
  const focus = (index: number) => {
    if (index < 0 || index >= count) return
    if (isLong) virtual.scrollToIndex(index)
    const focusIt = () => {
      const found = scroller.current?.querySelector<HTMLElement>(
        `[data-index="${index}"] a, [data-index="${index}"]`,
      )
      found?.focus({ preventScroll: isLong })
      return found
    }
    // At once where it is drawn, so that the next key is meant for it; otherwise when it has come into view.
    if (!focusIt()) requestAnimationFrame(focusIt)
    if (peeked !== '') setPeeked(keyAt(index) ?? peeked, 'replace')
  }
  const hear = (event: KeyboardEvent<HTMLDivElement>) => {
    const target = event.target as HTMLElement
    const at = Number(target.closest<HTMLElement>('[data-index]')?.dataset['index'] ?? Number.NaN)
    if (Number.isNaN(at) || event.metaKey || event.ctrlKey || event.altKey) return
    const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key]
    if (by !== undefined) focus(at + by)
    else if (event.key === 'x' && selection !== undefined) select(at, false)
    else if (event.key === 'o' && peek !== undefined) setPeeked(keyAt(at) === peeked ? '' : (keyAt(at) ?? ''))
    else if (open !== undefined && event.key === 'ArrowRight') intoRow(open, at)
    else if (open !== undefined && event.key === 'ArrowLeft') outOfRow(open, at)
    else return
    event.preventDefault()
  }
  const intoRow = (rows: OpenRows, at: number) => {
    if (rows.nestedIn(at) === 0) return
    if (rows.isOpen(at)) focus(at + 1)
    else rows.toggle(at)
  }
  const outOfRow = (rows: OpenRows, at: number) => {
    const parent = rows.parentOf(at)
    if (rows.nestedIn(at) > 0 && rows.isOpen(at)) rows.toggle(at)
    else if (parent !== undefined) focus(parent)
  }
  const click = (event: MouseEvent<HTMLDivElement>) => {
    const target = event.target as HTMLElement
    const at = target.dataset['select']
    if (at !== undefined) select(Number(at), event.shiftKey)
    const opened = target.closest<HTMLElement>('[data-open]')?.dataset['open']
    if (opened !== undefined) open?.toggle(Number(opened))
  }
  const role = open === undefined ? 'table' : 'treegrid'
  const peekedRow = drawn
    .map(({ index }) => rowAt(index))
    .find((row) => row !== undefined && rowKey(row) === peeked)

  return (
    <>
      <div
        className={style.scroller}
        ref={scroller}
        data-long={isLong}
        data-stale={props.isStale === true}
        tabIndex={isLong ? 0 : undefined}
        role={isLong ? 'region' : undefined}
        aria-label={isLong ? label : undefined}
      >
        {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- a table, or one whose rows open */}
        <div
          role={role}
          aria-label={label}
          aria-rowcount={count + 1}
          className={style.table}
          onKeyDown={hear}
          onClick={click}
        >
          <div role="rowgroup" className={style.head}>
            <div role="row" aria-rowindex={1} className={style.row} style={{ gridTemplateColumns: tracks }}>
              {selection === undefined ? null : (
                <div role="columnheader" className={style.pick}>
                  <span className="visually-hidden">Selected</span>
                </div>
              )}
              {columns.map((column) => (
                <Head
                  key={column.id}
                  column={column}
                  isBy={order?.column === column.id}
                  descending={order?.descending === true}
                  onSort={onSort}
                />
              ))}
            </div>
          </div>
          <div role="rowgroup" style={isLong ? { height: virtual.getTotalSize(), position: 'relative' } : {}}>
            {drawn.map(({ index, top }) => {
              const row = rowAt(index)
              const key = row === undefined ? undefined : rowKey(row)
              return (
                <Row
                  key={key ?? `coming ${index}`}
                  row={row}
                  index={index}
                  top={top}
                  tracks={tracks}
                  columns={columns}
                  page={row === undefined ? undefined : to?.(row)}
                  isSelected={
                    selection === undefined ? undefined : key !== undefined && selection.keys.has(key)
                  }
                  isPeeked={key !== undefined && key === peeked}
                  level={open?.levelOf(index)}
                  nested={row === undefined ? undefined : open?.nestedIn(index)}
                  isOpen={row !== undefined && open?.isOpen(index) === true}
                />
              )
            })}
          </div>
        </div>
        {props.children}
      </div>
      {peeked === '' || peek === undefined ? null : (
        <Peek
          label={`One of the ${label} in short`}
          to={peekedRow === undefined ? undefined : to?.(peekedRow)}
          onClose={() => setPeeked('', 'replace')}
        >
          {peek(peeked)}
        </Peek>
      )}
    </>
  )
}
