import { useQuery } from '@tanstack/react-query'
import type { VersionProperties } from '../../../api/models.ts'
import { resourceQuery } from '../../../api/queries.ts'
import type { Release } from '../../../api/releases.ts'
import { runQuery } from '../../../api/runs.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Panel } from '../../../parts/panel.tsx'
import { plural } from '../../../words/names.ts'
import { changesOf, type Described } from './changes.ts'
import style from '../releases.module.css'

/** What the candidate was made of otherwise than the champion. */
export function Changes({ release }: { readonly release: Release }) {
  const { candidate, champion } = release.properties
  const own = useDescribed(candidate?.id)
  const other = useDescribed(champion?.id)
  if (candidate === undefined) return null
  if (champion === undefined)
    return (
      <Panel title="What is new">
        <p className="muted">There is no champion yet, so there is nothing to compare it with.</p>
      </Panel>
    )
  if (own === undefined || other === undefined) return null
  const { different, same } = changesOf(other, own)
  return (
    <Panel title="What is new" subtitle={`${champion.version} → ${candidate.version}`}>
      {different.length === 0 ? (
        <p className="muted">Nothing that is recorded of them differs.</p>
      ) : (
        <table className={style.changes}>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">{champion.version}</th>
              <th scope="col">{candidate.version}</th>
            </tr>
          </thead>
          <tbody>
            {different.map(({ kind, name, champion: before, candidate: after }) => (
              <tr key={`${kind} ${name}`}>
                <th scope="row">
                  {name} <span className="muted">{kind}</span>
                </th>
                <td>{before ?? '–'}</td>
                <td>{after ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {same === 0 ? null : <p className="muted">{plural(same, 'more is', 'more are')} the same.</p>}
    </Panel>
  )
}

/** A version with the run that made it; undefined until both are there, or where it may not be read. */
function useDescribed(id: string | undefined): Described | undefined {
  const workspace = useWorkspace()
  const version = useQuery({
    ...resourceQuery<VersionProperties>(id ?? ''),
    enabled: id !== undefined,
    retry: false,
  })
  const { lineage, jobName } = version.data?.properties ?? {}
  const made = lineage?.run ?? jobName
  const run = useQuery({ ...runQuery(workspace, made ?? ''), enabled: made !== undefined, retry: false })
  if (version.data === undefined || (made !== undefined && run.isPending)) return undefined
  return { version: version.data.properties, run: run.data }
}
