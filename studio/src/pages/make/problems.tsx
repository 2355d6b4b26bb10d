import { Button } from '@mantine/core'
import type { Problem } from '../../../../src/cli/yaml/problem.ts'
import { betterOf } from '../../parts/code/yaml/language.ts'
import { Panel } from '../../parts/panel.tsx'
import style from './make.module.css'

/** Everything that is wrong with a document, in the order of its lines; each leads to its place. */
export function Problems({
  problems,
  error,
  onGo,
  onMend,
  onReload,
}: {
  readonly problems: readonly Problem[]
  readonly error: Error | null
  readonly onGo: (offset: number) => void
  /** Puts what a hint says in the place of what is wrong. */
  readonly onMend: (problem: Problem, better: string) => void
  /** Reads anew what somebody else has changed. */
  readonly onReload?: (() => void) | undefined
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
      {onReload === undefined ? null : (
        <p className={style.refused}>
          <Button size="xs" variant="default" onClick={onReload}>
            Reload: what you typed stays
          </Button>
        </p>
      )}
      {sorted.length === 0 ? (
        <p className="muted">Read as the command line reads it, while you type.</p>
      ) : (
        <ul className={style.problems}>
          {sorted.map((problem, i) => {
            const { source, range, severity, message, hint } = problem
            const line = range === undefined ? 1 : source.lines.linePos(range[0]).line
            const better = betterOf(problem)
            return (
              <li key={i} data-severity={severity}>
                <button type="button" onClick={() => onGo(range?.[0] ?? 0)}>
                  <span className={style.line}>line {line}</span> {message}
                  {hint === undefined ? null : <em> {hint}</em>}
                </button>
                {better === undefined || range === undefined ? null : (
                  <Button size="compact-xs" variant="light" ml={8} onClick={() => onMend(problem, better)}>
                    Change to {better}
                  </Button>
                )}
              </li>
            )
          })}
        </ul>
      )}
    </Panel>
  )
}
