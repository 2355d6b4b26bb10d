import { Popover, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { useState } from 'react'
import { workspacesQuery } from '../api/workspaces.ts'
import { Go } from '../parts/go.tsx'
import { IconCheck, IconChevronDown, IconSearch } from '../parts/icons.ts'
import { useWorkspace } from './workspace.ts'
import style from './frame.module.css'

/** More workspaces than this are looked for by name. */
const few = 6

/** All workspaces that one may see, by name; another one opens at the same place. */
export function WorkspaceSwitch() {
  const workspace = useWorkspace()
  const { data: all = [] } = useQuery(workspacesQuery)
  const place = useLocation({ select: ({ pathname }) => pathname.split('/')[3] ?? '' })
  const [isOpen, setOpen] = useState(false)
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const shown = all.filter(({ key, title, group }) =>
    `${key} ${title} ${group}`.toLowerCase().includes(wanted),
  )
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={style.workspace}
          aria-label={`Workspace ${workspace.name}; change`}
          onClick={() => setOpen(!isOpen)}
        >
          {workspace.key}
          <IconChevronDown size={13} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={8} aria-label="Workspaces">
        {all.length > few ? (
          <TextInput
            leftSection={<IconSearch size={14} aria-hidden />}
            placeholder="Workspace"
            aria-label="Find a workspace"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            mb={6}
            data-autofocus
          />
        ) : null}
        <ul className={style.switch}>
          {shown.map((one) => (
            <li key={one.id}>
              <Go
                to={`/w/${encodeURIComponent(one.key)}${place === '' ? '' : `/${place}`}`}
                className={style.switchItem}
                onClick={() => {
                  setOpen(false)
                  setText('')
                }}
              >
                <span>
                  {one.key}
                  {one.title === one.name ? null : <span className="muted"> {one.title}</span>}
                </span>
                <span className="muted">{one.group}</span>
                {one.id === workspace.id ? <IconCheck size={14} aria-label="this one" /> : null}
              </Go>
            </li>
          ))}
        </ul>
        {shown.length === 0 ? <p className="muted">None is called so.</p> : null}
      </Popover.Dropdown>
    </Popover>
  )
}
