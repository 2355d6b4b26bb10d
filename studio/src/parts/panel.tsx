import type { ReactNode } from 'react'
import style from './panel.module.css'

/** A part of a page under its title; `actions` stand at the title's right. */
export function Panel({
  title,
  subtitle,
  actions,
  children,
  flush = false,
}: {
  readonly title?: ReactNode
  readonly subtitle?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
  /** Without inner space, for tables. */
  readonly flush?: boolean
}) {
  return (
    <section className={style.panel}>
      {title === undefined ? null : (
        <header className={style.header}>
          <h2>{title}</h2>
          {subtitle === undefined ? null : <p className={style.subtitle}>{subtitle}</p>}
          {actions === undefined ? null : <div className={style.actions}>{actions}</div>}
        </header>
      )}
      <div className={flush ? style.flush : style.body}>{children}</div>
    </section>
  )
}

export interface Fact {
  readonly name: string
  readonly value: ReactNode
}

/** Names and values beside each other; what has no value is left out. */
export function Facts({
  facts,
  columns = 1,
}: {
  readonly facts: readonly Fact[]
  readonly columns?: 1 | 2 | 3
}) {
  const there = facts.filter(({ value }) => value !== undefined && value !== null && value !== '')
  return (
    <dl className={style.facts} data-columns={columns}>
      {there.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** One number that matters, with what it is of. */
export function Figure({
  name,
  value,
  note,
  family,
}: {
  readonly name: string
  readonly value: ReactNode
  readonly note?: ReactNode
  readonly family?: 'ok' | 'attention' | 'bad'
}) {
  return (
    <div className={style.figure} data-family={family}>
      <div className={style.figureName}>{name}</div>
      <div className={style.figureValue}>{value}</div>
      {note === undefined ? null : <div className={style.figureNote}>{note}</div>}
    </div>
  )
}

/** Figures in a row. */
export const Figures = ({ children }: { readonly children: ReactNode }) => (
  <div className={style.figures}>{children}</div>
)
