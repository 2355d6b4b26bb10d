import { bytes, percent } from '../../words/numbers.ts'
import style from './admin.module.css'

/** Amounts of bytes as bars from zero, each with its share of all, the largest first. */
export function Bars({
  parts,
}: {
  readonly parts: readonly { readonly name: string; readonly note?: string; readonly value: number }[]
}) {
  const total = parts.reduce((sum, { value }) => sum + value, 0)
  const most = Math.max(1, ...parts.map(({ value }) => value))
  return (
    <dl className={style.bars}>
      {parts
        .toSorted((a, b) => b.value - a.value)
        .map(({ name, note, value }) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>
              {name}
              {note === undefined ? null : <div className="muted">{note}</div>}
            </dt>
            <dd className={style.track} aria-hidden>
              <div className={style.fill} style={{ width: `${(value / most) * 100}%` }} />
            </dd>
            <dd className="number">
              {bytes(value)} <span className="muted">{percent(total === 0 ? 0 : value / total, 0)}</span>
            </dd>
          </div>
        ))}
    </dl>
  )
}
