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
  exact = false,
  onClick,
}: {
  readonly to: string
  readonly search?: Readonly<Record<string, string>>
  readonly children: ReactNode
  readonly className?: string | undefined
  readonly title?: string
  readonly label?: string
  /** It is the present page only where the whole path is the same, not below it. */
  readonly exact?: boolean
  readonly onClick?: (() => void) | undefined
}) {
  return (
    <Link
      to={to as '/'}
      activeOptions={{ exact, includeSearch: false }}
      {...(search === undefined ? {} : { search })}
      {...(className === undefined ? {} : { className })}
      {...(onClick === undefined ? {} : { onClick })}
      title={title}
      aria-label={label}
    >
      {children}
    </Link>
  )
}
