import type { Trial } from '../../../api/trials.ts'
import { usePaths } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Figure, Figures } from '../../../parts/panel.tsx'
import { exact, metric as metricWord } from '../../../words/numbers.ts'
import { paramWord } from '../run-values.ts'

/** Of so many parameters one sees at a glance what won. */
const mostShown = 6

/** The trial that won, and what it was run with. */
export function Best({
  best,
  telling,
  metric,
  experiment,
}: {
  readonly best: Trial
  /** Parameters that differ, those that tell most first. */
  readonly telling: readonly string[]
  readonly metric: string
  readonly experiment: string
}) {
  const to = usePaths()
  return (
    <Figures>
      <Figure
        name={`Best ${metric}`}
        value={metricWord(best.value)}
        note={
          <>
            <Go to={to.run(experiment, best.runId)}>{best.name}</Go>, trial {exact(best.number)}
          </>
        }
      />
      {telling
        .flatMap((name) => {
          const text = best.params[name]
          return text === undefined ? [] : [{ name, text }]
        })
        .slice(0, mostShown)
        .map(({ name, text }) => (
          <Figure key={name} name={name} value={<span title={text}>{paramWord(text)}</span>} />
        ))}
    </Figures>
  )
}
