import type { Difference } from './differences.ts'
import style from './insight.module.css'

/** Differences as a table, a column for each job. */
export const Differing = ({
  names,
  rows,
}: {
  readonly names: readonly string[]
  readonly rows: readonly Difference[]
}) =>
  rows.length === 0 ? null : (
    <div className={style.scroll} tabIndex={0} role="region" aria-label="Differences">
      <table className={style.table}>
        <thead>
          <tr>
            <th scope="col">What</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, values, isSame }) => (
            <tr key={name} data-same={isSame}>
              <th scope="row">{name}</th>
              {values.map((value, i) => (
                <td key={names[i]} className="mono">
                  {value ?? '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
