import type { Trials } from '../../../api/trials.ts'
import type { Importance } from '../../../../../src/tracking/trials/importance.ts'
import { IntervalPlot } from '../../../parts/chart/interval-plot.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { plural, shortened } from '../../../words/names.ts'
import { percent } from '../../../words/numbers.ts'
import { conclusionOf, verdictOf, type Rated } from './importance-words.ts'

const reasons = {
  tooFewTrials: 'too few trials have it',
  isConstant: 'it is the same in all that are ranked',
  differsInEveryTrial: 'it is different in nearly every trial',
} as const

/** How much each parameter alone tells of the metric, or why that cannot be said yet. */
export function ParameterImportance({
  importance: { parameters, trials, fewestTrials, chance },
  metric,
  direction,
}: {
  readonly importance: Trials['importance']
  readonly metric: string
  readonly direction: 1 | -1
}) {
  const rated = parameters.filter((one): one is Rated => 'share' in one)
  const others = parameters.filter((one): one is Exclude<Importance, Rated> => 'reason' in one)
  if (parameters.length === 0) return null
  return (
    <Panel
      title="What parameters tell"
      subtitle="association in these trials, not cause: what a sampler changed together shares its share"
    >
      {rated.length === 0 || chance === null ? (
        <p className="muted">
          {trials < fewestTrials
            ? `${plural(trials, 'ranked trial')}: below ${fewestTrials} chance alone makes parameters look important.`
            : 'No parameter differs in a way that groups of trials could be told apart by.'}
        </p>
      ) : (
        <>
          <p>{conclusionOf(rated, chance)}</p>
          <IntervalPlot
            title={`Share of the variance of ${metric}'s ranks that a parameter explains alone`}
            subtitle={`ε² over its values, numbers in up to six groups of equal size; ${plural(trials, 'ranked trial')}; 95 % bootstrap intervals; the line is what the greatest of ${rated.length} reaches by chance in one of twenty shuffles`}
            head="Parameter"
            rows={rated.map((one) => ({
              key: one.name,
              label: <span title={one.name}>{shortened(one.name, 28)}</span>,
              estimate: Math.max(0, one.share),
              lower: one.lower,
              upper: one.upper,
              n: one.trials,
              colour: 1,
              isFaint: one.share <= chance,
              note: verdictOf(one, chance, direction),
            }))}
            limits={[{ value: Math.max(0, chance), name: 'chance' }]}
            format={(value) => percent(value, 0)}
          />
        </>
      )}
      {others.length === 0 || rated.length === 0 ? null : (
        <p className="muted" style={{ marginTop: 8 }}>
          Not said of {others.map(({ name, reason }) => `${name} (${reasons[reason]})`).join(', ')}.
        </p>
      )}
    </Panel>
  )
}
