import type { Json } from '../../kernel/resources/resource.ts'
import type { Holding, Labels } from './machine.ts'

/**
 * How the values of a window become one number: `events` is how many there were (the growth of a counter, the values of a
 * distribution), `rate` is that in a second.
 */
export const aggregates = [
  'avg',
  'min',
  'max',
  'sum',
  'count',
  'last',
  'events',
  'rate',
  'p50',
  'p90',
  'p95',
  'p99',
] as const
export type Aggregate = (typeof aggregates)[number]

/** Series by name and by labels that they have to have. */
export interface Selector {
  readonly metric: string
  readonly where: Labels
}

/** What is looked at: series, the window up to now, and how its values become one number. */
export interface Measured extends Selector {
  readonly aggregate: Aggregate
  readonly overMs: number
}

export type Comparison = 'above' | 'at_least' | 'below' | 'at_most'

/** When a rule is true. */
export type Condition =
  /** A number of a window beyond a limit; with `per`, its share of another. */
  | {
      readonly kind: 'threshold'
      readonly of: Measured
      readonly per?: Measured
      /** One alert for each combination of these labels' values; none: one in all. */
      readonly by: readonly string[]
      readonly comparison: Comparison
      readonly limit: number
    }
  /** An error budget that is used up too fast, in a long window and still in a short one (Google's SRE workbook, ch. 5). */
  | {
      readonly kind: 'burn_rate'
      readonly bad: Selector
      readonly all: Selector
      readonly by: readonly string[]
      /** Share of good ones that is promised, e.g. 0.999. */
      readonly objective: number
      readonly windows: readonly BurnWindow[]
    }
  /** Far from what it was at this time of the day (or week) before, in standard deviations. */
  | {
      readonly kind: 'anomaly'
      readonly of: Measured
      readonly by: readonly string[]
      readonly seasonMs: number
      /** How many seasons are looked back at. */
      readonly seasons: number
      readonly deviations: number
      readonly direction: 'both' | 'above' | 'below'
    }
  /** Nothing was measured in the window. */
  | { readonly kind: 'absent'; readonly of: Selector; readonly overMs: number }
  /** A metric of a monitor's signal, in so many of its windows one after another. */
  | {
      readonly kind: 'signal'
      readonly monitor?: string
      readonly signal: string
      readonly metric: string
      /** Only of this feature or segment; default: an alert for each. */
      readonly where: Labels
      readonly comparison: Comparison
      readonly limit: number
      readonly windows: number
    }

export interface BurnWindow {
  readonly longMs: number
  readonly shortMs: number
  /** Times the rate at which the budget would just last. */
  readonly factor: number
}

/** What to do when it fires; `kind` names the action, the rest is for it. */
export interface PlannedAction {
  readonly kind: string
  readonly parameters: Json
  /** What to do with what came of it (`then: release`). */
  readonly afterwards?: string
}

/** An alert rule as the alerts room understands it. */
export interface AlertRule {
  readonly condition: Condition
  readonly holding: Holding
  /** How often it is looked at. */
  readonly everyMs: number
  readonly severity: string
  readonly labels: Labels
  readonly annotations: Labels
  /** What it is where nothing is measured: not true, as it was before, or true. */
  readonly noData: 'ok' | 'keep' | 'alert'
  readonly actions: readonly PlannedAction[]
  /** How long its actions are not done again for the same alert. */
  readonly coolDownMs: number
  readonly enabled: boolean
}

/** Whether a value is beyond a limit. NaN never is. */
export function isBeyond(value: number, comparison: Comparison, limit: number): boolean {
  if (comparison === 'above') return value > limit
  if (comparison === 'at_least') return value >= limit
  return comparison === 'below' ? value < limit : value <= limit
}
