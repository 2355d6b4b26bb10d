import type { ReactNode } from 'react'
import { Time } from './time.tsx'
import style from './timeline.module.css'

/** What happened, in the order in which it is given, each with when and who. */
export const Timeline = ({
  entries,
}: {
  readonly entries: readonly { readonly at: string; readonly who: string; readonly what: ReactNode }[]
}) => (
  <ol className={style.timeline}>
    {entries.map(({ at, who, what }, i) => (
      // Two things may happen at the same time; nothing is ever put in between.
      // oxlint-disable-next-line react/no-array-index-key
      <li key={`${at} ${entries.length - i}`}>
        <span>{what}</span>
        <span className="muted">
          <Time at={at} /> · {who}
        </span>
      </li>
    ))}
  </ol>
)
