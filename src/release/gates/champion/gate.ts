import type { Json } from '../../../kernel/resources/resource.ts'
import { metrics } from '../../../statistics/metrics/catalogue.ts'
import { evaluateGate } from '../../evaluation/evaluate-gate.ts'
import { listed } from '../../evaluation/parameters.ts'
import { checkColumns, commonColumns } from '../../evaluation/plan-check.ts'
import { needsTwo, taskTold } from '../../evaluation/tell-task.ts'
import type { Gate, GateResult, PlanMistake } from '../gate.ts'
import { championParameters, type ChampionParameters } from './parameters.ts'
import { championReport } from './report.ts'

const report = ({ details, measures, notes }: GateResult) => championReport(details as Json, measures, notes)

/** Evaluation on held-out data: against thresholds, and against the reigning champion on the same rows. */
export const championGate: Gate<ChampionParameters> = {
  name: 'champion',
  summary:
    'The candidate keeps its thresholds and is not worse than the champion on held-out data, also in declared slices.',
  parameters: championParameters,
  check: (parameters, context) =>
    checkColumns(
      context,
      parameters.data,
      [
        ...commonColumns(parameters),
        ...parameters.slices.flatMap((slice, i) =>
          listed(slice).map((name) => ({ name, path: ['slices', i] })),
        ),
      ],
      (found) => [
        ...needsTwo(found, parameters.target),
        ...wrongMetrics(parameters, taskTold(found, parameters.target)),
      ],
    ),
  advance: (parameters, context) => evaluateGate('champion', parameters, context, report),
  report,
}

function wrongMetrics(
  { metrics: asked = {}, task: said, target }: ChampionParameters,
  told: 'classification' | 'regression' | undefined,
): PlanMistake[] {
  const isRegression =
    said === undefined ? (told === undefined ? undefined : told === 'regression') : said === 'regression'
  if (isRegression === undefined) return []
  return Object.keys(asked).flatMap((name) => {
    const metric = metrics.get(name)
    if (metric === undefined || (metric.task === 'regression') === isRegression) return []
    return [
      {
        path: ['metrics', name],
        message: `'${name}' is a metric of ${metric.task} tasks, and '${target}' ${isRegression ? 'has numbers' : 'has classes'}.`,
      },
    ]
  })
}
