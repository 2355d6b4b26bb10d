import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** A link within Studio to a path whose parts are encoded already (`frame/paths.ts` makes them). */
export function Go({
  to,
  search,
  children,
  className,
  title,
  label,
}: {
  readonly to: string
  readonly search?: Readonly<Record<string, string>>
  readonly children: ReactNode
  readonly className?: string | undefined
  readonly title?: string
  readonly label?: string
}) {
  return (
    <Link
      to={to as '/'}
      {...(search === undefined ? {} : { search })}
      {...(className === undefined ? {} : { className })}
      title={title}
      aria-label={label}
    >
      {children}
    </Link>
  )
}
