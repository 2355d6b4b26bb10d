import { wilson } from '../../../../../src/statistics/intervals/proportions.ts'
import type { ThresholdCounts } from '../../../../../src/statistics/metrics/ranking/score-bins.ts'
import type { ModelSummary } from '../../../api/evaluation.ts'
import { exact, percent } from '../../../words/numbers.ts'
import { colourOf } from './key.tsx'
import { ConfusionTable } from './confusion-table.tsx'
import style from './evaluation.module.css'

const z95 = 1.96

/** Counts at a threshold, and the shares that follow from them, of each model. */
export function ThresholdTable({
  classes,
  models,
}: {
  readonly classes: readonly string[]
  readonly models: readonly {
    readonly role: ModelSummary['role']
    readonly model: string
    readonly counts: ThresholdCounts
  }[]
}) {
  return (
    <div className={style.models}>
      {models.map(({ role, model, counts }) => {
        const { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn } = counts
        const shares = [
          { name: 'Precision', events: tp, trials: tp + fp },
          { name: 'Recall', events: tp, trials: tp + fn },
          { name: 'Specificity', events: tn, trials: tn + fp },
          { name: 'Accuracy', events: tp + tn, trials: tp + tn + fp + fn },
        ]
        return (
          <div key={role}>
            <h3 className={style.model}>
              <span
                className={style.swatch}
                style={{ background: `var(--series-${colourOf(role)})` }}
                aria-hidden
              />
              {model}
            </h3>
            <ConfusionTable
              classes={classes}
              counts={[
                [tn, fp],
                [fn, tp],
              ]}
              label={`Confusion of ${model}`}
            />
            <table className={style.shares}>
              <tbody>
                {shares.map(({ name, events, trials }) => {
                  const { lower, upper } = wilson({ events, trials }, z95)
                  return (
                    <tr key={name} title={`${exact(events)} of ${exact(trials)} rows`}>
                      <th scope="row">{name}</th>
                      <td>{trials === 0 ? '–' : percent(events / trials)}</td>
                      <td className="muted">
                        {trials === 0 ? 'nothing is called so' : `${percent(lower)} to ${percent(upper)}`}
                      </td>
                    </tr>
                  )
                })}
              </tbody>
            </table>
          </div>
        )
      })}
    </div>
  )
}
