import { useLocation } from '@tanstack/react-router'
import { usePaths } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import style from './alerts.module.css'

/** The pages about alerts, beside each other. */
export function Places() {
  const to = usePaths()
  const path = useLocation({ select: ({ pathname }) => pathname })
  const places = [
    ['Incidents', to.alerts],
    ['Rules', to.alertRules],
    ['Silences', to.silences],
    ['Routing', to.alertRouting],
    ['Proposals', to.proposals],
  ] as const
  return (
    <nav aria-label="Alerts" className={style.places}>
      {places.map(([name, address]) => (
        <Go key={name} to={address} className={style.place}>
          <span aria-current={path.replace(/\/$/, '') === address ? 'page' : undefined}>{name}</span>
        </Go>
      ))}
    </nav>
  )
}
