import { twoSided } from '../../../statistics/intervals/interval.ts'
import { wilson } from '../../../statistics/intervals/proportions.ts'
import type { PlannedSignal } from '../../monitors/monitor.ts'
import { constantLimit, isBeyond } from '../../outcomes/judging/limits.ts'
import type { Segment } from '../../outcomes/segments.ts'
import type { SignalValue } from '../../results/result.ts'
import type { Baseline } from './baseline.ts'
import type { ColumnQuality, Quality } from './measure.ts'
import { tableMetrics, type TableMetric } from './metrics.ts'

/** Azure ML rounds rates so. */
export const rate = (count: number, rows: number): number =>
  rows === 0 ? Number.NaN : Math.round((count / rows) * 1e5) / 1e5

const violations = {
  null_value_rate: ({ missing }: ColumnQuality): number | undefined => missing,
  data_type_error_rate: ({ typeErrors }: ColumnQuality): number | undefined => typeErrors,
  out_of_bounds_rate: ({ outOfBounds }: ColumnQuality): number | undefined => outOfBounds,
}

/**
 * Rates of every feature, judged: as in Azure ML a threshold is how much more there may be than in the reference
 * (`data_quality_metrics_joiner`), which itself has missing values only.
 */
export function rateValues(
  { rows, columns }: Quality,
  baseline: Baseline,
  planned: PlannedSignal,
  segment?: Segment,
): readonly SignalValue[] {
  return Object.entries(violations).flatMap(([metric, count]) =>
    columns.flatMap((quality): readonly SignalValue[] => {
      const violated = count(quality)
      if (violated === undefined) return []
      const { name, group, missing } = quality.column
      const value = rate(violated, rows)
      const was = metric === 'null_value_rate' ? rate(missing, baseline.rows) : 0
      const { constant } = planned.thresholds
      const more = constant[group]?.[metric] ?? constant['']?.[metric]
      const limit =
        more === undefined ? undefined : constantLimit(Math.round((was + more) * 1e10) / 1e10, 'above')
      const note = noteOf(metric, quality, was)
      return [
        {
          metric,
          feature: name,
          ...(segment === undefined ? {} : { segment }),
          value: Number.isNaN(value) ? null : value,
          ...intervalOf(violated, rows),
          n: rows,
          referenceN: baseline.rows,
          ...(limit === undefined ? {} : { threshold: limit }),
          ...(limit === undefined || Number.isNaN(value) ? {} : { breached: isBeyond(value, limit) }),
          ...(note === undefined ? {} : { note }),
        },
      ]
    }),
  )
}

/** Wilson's interval of a rate: how far off it may be for so few rows. */
function intervalOf(violated: number, rows: number): Pick<SignalValue, 'interval'> {
  if (rows === 0) return {}
  return { interval: { ...wilson({ events: violated, trials: rows }, twoSided(0.05)), confidence: 0.95 } }
}

function noteOf(metric: string, { unseen = [], type, column, min, max }: ColumnQuality, was: number) {
  if (metric === 'null_value_rate') return was === 0 ? undefined : `The reference has ${was}.`
  if (metric === 'data_type_error_rate')
    return type === column.type ? undefined : `It was ${column.type} and is ${type}.`
  if (unseen.length > 0) return `The reference does not have ${unseen.join(', ')}.`
  if (column.min === undefined || min === undefined || max === undefined) return undefined
  const isOutside = min < column.min || max > (column.max ?? Infinity)
  return isOutside
    ? `From ${min} to ${max}; the reference is from ${column.min} to ${column.max ?? ''}.`
    : undefined
}

/** Figures of the rows as a whole, judged by what the monitor says of each. */
export function tableValues(
  counts: Readonly<Partial<Record<TableMetric, { readonly value: number; readonly note?: string }>>>,
  planned: PlannedSignal,
  n: number,
): readonly SignalValue[] {
  return tableMetrics.flatMap(({ name, beyond }): readonly SignalValue[] => {
    const found = counts[name]
    if (found === undefined) return []
    const constant = planned.thresholds.constant['']?.[name]
    const limit = constant === undefined ? undefined : constantLimit(constant, beyond)
    return [
      {
        metric: name,
        value: found.value,
        n,
        ...(limit === undefined ? {} : { threshold: limit, breached: isBeyond(found.value, limit) }),
        ...(found.note === undefined ? {} : { note: found.note }),
      },
    ]
  })
}
