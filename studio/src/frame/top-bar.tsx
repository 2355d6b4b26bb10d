import { ActionIcon, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import {
  IconChevronDown,
  IconChevronRight,
  IconMoon,
  IconSearch,
  IconSun,
  IconUserCircle,
} from '../parts/icons.ts'
import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import type { LiveState } from '../api/live.ts'
import { meQuery, workspacesQuery } from '../api/workspaces.ts'
import { tellFailure } from '../parts/act.tsx'
import { Go } from '../parts/go.tsx'
import { openPalette } from './palette.tsx'
import { useWorkspace } from './workspace.ts'
import style from './frame.module.css'

const liveWords: Readonly<Record<LiveState, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  away: 'Away',
}

export function TopBar({ live }: { readonly live: LiveState }) {
  return (
    <header className={style.top}>
      <Crumbs />
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
      <SchemeButton />
      <Account />
    </header>
  )
}

function Crumbs() {
  const workspace = useWorkspace()
  const path = useLocation({ select: ({ pathname }) => pathname })
  const words = path.replace(/\/$/, '').split('/').slice(3)
  return (
    <nav className={style.crumbs} aria-label="Breadcrumb">
      <Workspaces />
      <ol>
        {words.map((word, i) => {
          const name = i === 0 ? `${word.charAt(0).toUpperCase()}${word.slice(1)}` : decodeURIComponent(word)
          const to = `/w/${encodeURIComponent(workspace.key)}/${words.slice(0, i + 1).join('/')}`
          return (
            <li key={to}>
              <IconChevronRight size={14} aria-hidden style={{ flex: 'none' }} />
              {i === words.length - 1 || (name === 'batch' && words[0] === 'endpoints') ? (
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

function Workspaces() {
  const workspace = useWorkspace()
  const { data: all = [] } = useQuery(workspacesQuery)
  const navigate = useNavigate()
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className={style.workspace} aria-label={`Workspace ${workspace.name}; change`}>
          {workspace.key}
          <IconChevronDown size={13} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Workspaces</Menu.Label>
        {all.map((one) => (
          <Menu.Item
            key={one.id}
            {...(one.id === workspace.id ? { 'aria-current': 'true' as const, fw: 600 } : {})}
            onClick={() => void navigate({ to: '/w/$workspace', params: { workspace: one.key } })}
          >
            {one.key}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
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
  const { setColorScheme } = useMantineColorScheme()
  const signOut = () =>
    call('/sign-out', { method: 'POST' }).then(() => location.assign('/sign-in'), tellFailure)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={`Account of ${me?.displayName ?? 'yours'}`}>
          <IconUserCircle size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me?.displayName ?? '…'}</Menu.Label>
        <Menu.Item onClick={() => setColorScheme('auto')}>Theme of the system</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
