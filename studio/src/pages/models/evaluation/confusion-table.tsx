import { exact, percent } from '../../../words/numbers.ts'
import style from './evaluation.module.css'

/** Counts of true classes (down) by predicted ones (across), with each row's shares; the darker the larger the share. */
export function ConfusionTable({
  classes,
  counts,
  label,
}: {
  readonly classes: readonly string[]
  /** `[true][predicted]` */
  readonly counts: readonly (readonly number[])[]
  readonly label: string
}) {
  return (
    <div className={style.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={style.confusion}>
        <thead>
          <tr>
            <th scope="col">was \ said</th>
            {classes.map((name) => (
              <th key={name} scope="col" title={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((name, i) => {
            const total = (counts[i] ?? []).reduce((sum, count) => sum + count, 0)
            return (
              <tr key={name}>
                <th scope="row" title={name}>
                  {name}
                </th>
                {classes.map((other, j) => {
                  const count = counts[i]?.[j] ?? 0
                  const share = total === 0 ? 0 : count / total
                  return (
                    <td
                      key={other}
                      style={{
                        background: `color-mix(in srgb, var(${i === j ? '--accent-tint' : '--attention-tint'}) ${Math.round(share * 100)}%, transparent)`,
                      }}
                    >
                      {exact(count)}
                      <small>{percent(share)}</small>
                    </td>
                  )
                })}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
