import type { ReactNode } from 'react'
import { Panel } from '../../../parts/panel.tsx'
import { isSame, type Pair } from './differences.ts'
import style from './compare.module.css'

/** Names with the values of both sides, what differs marked and first. */
export function Pairs({
  title,
  names,
  pairs,
  none,
  note,
}: {
  readonly title: string
  readonly names: { readonly before: string; readonly after: string }
  readonly pairs: readonly Pair[]
  readonly none: string
  readonly note?: ReactNode
}) {
  const differ = pairs.filter((pair) => !isSame(pair)).length
  return (
    <Panel
      title={title}
      subtitle={
        pairs.length === 0
          ? ''
          : differ === 0
            ? `all ${pairs.length} alike`
            : `${differ} of ${pairs.length} differ`
      }
    >
      {pairs.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <div className={style.scroll} tabIndex={0} role="region" aria-label={title}>
          <table className={style.pairs}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">{names.before}</th>
                <th scope="col">{names.after}</th>
              </tr>
            </thead>
            <tbody>
              {pairs.map((pair) => (
                <tr key={pair.name} data-same={isSame(pair)}>
                  <th scope="row">{pair.name}</th>
                  <td>{pair.before ?? '–'}</td>
                  <td>{pair.after ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {note}
    </Panel>
  )
}
