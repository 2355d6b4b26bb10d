import type { Json } from '../../../kernel/resources/resource.ts'
import { chunkLimit, leastChunks } from '../../outcomes/judging/limits.ts'
import type { Population } from '../../populations/population.ts'
import type { SignalContext } from '../signal.ts'
import type { CommonColumn } from './common-columns.ts'
import { referenceMetrics, type ReferenceLimits } from './judge-drift.ts'
import { measureDrift, type Measuring } from './measure.ts'
import type { DriftParameters } from './parameters.ts'
import { identifier } from '../../../analytics/analytics.ts'

/** More chunks cost more looks than they tell. */
const mostChunks = 60

/**
 * Limits from how far chunks of the reference are from all of it: mean ± so many standard deviations, at most what the
 * distance can be (NannyML's `StandardDeviationThreshold`). Chunks are as long as production's window where the reference
 * has times, else as many as the monitor says. Computed once for a reference.
 */
export async function referenceLimits(
  context: SignalContext,
  parameters: DriftParameters,
  { reference, production }: { readonly reference: Population; readonly production: Population },
  columns: readonly CommonColumn[],
): Promise<{ readonly limits: ReferenceLimits; readonly notes: readonly string[] }> {
  const { fromReference } = context.planned.thresholds
  const metrics = referenceMetrics(context.planned, parameters)
  if (fromReference === undefined || metrics.length === 0) return { limits: () => undefined, notes: [] }
  const { count, notes } = await chunkCount(context, { reference, production }, fromReference.chunks)
  if (count < leastChunks)
    return {
      limits: () => undefined,
      notes: [`The reference has too few rows for ${leastChunks} chunks: there are no limits from it.`],
    }
  const names = columns.map(({ was, kind }) => `${was} ${kind}`).join(', ')
  const key = `drift of ${count} chunks of ${reference.fingerprint}: ${parameters.missing_values}, ${names}, ${metrics.map(({ name }) => name).join(' ')}`
  const found = (await context.cached(key, () =>
    chunkDistances(context, parameters, reference, columns, count),
  )) as Readonly<Record<string, Readonly<Record<string, readonly (number | null)[]>>>>
  return {
    limits: (metric, feature) => {
      const values = found[feature]?.[metric.name] ?? []
      return metrics.includes(metric)
        ? chunkLimit(
            values.map((value) => value ?? Number.NaN),
            fromReference.deviations,
            metric.beyond,
            metric.most === undefined ? { least: 0 } : { least: 0, most: metric.most },
          )
        : undefined
    },
    notes: [`Limits come of ${count} chunks of the reference.`, ...notes],
  }
}

async function chunkCount(
  { populations }: SignalContext,
  { reference, production }: { readonly reference: Population; readonly production: Population },
  told: number,
): Promise<{ readonly count: number; readonly notes: readonly string[] }> {
  const { time } = reference.roles
  const { window } = production
  const most = Math.min(mostChunks, reference.rows)
  const equal = { count: Math.min(told, most), notes: [] }
  if (time === undefined || window === undefined) return equal
  const [[seconds] = []] = await populations.session(async (session) => {
    const at = `try_cast(${identifier(time)} as timestamptz)`
    return (await session.all(`select epoch(max(${at})) - epoch(min(${at})) from ${reference.view}`)).rows
  })
  const length = (window.to.getTime() - window.from.getTime()) / 1000
  const asLong = Math.round(Number(seconds ?? 0) / length)
  if (asLong >= leastChunks) return { count: Math.min(most, asLong), notes: [] }
  return {
    ...equal,
    notes: [
      `The reference is only ${asLong} windows long: its chunks are shorter than a window, and limits wider than they need be.`,
    ],
  }
}

async function chunkDistances(
  context: SignalContext,
  parameters: DriftParameters,
  reference: Population,
  columns: readonly CommonColumn[],
  count: number,
): Promise<Json> {
  const { planned, populations } = context
  const cached: Measuring['cached'] = (key, compute) => context.cached(key, compute)
  const own = columns.map(({ was, kind, types, name }) => ({
    name,
    was,
    kind,
    types: { reference: types.reference, production: types.reference },
  }))
  const metrics = referenceMetrics(planned, parameters)
  const isPrecise = metrics.some((metric) => metric.method !== undefined)
  const chunks = await populations.chunks(reference, count)
  const found: Record<string, Record<string, (number | null)[]>> = {}
  await populations.session(async (session) => {
    const whole = { of: 'reference', relation: reference.view, key: reference.fingerprint } as const
    for (const { view, fingerprint } of chunks) {
      const { features } = await measureDrift(
        { ask: (use) => use(session), missing: parameters.missing_values, isPrecise, cached },
        { reference: whole, production: { of: 'reference', relation: view, key: fingerprint } },
        own,
      )
      for (const feature of features)
        for (const metric of metrics) {
          if (metric.group !== feature.column.kind) continue
          const value = metric.value(feature)
          const lists = (found[feature.column.name] ??= {})
          ;(lists[metric.name] ??= []).push(Number.isFinite(value) ? value : null)
        }
    }
  })
  return found
}
