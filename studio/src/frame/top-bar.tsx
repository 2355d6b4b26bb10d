import {
  ActionIcon,
  Drawer,
  Menu,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { IconChevronRight, IconMenu2, IconMoon, IconSearch, IconSun, IconUserCircle } from '../parts/icons.ts'
import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/call.ts'
import type { LiveState } from '../api/live.ts'
import { meQuery } from '../api/workspaces.ts'
import { tellFailure } from '../parts/act.tsx'
import { Go } from '../parts/go.tsx'
import { CopyLink, Frozen } from './copy-link.tsx'
import { openPalette } from './palette.tsx'
import { Places } from './rail.tsx'
import { SettingsDialog } from './settings.tsx'
import { WorkspaceSwitch } from './workspace-switch.tsx'
import { usePaths, useWorkspace } from './workspace.ts'
import style from './frame.module.css'

const liveWords: Readonly<Record<LiveState, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  away: 'Away',
}

export function TopBar({ live }: { readonly live: LiveState }) {
  return (
    <header className={style.top}>
      <Way />
      <Crumbs />
      <Frozen />
      <span
        className={style.live}
        data-state={live}
        role="status"
        title="Whether changes are told as they happen"
      >
        <span>{liveWords[live]}</span>
      </span>
      <button type="button" className={style.search} onClick={openPalette}>
        <IconSearch size={14} aria-hidden />
        <span>Search</span>
        <kbd aria-hidden>{navigator.platform.startsWith('Mac') ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <CopyLink />
      <SchemeButton />
      <Account />
    </header>
  )
}

/** On a narrow screen the places are behind a button. */
function Way() {
  const path = useLocation({ select: ({ pathname }) => pathname })
  const [openAt, setOpenAt] = useState<string>()
  return (
    <>
      <ActionIcon
        variant="default"
        size={30}
        className={style.way ?? ''}
        onClick={() => setOpenAt(path)}
        aria-label="Places"
      >
        <IconMenu2 size={16} />
      </ActionIcon>
      <Drawer
        // Whoever goes somewhere has done with it.
        opened={openAt === path}
        onClose={() => setOpenAt(undefined)}
        size={240}
        title="Twinloop"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <nav aria-label="Places">
          <Places />
        </nav>
      </Drawer>
    </>
  )
}

/** Beginnings of addresses at which nothing is shown. */
const noPage = /^(endpoints\/batch|data\/diff(\/[^/]+)?|models\/[^/]+\/compare(\/[^/]+)?)$/

function Crumbs() {
  const workspace = useWorkspace()
  const path = useLocation({ select: ({ pathname }) => pathname })
  const words = path.replace(/\/$/, '').split('/').slice(3)
  return (
    <nav className={style.crumbs} aria-label="Breadcrumb">
      <WorkspaceSwitch />
      <ol>
        {words.map((word, i) => {
          const name =
            i === 0 || words[0] === 'admin'
              ? `${word.charAt(0).toUpperCase()}${word.slice(1).replaceAll('-', ' ')}`
              : decodeURIComponent(word)
          const to = `/w/${encodeURIComponent(workspace.key)}/${words.slice(0, i + 1).join('/')}`
          return (
            <li key={to}>
              <IconChevronRight size={14} aria-hidden style={{ flex: 'none' }} />
              {i === words.length - 1 || noPage.test(words.slice(0, i + 1).join('/')) ? (
                <span aria-current="page" title={name}>
                  {name}
                </span>
              ) : (
                <Go to={to}>{name}</Go>
              )}
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'dark' ? 'light' : 'dark'
  return (
    <Tooltip label={`Switch to ${other}`}>
      <ActionIcon
        variant="default"
        size={30}
        onClick={() => setColorScheme(other)}
        aria-label={`Switch to ${other}`}
      >
        {scheme === 'dark' ? <IconSun size={16} /> : <IconMoon size={16} />}
      </ActionIcon>
    </Tooltip>
  )
}

function Account() {
  const { data: me } = useQuery(meQuery)
  const navigate = useNavigate()
  const to = usePaths()
  const [isSetting, setSetting] = useState(false)
  const signOut = () =>
    call('/sign-out', { method: 'POST' }).then(() => location.assign('/sign-in'), tellFailure)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={`Account of ${me?.displayName ?? 'yours'}`}>
            <IconUserCircle size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{me?.displayName ?? '…'}</Menu.Label>
          <Menu.Item onClick={() => setSetting(true)}>Settings …</Menu.Item>
          <Menu.Item onClick={() => void navigate({ to: to.adminPage('tokens') as '/' })}>
            Your tokens
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isSetting ? <SettingsDialog onClose={() => setSetting(false)} /> : null}
    </>
  )
}
