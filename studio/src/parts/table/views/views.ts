import type { Search } from '../../../frame/search.ts'

/** A view of a table that somebody gave a name: what the address said of it. */
export interface SavedView {
  readonly name: string
  readonly search: Readonly<Record<string, string>>
}

/** What belongs to a moment, not to a view. */
const momentary = ['peek', 'sel', 'base', 'next']

/** What of an address a view keeps. */
export const viewOf = (search: Search): SavedView['search'] =>
  Object.fromEntries(
    Object.entries(search).filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === 'string' && entry[1] !== '' && !momentary.includes(entry[0]),
    ),
  )

/** Views as they were kept; nothing for what is not of their shape. */
export function readViews(text: string | null | undefined): readonly SavedView[] {
  try {
    const all = JSON.parse(text ?? '[]') as unknown
    if (!Array.isArray(all)) return []
    return all.filter(
      (one): one is SavedView =>
        typeof one === 'object' &&
        one !== null &&
        typeof (one as SavedView).name === 'string' &&
        typeof (one as SavedView).search === 'object' &&
        Object.values((one as SavedView).search).every((word) => typeof word === 'string'),
    )
  } catch {
    return []
  }
}

/** The views with this one, which takes the place of one of its name; by name. */
export const withView = (views: readonly SavedView[], view: SavedView): readonly SavedView[] =>
  [...views.filter(({ name }) => name !== view.name), view].toSorted((a, b) => a.name.localeCompare(b.name))

/** The saved view that the address shows, if it is one. */
export function viewShown(views: readonly SavedView[], search: Search): SavedView | undefined {
  const text = canonical(viewOf(search))
  return views.find((view) => canonical(view.search) === text)
}

const canonical = (search: SavedView['search']) =>
  JSON.stringify(Object.entries(search).toSorted(([a], [b]) => (a < b ? -1 : 1)))
