import type { ReactNode } from 'react'
import { createContext, useEffect } from 'react'
import style from './page.module.css'

/** Whether there is a page around with a heading of its own. */
export const InPage = createContext(false)

/**
 * A page: its name, how it stands, what can be done, and what there is to see. `title` also names the browser's tab.
 */
export function Page({
  title,
  heading,
  status,
  meta,
  actions,
  children,
}: {
  readonly title: string
  /** Where the heading is more than the title. */
  readonly heading?: ReactNode
  readonly status?: ReactNode
  /** One line below the title. */
  readonly meta?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  useEffect(() => {
    document.title = `${title} · Twinloop`
  }, [title])
  return (
    <div className={style.page}>
      <header className={style.header}>
        <div className={style.names}>
          <div className={style.title}>
            <h1>{heading ?? title}</h1>
            {status}
          </div>
          {meta === undefined ? null : <div className={`${style.meta} in-text`}>{meta}</div>}
        </div>
        {actions === undefined ? null : <div className={style.actions}>{actions}</div>}
      </header>
      <InPage value>{children}</InPage>
    </div>
  )
}

/** Parts beside each other as the width allows; `wide` gives the first two thirds. */
export const Columns = ({
  children,
  wide = false,
}: {
  readonly children: ReactNode
  readonly wide?: boolean
}) => <div className={wide ? style.wide : style.columns}>{children}</div>

/** Parts below each other. */
export const Stack = ({ children }: { readonly children: ReactNode }) => (
  <div className={style.stack}>{children}</div>
)
