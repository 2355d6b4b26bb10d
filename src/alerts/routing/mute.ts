import type { Labels } from '../rules/machine.ts'
import { matchesAll, type Matcher } from './matchers.ts'

/** Keeps alerts quiet for a time, because somebody said so. Times are milliseconds since 1970. */
export interface Silence {
  readonly name: string
  readonly matchers: readonly Matcher[]
  readonly from: number
  readonly to: number
}

/** Keeps alerts quiet while another fires that explains them. */
export interface Inhibition {
  readonly source: readonly Matcher[]
  readonly target: readonly Matcher[]
  /** Labels that both have to have alike; one that is missing is as one that is empty. */
  readonly equal: readonly string[]
}

/** The silence that keeps an alert quiet now, if one does; its end is no part of it. */
export const silencedBy = (labels: Labels, silences: readonly Silence[], now: number): Silence | undefined =>
  silences.find(({ matchers, from, to }) => now >= from && now < to && matchesAll(labels, matchers))

/**
 * The labels of the firing alert that keeps another quiet, if one does. As Alertmanager has it, an alert that is source and
 * target of a rule is not kept quiet by one that is both, too: two of a kind would silence each other, and so does an
 * alert not itself.
 */
export function inhibitedBy(
  labels: Labels,
  firing: readonly Labels[],
  rules: readonly Inhibition[],
): Labels | undefined {
  for (const { source, target, equal } of rules) {
    if (!matchesAll(labels, target)) continue
    const isSource = matchesAll(labels, source)
    const found = firing.find(
      (other) =>
        matchesAll(other, source) &&
        equal.every((label) => (labels[label] ?? '') === (other[label] ?? '')) &&
        !(isSource && matchesAll(other, target)),
    )
    if (found !== undefined) return found
  }
  return undefined
}
