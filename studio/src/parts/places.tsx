import { useLocation } from '@tanstack/react-router'
import { Go } from './go.tsx'
import style from './places.module.css'

/** The pages of one room beside each other, as links that look like tabs. */
export function Places({
  label,
  places,
}: {
  readonly label: string
  readonly places: readonly { readonly name: string; readonly to: string }[]
}) {
  const path = useLocation({ select: ({ pathname }) => pathname.replace(/\/$/, '') })
  return (
    <nav className={style.places} aria-label={label}>
      {places.map(({ name, to }) => (
        <span key={to} data-here={path === to}>
          <Go to={to}>{name}</Go>
        </span>
      ))}
    </nav>
  )
}
