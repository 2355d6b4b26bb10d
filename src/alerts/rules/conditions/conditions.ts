import type { Series } from '../../../kernel/telemetry/series.ts'
import { fingerprintOf, type Finding } from '../machine.ts'
import { isBeyond, type Condition, type Measured, type Selector } from '../rule.ts'
import { aggregated, measure } from './measure.ts'

/** What a condition comes to at a time. */
export interface Outcome {
  /** What is true, one alert each. */
  readonly found: readonly Finding[]
  /** What was looked at and is not true, with its value. */
  readonly quiet: readonly Finding[]
  /** True: nothing was measured that the condition could be about. */
  readonly noData: boolean
}

type OfSeries = Exclude<Condition, { readonly kind: 'signal' }>

/** Asks whether a condition about series is true now, in a scope. */
export async function ask(
  series: Pick<Series, 'query'>,
  scope: string,
  condition: OfSeries,
  now: number,
): Promise<Outcome> {
  switch (condition.kind) {
    case 'threshold':
      return threshold(series, scope, condition, now)
    case 'burn_rate':
      return burnRate(series, scope, condition, now)
    case 'anomaly':
      return anomaly(series, scope, condition, now)
    case 'absent': {
      const found = await measure(series, scope, condition.of, [], { from: now - condition.overMs, to: now })
      const finding = { labels: condition.of.where, value: found.length }
      return found.length === 0
        ? { found: [finding], quiet: [], noData: false }
        : { found: [], quiet: [finding], noData: false }
    }
  }
}

type Of<K extends Condition['kind']> = Extract<Condition, { readonly kind: K }>

async function threshold(
  series: Pick<Series, 'query'>,
  scope: string,
  { of, per, by, comparison, limit }: Of<'threshold'>,
  now: number,
): Promise<Outcome> {
  const values = await valuesOf(series, scope, of, by, now)
  const base = per === undefined ? undefined : await valuesOf(series, scope, per, by, now)
  // Where something was counted and none of it failed, no failure was ever written: that is zero, not nothing.
  const keys = base ?? values
  return judged(
    [...keys].map(([key, { labels }]) => {
      const value = values.get(key)?.value
      const whole = base?.get(key)?.value
      return { labels, value: whole === undefined ? (value ?? Number.NaN) : (value ?? 0) / whole }
    }),
    ({ value }) => isBeyond(value, comparison, limit),
  )
}

/** The number of each combination of labels in the window up to now. */
async function valuesOf(
  series: Pick<Series, 'query'>,
  scope: string,
  of: Measured,
  by: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, Finding>> {
  const found = await measure(series, scope, of, by, { from: now - of.overMs, to: now })
  return new Map(
    found.map((one) => [
      fingerprintOf(one.labels),
      { labels: one.labels, value: aggregated(one, of.aggregate, of.overMs) },
    ]),
  )
}

async function burnRate(
  series: Pick<Series, 'query'>,
  scope: string,
  { bad, all, by, objective, windows }: Of<'burn_rate'>,
  now: number,
): Promise<Outcome> {
  const budget = 1 - objective
  const rates = new Map<number, ReadonlyMap<string, Finding>>()
  for (const ms of new Set(windows.flatMap(({ longMs, shortMs }) => [longMs, shortMs])))
    rates.set(ms, await shares(series, scope, { bad, all }, by, { ms, now, budget }))
  const everywhere = new Map([...rates.values()].flatMap((byLabels) => [...byLabels]))
  return judged(
    [...everywhere].map(([key, { labels }]) => {
      // The worst of the windows: the rate that both the long and the short of it exceed, in units of what they may.
      const worst = windows.map(({ longMs, shortMs, factor }) => {
        const of = (ms: number) => rates.get(ms)?.get(key)?.value ?? 0
        return Math.min(of(longMs), of(shortMs)) / factor
      })
      return { labels, value: Math.max(...worst) }
    }),
    ({ value }) => value >= 1,
  )
}

/** By labels: the share of bad ones in a window, in units of the budget. */
async function shares(
  series: Pick<Series, 'query'>,
  scope: string,
  { bad, all }: { readonly bad: Selector; readonly all: Selector },
  by: readonly string[],
  { ms, now, budget }: { readonly ms: number; readonly now: number; readonly budget: number },
): Promise<ReadonlyMap<string, Finding>> {
  const counted = (selector: Selector) =>
    valuesOf(series, scope, { ...selector, aggregate: 'events', overMs: ms }, by, now)
  const [failed, whole] = [await counted(bad), await counted(all)]
  return new Map(
    [...whole].map(([key, { labels, value }]) => [
      key,
      { labels, value: value === 0 ? 0 : (failed.get(key)?.value ?? 0) / value / budget },
    ]),
  )
}

async function anomaly(
  series: Pick<Series, 'query'>,
  scope: string,
  { of, by, seasonMs, seasons, deviations, direction }: Of<'anomaly'>,
  now: number,
): Promise<Outcome> {
  const present = await valuesOf(series, scope, of, by, now)
  const past = new Map<string, number[]>()
  for (let back = 1; back <= seasons; back++)
    for (const [key, { value }] of await valuesOf(series, scope, of, by, now - back * seasonMs))
      if (Number.isFinite(value)) past.set(key, [...(past.get(key) ?? []), value])
  return judged(
    [...present].map(([key, { labels, value }]) => ({
      labels,
      value: deviation(value, past.get(key) ?? []),
    })),
    ({ value }) =>
      (direction !== 'below' && value > deviations) || (direction !== 'above' && value < -deviations),
  )
}

/** Fewer seasons than this say nothing of what is usual. */
const leastSeasons = 3

/**
 * How many standard deviations a value is above those before it; NaN where there are too few. A spread of less than 1 % of
 * what is usual counts as that: what never changed must not alert at the first digit.
 */
function deviation(value: number, past: readonly number[]): number {
  if (past.length < leastSeasons) return Number.NaN
  const mean = past.reduce((sum, one) => sum + one, 0) / past.length
  const variance = past.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (past.length - 1)
  const spread = Math.max(Math.sqrt(variance), Math.abs(mean) / 100)
  if (spread === 0) return value === mean ? 0 : value > mean ? Infinity : -Infinity
  return (value - mean) / spread
}

function judged(all: readonly Finding[], isTrue: (finding: Finding) => boolean): Outcome {
  const known = all.filter(({ value }) => !Number.isNaN(value))
  return {
    found: known.filter(isTrue),
    quiet: known.filter((finding) => !isTrue(finding)),
    noData: known.length === 0,
  }
}
