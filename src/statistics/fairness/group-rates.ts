import { effectiveCount } from '../metrics/rows.ts'
import type { Groups } from './groups.ts'
import type { GroupRows } from './rates.ts'

/** How often something happens in a group, with the number of rows that tell. */
export interface GroupRate {
  readonly group: readonly string[]
  /** Rows that count for the rate, and those of them with the event; neither is weighted. */
  readonly trials: number
  readonly events: number
  /** The rate, weighted where rows are. */
  readonly rate: number
  /** How many rows of equal weight would tell as much: `trials` without weights. */
  readonly effective: number
}

/** Rates that a fairness gate judges: which rows count, and what the event is. */
export const rateKinds = {
  selection_rate: { counts: () => true, event: (_: number, prediction: number) => prediction === 1 },
  true_positive_rate: {
    counts: (label: number) => label === 1,
    event: (_: number, prediction: number) => prediction === 1,
  },
  false_positive_rate: {
    counts: (label: number) => label !== 1,
    event: (_: number, prediction: number) => prediction === 1,
  },
  accuracy: { counts: () => true, event: (label: number, prediction: number) => label === prediction },
} as const satisfies Record<
  string,
  {
    readonly counts: (label: number) => boolean
    readonly event: (label: number, prediction: number) => boolean
  }
>

export type RateKind = keyof typeof rateKinds

/** A rate of each group. */
export function groupRates(rows: GroupRows, { names, codes }: Groups, kind: RateKind): GroupRate[] {
  const { counts, event } = rateKinds[kind]
  const { labels, predictions, weights } = rows
  const sums = names.map(() => ({ trials: 0, events: 0, weight: 0, hit: 0, own: [] as number[] }))
  for (let i = 0; i < labels.length; i++) {
    const [label, prediction] = [labels[i] ?? Number.NaN, predictions[i] ?? Number.NaN]
    const sum = sums[codes[i] ?? 0]
    if (sum === undefined || !counts(label)) continue
    const weight = weights?.[i] ?? 1
    if (weights !== undefined) sum.own.push(weight)
    sum.trials += 1
    sum.weight += weight
    if (!event(label, prediction)) continue
    sum.events += 1
    sum.hit += weight
  }
  return sums.map(({ trials, events, weight, hit, own }, code) => ({
    group: names[code] ?? [],
    trials,
    events,
    rate: hit / weight,
    effective: weights === undefined ? trials : effectiveCount(own),
  }))
}
