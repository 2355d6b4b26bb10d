import { useQuery } from '@tanstack/react-query'
import type { IncidentProperties } from '../../../api/incidents.ts'
import { listQuery } from '../../../api/queries.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Time } from '../../../parts/time.tsx'
import style from '../monitoring.module.css'

/** What fires because of this feature: there it is acknowledged, silenced, and its actions are seen. */
export function IncidentsOf({ monitor, feature }: { readonly monitor: string; readonly feature: string }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const { data = [] } = useQuery(
    listQuery<IncidentProperties>(`${workspace.id}/providers/Twinloop/incidents`, { state: 'Firing' }),
  )
  const own = data.filter(
    ({ properties: { labels, state } }) =>
      state === 'Firing' &&
      labels['monitor'] === monitor &&
      (labels['feature'] === undefined || labels['feature'] === feature),
  )
  if (own.length === 0) return null
  return (
    <Panel title="Firing because of it">
      <ul className={`${style.notes} in-text`}>
        {own.map(({ name, properties }) => (
          <li key={name}>
            <Go to={to.incident(name)}>
              #{name} {properties.rule}
            </Go>{' '}
            {properties.summary}, since <Time at={properties.firedAt} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}
