import type { Json } from '../../kernel/resources/resource.ts'
import { stableJson } from '../../kernel/resources/row.ts'
import type { MonitorSeriesName } from '../../store/monitor-rows.ts'
import type { MonitorSeriesRow, MonitorValueRow } from '../../store/monitor-tables.ts'
import type { SignalValue } from './result.ts'

/** A value as the store has it. Not a number is no value. */
export const toRow = (value: SignalValue): MonitorSeriesName & Omit<MonitorValueRow, 'series' | 'at'> => ({
  metric: value.metric,
  feature: value.feature ?? '',
  segment: value.segment === undefined ? '' : stableJson(value.segment),
  value: finite(value.value),
  lower: finite(value.interval?.lower),
  upper: finite(value.interval?.upper),
  confidence: finite(value.interval?.confidence),
  n: value.n,
  reference_n: value.referenceN ?? null,
  threshold_lower: finite(value.threshold?.lower),
  threshold_upper: finite(value.threshold?.upper),
  threshold_from: value.threshold?.from ?? '',
  breached: value.breached === undefined ? null : Number(value.breached),
  provisional: Number(value.provisional ?? false),
  method: value.method ?? '',
  note: value.note ?? '',
})

const finite = (value: number | null | undefined): number | null =>
  value !== null && value !== undefined && Number.isFinite(value) ? value : null

/** What a series is about, as its values say it. */
export const fromSeries = ({
  metric,
  feature,
  segment,
}: Pick<MonitorSeriesRow, 'metric' | 'feature' | 'segment'>): Pick<
  SignalValue,
  'metric' | 'feature' | 'segment'
> => ({
  metric,
  ...(feature === '' ? {} : { feature }),
  ...(segment === '' ? {} : { segment: JSON.parse(segment) as Record<string, string> }),
})

/** The value again, as the signal found it. */
export function fromRow(
  series: Pick<MonitorSeriesRow, 'metric' | 'feature' | 'segment'>,
  row: MonitorValueRow,
): SignalValue {
  const { lower, upper, confidence, threshold_lower: low, threshold_upper: high, threshold_from: from } = row
  return {
    ...fromSeries(series),
    value: row.value,
    ...(lower === null || upper === null
      ? {}
      : { interval: { lower, upper, confidence: confidence ?? 0.95 } }),
    n: row.n,
    ...(row.reference_n === null ? {} : { referenceN: row.reference_n }),
    ...(from === ''
      ? {}
      : {
          threshold: {
            ...(low === null ? {} : { lower: low }),
            ...(high === null ? {} : { upper: high }),
            from: from === 'reference' ? 'reference' : 'constant',
          },
        }),
    ...(row.breached === null ? {} : { breached: row.breached === 1 }),
    ...(row.provisional === 1 ? { provisional: true } : {}),
    ...(row.method === '' ? {} : { method: row.method }),
    ...(row.note === '' ? {} : { note: row.note }),
  }
}

/** The segment's JSON as names and values. */
export const segmentOf = (segment: string): Readonly<Record<string, string>> =>
  segment === '' ? {} : (JSON.parse(segment) as Json as Readonly<Record<string, string>>)
