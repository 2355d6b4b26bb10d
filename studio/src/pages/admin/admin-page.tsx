import type { ReactNode } from 'react'
import { usePaths } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import { Page } from '../../parts/page.tsx'
import style from './admin.module.css'

/** The pages of administration, by the last word of their address. */
const pages = [
  { name: 'Health', page: '' },
  { name: 'Workspaces', page: 'workspaces' },
  { name: 'Computes', page: 'computes' },
  { name: 'People and roles', page: 'people' },
  { name: 'Tokens', page: 'tokens' },
  { name: 'Connections', page: 'connections' },
  { name: 'Activity', page: 'activity' },
  { name: 'Storage', page: 'storage' },
  { name: 'Events', page: 'events' },
] as const

/** A page of administration, with the way to the others. */
export function AdminPage({
  title,
  meta,
  actions,
  children,
}: {
  readonly title: string
  readonly meta?: ReactNode
  readonly actions: ReactNode
  readonly children: ReactNode
}) {
  const to = usePaths()
  return (
    <Page title={title} actions={actions} {...(meta === undefined ? {} : { meta })}>
      <nav aria-label="Administration" className={style.tabs}>
        <ul>
          {pages.map(({ name, page: own }) => (
            <li key={name}>
              <Go to={own === '' ? to.admin : to.adminPage(own)} exact>
                {name}
              </Go>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </Page>
  )
}
