import { useNavigate, useSearch } from '@tanstack/react-router'

/** What an address says beyond the object it names: the view. All of it is text, so that links stay readable. */
export type Search = Readonly<Record<string, string | undefined>>

/** `?q=late&sort=-started` as names and values; of a name that stands twice, the last. */
export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text))

/** The other way round, names in their order, without what says nothing. */
export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(search).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  )
  const text = new URLSearchParams(given).toString()
  return text === '' ? '' : `?${text}`
}

/** Sets a word, or makes it of the one that stands in the address by then, which may not be drawn yet. */
type SetWord = (value: string | ((before: string) => string), how?: 'push' | 'replace') => void

/**
 * A word of the view that lives in the address. Its default is not written there. `replace` while somebody types, so
 * that Back leads to where they were.
 */
export function useSearchWord(name: string, otherwise = ''): readonly [string, SetWord] {
  const value = useSearch({ strict: false, select: (search: Search) => search[name] }) ?? otherwise
  const navigate = useNavigate()
  const set: SetWord = (given, how = 'push') =>
    void navigate({
      to: '.',
      search: ((before: Search) => {
        const next = typeof given === 'string' ? given : given(before[name] ?? otherwise)
        return { ...before, [name]: next === otherwise ? undefined : next }
      }) as never,
      replace: how === 'replace',
      resetScroll: false,
    })
  return [value, set]
}
