import { benjaminiHochberg, holm } from '../../../statistics/comparison/multiplicity.ts'
import type { PlannedSignal, Thresholds } from '../../monitors/monitor.ts'
import { constantLimit, isBeyond, type Limit } from '../../outcomes/judging/limits.ts'
import type { Segment } from '../../outcomes/segments.ts'
import type { SignalValue } from '../../results/result.ts'
import { chanceOf } from './chance.ts'
import type { FeatureDrift } from './measure.ts'
import { driftMetrics, type DriftMetric } from './metrics.ts'
import type { DriftParameters } from './parameters.ts'

export interface DriftFound {
  readonly features: readonly FeatureDrift[]
  readonly segment?: Segment
}

/** A limit of the reference, by metric and feature. */
export type ReferenceLimits = (metric: DriftMetric, feature: string) => Limit | undefined

/** Metrics that are told: Azure ML's, those with a threshold, and those that are asked for. */
export const toldMetrics = (
  { thresholds }: Pick<PlannedSignal, 'thresholds'>,
  { metrics }: DriftParameters,
): readonly DriftMetric[] =>
  driftMetrics.filter((metric) =>
    metrics === undefined
      ? metric.isAzures || constantOf(thresholds, metric) !== undefined
      : metrics.includes(metric.name) || constantOf(thresholds, metric) !== undefined,
  )

/** Metrics whose limits come of the reference: those asked for, else those that have a threshold by default. */
export const referenceMetrics = (
  { thresholds }: Pick<PlannedSignal, 'thresholds'>,
  { metrics }: DriftParameters,
): readonly DriftMetric[] =>
  thresholds.fromReference === undefined
    ? []
    : driftMetrics.filter(
        (metric) =>
          !metric.isPValue &&
          constantOf(thresholds, metric) === undefined &&
          (metrics === undefined ? metric.threshold !== undefined : metrics.includes(metric.name)),
      )

/** Whether a distance between all values is judged, or asked for by name, rather than told beside the others. */
export const needsPrecision = (
  planned: Pick<PlannedSignal, 'thresholds'>,
  parameters: DriftParameters,
): boolean =>
  toldMetrics(planned, parameters).some(
    (metric) =>
      metric.method !== undefined &&
      (constantOf(planned.thresholds, metric) !== undefined ||
        parameters.metrics?.includes(metric.name) === true ||
        referenceMetrics(planned, parameters).includes(metric)),
  )

/** What a monitor says of a metric: of its group, or of both. */
export const constantOf = ({ constant }: Thresholds, { name, group }: DriftMetric): number | undefined =>
  constant[group]?.[name] ?? constant['']?.[name]

/** Values of all features in one segment (or of all rows), judged; chances corrected over the features, as the monitor says. */
export function judgeDrift(
  { features, segment }: DriftFound,
  planned: PlannedSignal,
  parameters: DriftParameters,
  fromReference: ReferenceLimits,
): readonly SignalValue[] {
  return toldMetrics(planned, parameters).flatMap((metric) => {
    const own = features.filter(({ column }) => column.kind === metric.group)
    const found = own.map((feature) => metric.value(feature))
    const adjusted = metric.isPValue ? corrected(found, planned.thresholds.correction) : found
    return own.map((feature, i): SignalValue => {
      const value = found[i] ?? Number.NaN
      const constant = constantOf(planned.thresholds, metric)
      const limit =
        constant === undefined
          ? fromReference(metric, feature.column.name)
          : constantLimit(constant, metric.beyond)
      const judged = adjusted[i] ?? Number.NaN
      const chance = chanceOf(metric.name, feature)
      const beyond = limit !== undefined && isBeyond(judged, limit)
      const isChance = beyond && chance !== undefined && value <= chance.q999
      const method = metric.method?.(feature)
      const notes = [
        ...(feature.reason === undefined ? [] : [feature.reason]),
        ...(metric.isPValue && judged !== value
          ? [`${correctionNote(planned, own.length)}: ${short(judged)}.`]
          : []),
        ...(isChance
          ? [
              `Rows of one distribution reach ${short(chance.q999)} once in a thousand windows of this size${parameters.within_chance === 'ignore' ? ': it is not counted as beyond' : ''}.`,
            ]
          : []),
      ]
      return {
        metric: metric.name,
        feature: feature.column.name,
        ...(segment === undefined ? {} : { segment }),
        value: Number.isNaN(value) ? null : value,
        n: feature.rows.production,
        referenceN: feature.rows.reference,
        ...(limit === undefined ? {} : { threshold: limit }),
        ...(limit === undefined || Number.isNaN(value)
          ? {}
          : { breached: beyond && !(isChance && parameters.within_chance === 'ignore') }),
        ...(method === undefined || method === 'exact' ? {} : { method }),
        ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
      }
    })
  })
}

/** P-values as they are judged; what is not a number stays out of the correction. */
function corrected(found: readonly number[], correction: Thresholds['correction']): readonly number[] {
  if (correction === 'none') return found
  const known = found.filter((p) => !Number.isNaN(p))
  const adjusted = (correction === 'holm' ? holm : benjaminiHochberg)(known)
  let next = 0
  return found.map((p) => (Number.isNaN(p) ? p : (adjusted[next++] ?? p)))
}

const correctionNote = ({ thresholds: { correction } }: PlannedSignal, features: number) =>
  `Corrected for ${features} features (${correction === 'holm' ? 'Holm' : 'Benjamini–Hochberg'})`

const short = (value: number) => String(Number(value.toPrecision(3)))
