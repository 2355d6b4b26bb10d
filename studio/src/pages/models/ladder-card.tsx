import { useQuery } from '@tanstack/react-query'
import type { Model, ModelVersion } from '../../api/models.ts'
import { releasesQuery } from '../../api/releases.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Status } from '../../parts/status.tsx'
import { Time } from '../../parts/time.tsx'
import { ladderOf } from './ladder.ts'
import style from './models.module.css'

/** Who stands where on the way to production, from left to right. */
export function LadderCard({
  model,
  versions,
}: {
  readonly model: Model
  readonly versions: readonly ModelVersion[]
}) {
  const to = usePaths()
  const { data: releases = [] } = useQuery(releasesQuery(useWorkspace()))
  const rungs = ladderOf(model, versions, releases)
  return (
    <Panel title="On the way to production" flush>
      <ol className={style.ladder}>
        {rungs.map(({ name, versions: standing, of }) => (
          <li key={name} className={style.rung} data-champion={name === 'Champion'}>
            <h3>{name}</h3>
            {standing.length === 0 ? <p className="muted">nobody</p> : null}
            {standing.map(({ version, why, at, release }) => (
              <p key={version}>
                <Go to={to.version(model.name, version)}>
                  {model.name}:{version}
                </Go>
                {release === undefined ? (
                  <span className="muted">
                    {' '}
                    {why} {at === undefined ? null : <Time at={at} />}
                  </span>
                ) : (
                  <>
                    {' '}
                    <Status kind="release" state={release.state} />{' '}
                    <Go to={to.release(release.plan, release.number)}>
                      {release.plan}/{release.number}
                    </Go>
                  </>
                )}
              </p>
            ))}
            {of > standing.length ? <p className="muted">and {of - standing.length} more</p> : null}
          </li>
        ))}
      </ol>
    </Panel>
  )
}
