import type { ModelSummary, PredictionSummary } from '../../../api/evaluation.ts'
import { Columns } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { ConfusionTable } from './confusion-table.tsx'

/** What classes are taken for which, as the models themselves decide. */
export const Confusion = ({
  summary,
  models,
  about,
}: {
  readonly summary: PredictionSummary
  readonly models: readonly ModelSummary[]
  readonly about: string
}) => (
  <Columns>
    {models.map(({ role, model, confusion }) => (
      <Panel key={role} title={`Confusion of ${model}`} subtitle={about}>
        {confusion === undefined ? (
          <p className="muted">It has more classes than a table of them can be read by people.</p>
        ) : (
          <ConfusionTable classes={summary.classes} counts={confusion} label={`Confusion of ${model}`} />
        )}
      </Panel>
    ))}
  </Columns>
)
