import { quantity } from '../../../data/contracts/words/say.ts'
import { differenceInterval } from '../../../statistics/intervals/difference.ts'
import {
  chunkLimit,
  constantLimit,
  constantOf,
  isBeyond,
  isSurelyBeyond,
  leastChunks,
  type Limit,
} from '../../outcomes/judging/limits.ts'
import { finite } from '../../outcomes/measures/stored.ts'
import type { Measured, MeasuredSegment } from '../../outcomes/measures/measured.ts'
import { segmentKey } from '../../outcomes/segments.ts'
import type { PlannedSignal } from '../../monitors/monitor.ts'
import type { SignalValue } from '../../results/result.ts'
import type { Performance } from './measure-performance.ts'
import { degradationOf, performanceMetrics, type PerformanceMetric } from './metrics.ts'
import type { PerformanceParameters } from './parameters.ts'

/** Holds what was measured against the monitor's limits: pure. */
export function judgePerformance(
  { production, reference, chunks, maturity, outcomes }: Performance,
  parameters: PerformanceParameters,
  planned: PlannedSignal,
): readonly SignalValue[] {
  const provisional = maturity.isMature ? {} : { provisional: true }
  const metrics = performanceMetrics.filter(({ task }) => task === outcomes.task)
  const before = bySegment(reference ?? [])
  const parts = chunks.map(bySegment)
  return production.flatMap(({ segment, metrics: measured }) => {
    const key = segmentKey(segment)
    const about = segment === undefined ? {} : { segment }
    return metrics.flatMap((metric) => {
      const own = measured.get(metric.name)
      if (own === undefined) return []
      const limit = limitOf(metric, planned, () =>
        parts.map((part) => part.get(key)?.get(metric.name)?.value ?? Number.NaN),
      )
      const earlier = before.get(key)?.get(metric.name)
      const value = {
        metric: metric.name,
        ...about,
        ...told(own, parameters.confidence),
        ...(earlier === undefined ? {} : { referenceN: earlier.n }),
        ...(limit === undefined ? {} : { threshold: limit }),
        ...verdictOf(own, limit, parameters, maturity.isMature),
        ...provisional,
      }
      const worse =
        earlier === undefined
          ? []
          : [degradation(metric, own, earlier, parameters, planned, maturity.isMature)]
      return [value, ...worse.map((one) => ({ ...one, ...about, ...provisional }))]
    })
  })
}

const bySegment = (segments: readonly MeasuredSegment[]) =>
  new Map(segments.map(({ segment, metrics }) => [segmentKey(segment), metrics]))

/** A limit that the monitor says, else one of the reference's chunks where it asks for those. */
function limitOf(
  { name, beyond, range }: PerformanceMetric,
  planned: PlannedSignal,
  ofChunks: () => readonly number[],
): Limit | undefined {
  const constant = constantOf(planned, name)
  if (constant !== undefined) return constantLimit(constant, beyond)
  const { fromReference } = planned.thresholds
  return fromReference === undefined
    ? undefined
    : chunkLimit(ofChunks(), fromReference.deviations, beyond, range)
}

type Told = Pick<SignalValue, 'value' | 'n' | 'interval' | 'method' | 'note'>

function told({ value, n, lower, upper, method, note }: Measured, confidence: number): Told {
  const isBounded = Number.isFinite(lower) && Number.isFinite(upper)
  return {
    value: finite(value),
    n,
    ...(isBounded ? { interval: { lower, upper, confidence } } : {}),
    ...(isBounded && method !== undefined ? { method } : {}),
    ...(note === undefined ? {} : { note }),
  }
}

/** Judged by the value itself, as Azure does; not before the labels are in, and not of a handful of rows. */
function verdictOf(
  { value, n, note }: Measured,
  limit: Limit | undefined,
  { min_rows: least }: PerformanceParameters,
  isMature: boolean,
): Pick<SignalValue, 'breached' | 'note'> {
  if (limit === undefined || Number.isNaN(value) || !isMature) return {}
  if (n < least)
    return { note: [note, `Fewer than ${quantity(least)} rows are not judged.`].filter(Boolean).join(' ') }
  return { breached: isBeyond(value, limit) }
}

/**
 * How much worse than on the reference, with the interval of a difference of independent estimates. Beyond its limit if
 * the whole interval is, within it if the value is; of a value that only looks too large nothing is said.
 */
function degradation(
  { name, beyond }: PerformanceMetric,
  own: Measured,
  earlier: Measured,
  parameters: PerformanceParameters,
  planned: PlannedSignal,
  isMature: boolean,
): SignalValue {
  const [from, to] = beyond === 'below' ? [earlier, own] : [own, earlier]
  const value = from.value - to.value
  const interval = differenceInterval(bounded(from), bounded(to))
  const metric = degradationOf(name)
  const constant = constantOf(planned, metric)
  const limit = constant === undefined ? undefined : constantLimit(constant, 'above')
  const measured = {
    value,
    n: own.n,
    ...interval,
    method: 'difference of independent estimates (Zou & Donner)',
  }
  const base = {
    metric,
    ...told(measured, parameters.confidence),
    referenceN: earlier.n,
    ...(limit === undefined ? {} : { threshold: limit }),
  }
  if (limit === undefined || Number.isNaN(value) || !isMature) return base
  if (Math.min(own.n, earlier.n) < parameters.min_rows || Number.isNaN(interval.lower))
    return { ...base, note: 'There are too few rows to judge how it has changed.' }
  if (isSurelyBeyond(interval, limit)) return { ...base, breached: true }
  return isBeyond(value, limit)
    ? { ...base, note: 'Inconclusive: its interval has the limit within it.' }
    : { ...base, breached: false }
}

const bounded = ({ value, lower, upper }: Measured) => ({ estimate: value, lower, upper })

/** What a reader should know of limits that could not be had. */
export function limitNotes({ chunks, reference }: Performance, planned: PlannedSignal): readonly string[] {
  if (planned.thresholds.fromReference === undefined) return []
  if (reference === undefined) return ['Without a labelled reference there are no limits from it.']
  return chunks.length < leastChunks
    ? [`Limits from the reference need at least ${leastChunks} chunks of it: there are ${chunks.length}.`]
    : []
}
