import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { tell } from '../parts/act.tsx'
import { IconLink } from '../parts/icons.ts'
import { useSettings } from '../parts/settings.ts'
import { useNow } from '../parts/time.tsx'
import { when } from '../words/time.ts'
import type { Search } from './search.ts'
import style from './frame.module.css'

/** Copies an address; says that it did, or shows it where a browser does not allow that. */
async function copy(url: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(url)
    tell(done)
  } catch {
    globalThis.prompt('The link', url)
  }
}

/** The address of the page with its times ending at a moment, so that whoever opens it later sees the same. */
export function frozen(href: string, at: Date): string {
  const url = new URL(href)
  if (!url.searchParams.has('until')) url.searchParams.set('until', at.toISOString().replace(/\.\d+Z$/, 'Z'))
  return url.href
}

/** What is asked for up to a moment, by its query's key. */
const timed = new Set(['metrics', 'monitor-results', 'collected'])

/** Copies the page's address. Where it shows the last hours, either those hours for good, or whichever are the last then. */
export function CopyLink() {
  const queries = useQueryClient()
  const isOfTimes = () =>
    queries.getQueryCache().findAll({
      type: 'active',
      predicate: ({ queryKey }) => queryKey.some((word) => timed.has(String(word))),
    }).length > 0
  const icon = (
    <ActionIcon variant="default" size={30} aria-label="Copy link">
      <IconLink size={16} />
    </ActionIcon>
  )
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label="Copy a link to just this view">{icon}</Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          onClick={() =>
            isOfTimes()
              ? void copy(
                  frozen(location.href, new Date()),
                  'Copied: it shows these hours, whenever it is opened.',
                )
              : void copy(location.href, 'Copied.')
          }
        >
          Copy link to this view
        </Menu.Item>
        <Menu.Item
          onClick={() => void copy(live(location.href), 'Copied: it shows what is then the newest.')}
        >
          Copy link that stays live
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function live(href: string): string {
  const url = new URL(href)
  url.searchParams.delete('until')
  return url.href
}

/** Says that the page shows times up to a moment in the past, and leads back to now. */
export function Frozen() {
  const until = useSearch({ strict: false, select: (search: Search) => search['until'] })
  const navigate = useNavigate()
  const { zone } = useSettings()
  const now = useNow(10_000)
  if (until === undefined || Number.isNaN(Date.parse(until))) return null
  return (
    <button
      type="button"
      className={style.frozen}
      title="Charts, windows of monitors and collected rows end then. States, lists and logs are those of now."
      onClick={() =>
        void navigate({ to: '.', search: ((before: Search) => ({ ...before, until: undefined })) as never })
      }
    >
      Up to {when(new Date(until), now, zone)} · back to now
    </button>
  )
}
