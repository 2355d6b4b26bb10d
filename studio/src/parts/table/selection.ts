import { useCallback, useMemo, useRef } from 'react'
import { useSearchWord } from '../../frame/search.ts'

export interface Selection {
  readonly keys: ReadonlySet<string>
  /** Takes a row in or out; with `upTo` all rows from the one that was taken before. */
  readonly toggle: (
    key: string,
    index: number,
    upTo?: (from: number, to: number) => readonly string[],
  ) => void
  readonly clear: () => void
}

const separator = ','
const keysOf = (text: string): ReadonlySet<string> =>
  new Set(text.split(separator).filter((key) => key !== ''))

/** The rows that are selected, by their keys, in the address under `name`. */
export function useSelection(name: string): Selection {
  const [text, setText] = useSearchWord(name)
  const keys = useMemo(() => keysOf(text), [text])
  const anchor = useRef<number>(undefined)
  const toggle = useCallback<Selection['toggle']>(
    (key, index, upTo) => {
      const range =
        upTo === undefined || anchor.current === undefined
          ? [key]
          : upTo(Math.min(anchor.current, index), Math.max(anchor.current, index))
      anchor.current = index
      // Keys are pressed faster than rows are drawn: what is selected by now says the address.
      setText((before) => {
        const next = new Set(keysOf(before))
        if (next.has(key) && range.length === 1) next.delete(key)
        else for (const one of range) next.add(one)
        return [...next].join(separator)
      }, 'replace')
    },
    [setText],
  )
  const clear = useCallback(() => setText('', 'replace'), [setText])
  return { keys, toggle, clear }
}
