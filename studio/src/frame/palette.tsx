import { createSpotlight, Spotlight, useSpotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '../parts/icons.ts'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { searchQuery, type Found } from '../api/search.ts'
import { makeKinds } from '../parts/make-kinds.ts'
import { placeOf, titleOf } from './found.ts'
import { pathOf } from './paths.ts'
import { usePlaces } from './rail.tsx'
import { useCan, usePaths, useWorkspace } from './workspace.ts'

const [store, actions] = createSpotlight()

/** Opens the palette, for who looks for it with the mouse. */
export const openPalette = actions.open

/** So long nothing may be typed before the server is asked. */
const quietMs = 120

const shown = (mark = '') => document.querySelector<HTMLElement>(`.mantine-Spotlight-action${mark}`)

/** Ctrl K: everything by name, found by the server, whatever there is of it. An id leads to what it names. */
export function Palette() {
  const { opened } = useSpotlight(store)
  const workspace = useWorkspace()
  const { history } = useRouter()
  const places = usePlaces()
  const to = usePaths()
  const can = useCan()
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), quietMs)
  const {
    data: found = [],
    isFetching,
    error,
  } = useQuery({
    ...searchQuery(workspace, asked),
    enabled: opened && asked !== '' && !asked.startsWith('/'),
  })
  const go = (to: string) => () => {
    // What is typed while the palette goes away is meant for the page.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    history.push(to)
  }
  const wanted = text.trim().toLowerCase()
  const groups: SpotlightActionGroupData[] = [
    {
      group: 'Go to',
      actions: places
        .filter(({ name }) => name.toLowerCase().includes(wanted))
        .map(({ name, to, Icon }) => ({
          id: to,
          label: name,
          leftSection: <Icon size={16} aria-hidden />,
          onClick: go(to),
        })),
    },
    ...byId(workspace.key, text.trim()).map(({ id, to }) => ({
      group: 'By its id',
      actions: [{ id, label: id.split('/').slice(-2).join('/'), onClick: go(to) }],
    })),
    {
      group: 'Make',
      actions: making(wanted, can).map(({ kind, label, about }) => ({
        id: `make ${kind}`,
        label,
        description: about,
        onClick: go(to.make(kind)),
      })),
    },
    // What was found for other words does not stand for these.
    ...(wanted === '' ? [] : grouped(workspace.key, found, go)),
  ].filter((group) => group.actions.length > 0)
  const isWaiting = isFetching || asked !== text.trim()
  // Enter takes the first, also where it came after the last letter was typed, and where it has yet to come.
  const isHasty = useRef(false)
  const hear = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || shown('[data-selected]') !== null) return
    if (shown() === null) isHasty.current = isWaiting
    else shown()?.click()
  }
  useEffect(() => {
    if (!isHasty.current || isWaiting) return
    isHasty.current = false
    shown()?.click()
  }, [isWaiting])
  return (
    <Spotlight
      store={store}
      actions={groups}
      query={text}
      onQueryChange={(query) => {
        setText(query)
        isHasty.current = false
      }}
      // The server has chosen already.
      filter={(_, all) => all}
      shortcut={['mod + K']}
      highlightQuery
      scrollable
      maxHeight={460}
      nothingFound={
        error !== null
          ? error.message
          : isWaiting && wanted !== ''
            ? 'Looking …'
            : 'Nothing that you may see has such a name.'
      }
      searchProps={{
        leftSection: <IconSearch size={16} aria-hidden />,
        onKeyDown: hear,
        placeholder: 'Search jobs, models, data, endpoints, releases … or paste an id',
        'aria-label': 'Search',
      }}
    />
  )
}

/** What can be made and is meant by what is typed: none of nothing. */
const making = (wanted: string, can: (operation: string) => boolean) =>
  Object.entries(makeKinds)
    .map(([kind, { title, about, operation }]) => ({ kind, label: `New ${title}`, about, operation }))
    .filter(({ label, operation }) => wanted !== '' && label.toLowerCase().includes(wanted) && can(operation))

/** The page of what a pasted id names, if it is one. */
function byId(workspace: string, text: string): readonly { readonly id: string; readonly to: string }[] {
  if (!text.startsWith('/subscriptions/')) return []
  const to = pathOf(workspace, text)
  return to === undefined ? [] : [{ id: text, to }]
}

/** What was found under the headings of its kinds. */
function grouped(
  workspace: string,
  found: readonly Found[],
  go: (to: string) => () => void,
): readonly SpotlightActionGroupData[] {
  return [...Map.groupBy(found, titleOf)].map(([group, some]) => ({
    group,
    actions: some.flatMap((one) => {
      const to = placeOf(workspace, one)
      const { displayName, description } = one.properties
      if (to === undefined) return []
      return [
        {
          id: one.id,
          label: displayName ?? one.name,
          description: displayName ? one.name : (description ?? ''),
          onClick: go(to),
        },
      ]
    }),
  }))
}
