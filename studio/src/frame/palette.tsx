import { createSpotlight, Spotlight, useSpotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import { IconSearch } from '../parts/icons.ts'
import type { KeyboardEvent } from 'react'
import { useQueries } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { listQuery } from '../api/queries.ts'
import { pathOf } from './paths.ts'
import { usePlaces } from './rail.tsx'
import { useWorkspace } from './workspace.ts'

const [store, actions] = createSpotlight()

/** Opens the palette, for who looks for it with the mouse. */
export const openPalette = actions.open

/** Kinds of things that can be found by their names. */
const kinds = [
  { group: 'Jobs', type: 'jobs' },
  { group: 'Data', type: 'data' },
  { group: 'Models', type: 'models' },
  { group: 'Endpoints', type: 'onlineEndpoints' },
  { group: 'Release plans', type: 'providers/Twinloop/releasePlans' },
] as const

interface Named {
  readonly displayName?: string
  readonly description?: string
}

/** Enter takes the first of what is shown also where it came after the last letter was typed. */
function chooseFirst(event: KeyboardEvent) {
  if (event.key !== 'Enter' || document.querySelector('.mantine-Spotlight-action[data-selected]') !== null)
    return
  document.querySelector<HTMLElement>('.mantine-Spotlight-action')?.click()
}

/** Ctrl K: everything by name. The lists are read when it is opened. */
export function Palette() {
  const { opened } = useSpotlight(store)
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const places = usePlaces()
  const lists = useQueries({
    queries: kinds.map(({ type }) => ({ ...listQuery<Named>(`${workspace.id}/${type}`), enabled: opened })),
  })
  const go = (to: string) => () => void navigate({ to: to as '/' })
  const groups: SpotlightActionGroupData[] = [
    {
      group: 'Go to',
      actions: places.map(({ name, to, Icon }) => ({
        id: to,
        label: name,
        leftSection: <Icon size={16} aria-hidden />,
        onClick: go(to),
      })),
    },
    ...kinds.map(({ group }, i) => ({
      group,
      actions: (lists[i]?.data ?? []).flatMap(({ id, name, properties }) => {
        const to = pathOf(workspace.key, id)
        const { displayName, description } = properties
        if (to === undefined) return []
        return [
          {
            id,
            label: displayName ?? name,
            description: displayName === undefined ? (description ?? '') : name,
            keywords: [name],
            onClick: go(to),
          },
        ]
      }),
    })),
  ]
  return (
    <Spotlight
      store={store}
      actions={groups}
      shortcut={['mod + K']}
      limit={12}
      highlightQuery
      scrollable
      maxHeight={420}
      nothingFound="Nothing has such a name."
      searchProps={{
        leftSection: <IconSearch size={16} aria-hidden />,
        onKeyDown: chooseFirst,
        placeholder: 'Search jobs, models, endpoints, releases …',
        'aria-label': 'Search',
      }}
    />
  )
}
