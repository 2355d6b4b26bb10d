import { useQueries } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import type { ServerSource } from '../../../api/server-source.ts'
import { useSearchWord } from '../../../frame/search.ts'
import type { ServerRows } from '../server/server-rows.ts'
import { rangesOf, treeOf, type Opened } from './tree.ts'

/** How rows of a list that stays on the server are nested. */
export interface Nesting<T> {
  /** How many rows are below it. */
  readonly countOf: (row: T) => number
  /** The list of those below the row of that key. */
  readonly below: (key: string) => ServerSource<T>
}

/** What a grid asks of rows that can be opened, by their number from the top. */
export interface OpenRows {
  readonly levelOf: (row: number) => number
  readonly nestedIn: (row: number) => number
  readonly isOpen: (row: number) => boolean
  readonly toggle: (row: number) => void
  readonly parentOf: (row: number) => number | undefined
}

export interface TreeRows<T> {
  readonly count: number
  readonly rowAt: (row: number) => T | undefined
  readonly onRange: (first: number, last: number) => void
  /** Undefined where nothing is nested. */
  readonly open: OpenRows | undefined
}

const noneOpen: ReadonlyMap<string, Opened> = new Map()

/**
 * A list on the server whose rows are opened in place: which are open is in the address (`open`), and what is below them
 * is read page by page, where it is looked at. Where an open row stands is known when it has come into view; until then
 * it is as if closed.
 */
export function useTreeRows<T>(
  rows: ServerRows<T>,
  nesting: Nesting<T> | undefined,
  rowKey: (row: T) => string,
): TreeRows<T> {
  const [text, setText] = useSearchWord('open')
  const asked = useMemo(() => new Set(text.split(',').filter((key) => key !== '')), [text])
  const [range, setRange] = useState<readonly [number, number]>([0, 0])
  const [found, setFound] = useState({ of: '', places: noneOpen })
  const { onRange, shownKey } = rows
  const places = found.of === shownKey ? found.places : noneOpen
  const isNested = nesting !== undefined
  const tree = useMemo(
    () =>
      treeOf(rows.total ?? 0, isNested ? new Map([...places].filter(([key]) => asked.has(key))) : noneOpen),
    [rows.total, isNested, places, asked],
  )
  const ranges = rangesOf(tree, range[0], range[1])
  const pages = [...ranges].flatMap(([list, [from, to]]) => {
    if (list === '' || nesting === undefined) return []
    const source = nesting.below(list)
    const [first, last] = [Math.floor(from / source.pageSize), Math.floor(to / source.pageSize)]
    return Array.from({ length: last - first + 1 }, (_, i) => ({ list, source, page: first + i }))
  })
  const answers = useQueries({
    queries: pages.map(({ list, source, page }) =>
      source.page({ total: places.get(list)?.total ?? 0, until: undefined }, page),
    ),
  })
  const rowAt = (row: number) => {
    const { list, index } = tree.at(row)
    if (list === '') return rows.rowAt(index)
    const at = pages.findIndex(
      (one) => one.list === list && one.page === Math.floor(index / one.source.pageSize),
    )
    return answers[at]?.data?.[index % (pages[at]?.source.pageSize ?? 1)]
  }

  const now = new Map(places)
  if (isNested)
    for (let row = range[0]; row <= Math.min(range[1], tree.count - 1); row++) {
      const one = rowAt(row)
      if (one === undefined || !asked.has(rowKey(one))) continue
      const { list, index } = tree.at(row)
      now.set(rowKey(one), { list, index, total: nesting.countOf(one) })
    }
  if (!isSame(now, places)) setFound({ of: shownKey, places: now })

  const see = useCallback(
    (first: number, last: number) => {
      setRange((before) => (before[0] === first && before[1] === last ? before : [first, last]))
      const outer = rangesOf(tree, first, last).get('')
      if (outer !== undefined) onRange(outer[0], outer[1])
    },
    [tree, onRange],
  )
  const keyAt = (row: number) => {
    const one = rowAt(row)
    return one === undefined ? '' : rowKey(one)
  }
  const open: OpenRows | undefined =
    nesting === undefined
      ? undefined
      : {
          levelOf: (row) => tree.at(row).level,
          nestedIn(row) {
            const one = rowAt(row)
            return one === undefined ? 0 : nesting.countOf(one)
          },
          isOpen: (row) => asked.has(keyAt(row)),
          toggle(row) {
            const key = keyAt(row)
            if (key === '') return
            setText((before) => {
              const keys = before.split(',').filter((one) => one !== '')
              return (keys.includes(key) ? keys.filter((one) => one !== key) : [...keys, key]).join(',')
            }, 'replace')
          },
          parentOf(row) {
            const place = places.get(tree.at(row).list)
            return place === undefined ? undefined : tree.rowOf(place)
          },
        }
  return { count: tree.count, rowAt, onRange: see, open }
}

const isSame = (a: ReadonlyMap<string, Opened>, b: ReadonlyMap<string, Opened>) =>
  a.size === b.size &&
  [...a].every(([key, one]) => {
    const other = b.get(key)
    return other?.list === one.list && other.index === one.index && other.total === one.total
  })
