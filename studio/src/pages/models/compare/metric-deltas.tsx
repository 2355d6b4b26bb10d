import { Panel } from '../../../parts/panel.tsx'
import { metric } from '../../../words/numbers.ts'
import { isGreaterBetter } from './differences.ts'
import style from './compare.module.css'

type Numbers = Readonly<Record<string, number>>

/** What was logged and registered of both, with the change: single figures, perhaps of other rows. */
export function MetricDeltas({
  names,
  before,
  after,
}: {
  readonly names: { readonly before: string; readonly after: string }
  readonly before: Numbers
  readonly after: Numbers
}) {
  const all = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return (
    <Panel
      title="Metrics"
      subtitle="as logged and registered, perhaps of other rows; one run each, so no intervals"
    >
      {all.length === 0 ? (
        <p className="muted">Nothing was logged.</p>
      ) : (
        <div className={style.scroll} tabIndex={0} role="region" aria-label="Metrics">
          <table className={style.pairs}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col" className="number">
                  {names.before}
                </th>
                <th scope="col" className="number">
                  {names.after}
                </th>
                <th scope="col" className="number">
                  Change
                </th>
              </tr>
            </thead>
            <tbody>
              {all.map((name) => {
                const [was, is] = [before[name], after[name]]
                const change = was === undefined || is === undefined ? undefined : is - was
                return (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td className="number">{metric(was)}</td>
                    <td className="number">{metric(is)}</td>
                    <td className="number">{change === undefined ? '–' : worded(name, change)}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}

/** `+0.0238 better`: the sign, and what the name says it means. */
function worded(name: string, change: number): string {
  if (change === 0) return 'alike'
  const greater = isGreaterBetter(name)
  const word = greater === undefined ? '' : greater === change > 0 ? ' better' : ' worse'
  return `${change > 0 ? '+' : '−'}${metric(Math.abs(change))}${word}`
}
