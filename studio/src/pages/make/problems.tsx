import type { Problem } from '../../../../src/cli/yaml/problem.ts'
import { Panel } from '../../parts/panel.tsx'
import style from './make.module.css'

/** Everything that is wrong with a document, in the order of its lines; each leads to its place. */
export function Problems({
  problems,
  error,
  onGo,
}: {
  readonly problems: readonly Problem[]
  readonly error: Error | null
  readonly onGo?: (offset: number) => void
}) {
  const sorted = problems.toSorted((a, b) => (a.range?.[0] ?? 0) - (b.range?.[0] ?? 0))
  const errors = sorted.filter(({ severity }) => severity === 'error').length
  return (
    <Panel
      title="Problems"
      subtitle={
        sorted.length === 0 ? 'none' : errors === 0 ? 'warnings only' : `${errors} to mend before it is saved`
      }
    >
      {error === null ? null : (
        <p role="alert" className={style.refused}>
          {error.message}
        </p>
      )}
      {sorted.length === 0 ? (
        <p className="muted">Read as the command line reads it, while you type.</p>
      ) : (
        <ul className={style.problems}>
          {sorted.map(({ source, range, severity, message, hint }, i) => {
            const line = range === undefined ? 1 : source.lines.linePos(range[0]).line
            return (
              <li key={i} data-severity={severity}>
                <button type="button" onClick={() => onGo?.(range?.[0] ?? 0)}>
                  <span className={style.line}>line {line}</span> {message}
                  {hint === undefined ? null : <em> {hint}</em>}
                </button>
              </li>
            )
          })}
        </ul>
      )}
    </Panel>
  )
}
