import { ActionIcon } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'
import { IconArrowRight, IconX } from '../icons.ts'
import { Go } from '../go.tsx'
import style from './table.module.css'

/**
 * What a row is in short, beside the table, which stays as it is and can be used. Esc closes it, unless something above
 * it is open.
 */
export function Peek({
  label,
  to,
  onClose,
  children,
}: {
  readonly label: string
  readonly to: string | undefined
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      if (document.querySelector('[role=dialog][aria-modal=true]') === null) onClose()
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [onClose])
  return (
    <aside className={style.peek} aria-label={label}>
      <header>
        <span className="muted">In short</span>
        {to === undefined ? null : (
          <Go to={to} className={style.open}>
            Open <IconArrowRight size={14} aria-hidden />
          </Go>
        )}
        <ActionIcon variant="subtle" color="gray" onClick={onClose} aria-label="Close the summary">
          <IconX size={16} />
        </ActionIcon>
      </header>
      <div className={style.peeked}>{children}</div>
    </aside>
  )
}
