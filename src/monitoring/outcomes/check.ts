import type { DataSource, Task } from '../monitors/monitor.ts'
import { toldColumn } from '../populations/roles.ts'
import { constantMetrics } from './judging/limits.ts'
import type { MonitorMistake, SignalCheck } from '../signals/signal.ts'

/** Whether a source can tell what came true: a column that is named, or labels that are sent to the endpoint. */
const hasTruth = ({ uri, context, columns, preprocessing }: DataSource): boolean =>
  toldColumn(columns, 'target') !== undefined ||
  (uri === undefined && context !== 'training') ||
  context === 'ground_truth' ||
  preprocessing !== undefined

/** A signal about labels whose production data will never have any. */
export const truthMistakes = ({ planned }: Pick<SignalCheck, 'planned'>): readonly MonitorMistake[] =>
  planned.production.some(hasTruth)
    ? []
    : [
        {
          path: ['production_data'],
          message:
            'nothing tells what came true: name its column as target_column in data_column_names, or add a source with data_context ground_truth.',
        },
      ]

/** A signal that learns from a labelled reference which has no labels. */
export const referenceTruthMistakes = ({
  planned: { reference },
}: Pick<SignalCheck, 'planned'>): readonly MonitorMistake[] =>
  reference === undefined || hasTruth(reference)
    ? []
    : [
        {
          path: ['reference_data', 'data_column_names'],
          message: 'the reference has to tell what came true: name its column as target_column.',
        },
      ]

/** Limits of metrics of the other task, which no value can ever pass; `taskOf` knows the task of some metrics. */
export const taskMistakes = (
  { monitor: { task }, planned }: Pick<SignalCheck, 'monitor' | 'planned'>,
  taskOf: (metric: string) => Task | undefined,
): readonly MonitorMistake[] =>
  constantMetrics(planned).flatMap(({ group, metric }) => {
    const own = taskOf(metric)
    if (own === undefined || task === undefined || own === task) return []
    return [
      {
        path: ['metric_thresholds', ...(group === '' ? [] : [group]), metric],
        message: `${metric} is a metric of a ${own}, and the monitor's task is ${task}.`,
      },
    ]
  })

/** A kind whose limits do not come of chunks of the reference. */
export const chunkMistakes = ({
  planned: { thresholds, kind },
}: Pick<SignalCheck, 'planned'>): readonly MonitorMistake[] =>
  thresholds.fromReference === undefined
    ? []
    : [
        {
          path: ['thresholds_from_reference'],
          message: `${kind} compares with the reference itself: its limits are said in metric_thresholds.`,
        },
      ]
