import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Outlet, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { follow, type LiveState } from '../api/live.ts'
import { workspacesQuery } from '../api/workspaces.ts'
import { useSettings } from '../parts/settings.ts'
import { Answer, Empty } from '../parts/states.tsx'
import { Attention } from './attention.tsx'
import { Banner } from './banner.tsx'
import { Keyboard } from './keyboard.tsx'
import { Palette } from './palette.tsx'
import { Rail } from './rail.tsx'
import { TopBar } from './top-bar.tsx'
import { WorkspaceContext } from './workspace.ts'
import style from './frame.module.css'

/** What stands around every page of a workspace; finds the workspace of the address and follows its events. */
export function Frame() {
  const { workspace: key } = useParams({ strict: false })
  const query = useQuery(workspacesQuery)
  return (
    <Answer query={query} rows={12}>
      {(all) => {
        const workspace = all.find((one) => one.key === key)
        if (workspace === undefined)
          return (
            <Empty
              title={`There is no workspace '${key ?? ''}' that you may see`}
              command="twinloop workspace list -o table"
            >
              {all.length === 0
                ? 'You have no role in any workspace yet: its owner can assign you one.'
                : 'There are: '}
              {all.map((one) => (
                <a key={one.id} href={`/w/${one.key}`} style={{ marginRight: 8 }}>
                  {one.key}
                </a>
              ))}
            </Empty>
          )
        return (
          <WorkspaceContext value={workspace}>
            <Room id={workspace.id} />
          </WorkspaceContext>
        )
      }}
    </Answer>
  )
}

function Room({ id }: { readonly id: string }) {
  const queries = useQueryClient()
  const [live, setLive] = useState<LiveState>('connecting')
  const [since, setSince] = useState<Date>()
  const { density } = useSettings()
  useEffect(() => {
    document.documentElement.dataset['density'] = density
  }, [density])
  useEffect(
    () =>
      follow(id, queries, (state) => {
        setLive(state)
        setSince((before) => (state === 'away' ? (before ?? new Date()) : undefined))
      }),
    [id, queries],
  )
  return (
    <div className={style.frame}>
      <a href="#main" className={style.skip}>
        To the content
      </a>
      <Rail />
      <div className={style.right}>
        <TopBar live={live} />
        {since === undefined ? null : <Banner since={since} />}
        <main id="main" className={style.main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Palette />
      <Keyboard />
      <Attention />
    </div>
  )
}
