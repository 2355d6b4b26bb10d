import type { Labels } from '../machine.ts'
import type { Aggregate, AlertRule, Comparison, Condition } from '../rule.ts'

/** How a comparison reads. */
export const signs: Readonly<Record<Comparison, string>> = {
  above: '>',
  at_least: '≥',
  below: '<',
  at_most: '≤',
}

/** A number as a person wants it: four digits that matter. */
export function plain(value: number): string {
  if (Number.isNaN(value)) return 'nothing'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞'
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) return value.toExponential(2)
  return String(Number(value.toPrecision(size >= 1000 ? Math.floor(Math.log10(size)) + 1 : 4)))
}

/** The unit in which a condition's values are, as its metric's name tells by Prometheus' rules. */
export function unitOf(condition: Condition): 'ratio' | 'seconds' | 'bytes' | undefined {
  if (condition.kind === 'burn_rate' || condition.kind === 'anomaly' || condition.kind === 'absent')
    return undefined
  if (condition.kind === 'threshold' && condition.per !== undefined) return 'ratio'
  const { metric, aggregate } =
    condition.kind === 'threshold' ? condition.of : { metric: condition.metric, aggregate: 'last' }
  // How many there were, and how many a second, is a number of its own.
  if (aggregate === 'count' || aggregate === 'events' || aggregate === 'rate') return undefined
  return (['ratio', 'seconds', 'bytes'] as const).find((unit) => metric.endsWith(`_${unit}`))
}

const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** A value of a condition as a person wants it, in its unit: `65.4 %`, `250 ms`, `1.2 GiB`. */
export function inUnit(condition: Condition, value: number): string {
  const unit = unitOf(condition)
  if (unit === undefined || !Number.isFinite(value)) return plain(value)
  const size = Math.abs(value)
  if (unit === 'ratio') return `${plain(Number((value * 100).toPrecision(4)))} %`
  if (unit === 'seconds') {
    if (size < 1) return `${plain(value * 1000)} ms`
    return size < 120 ? `${plain(value)} s` : `${plain(value / 3600)} h`
  }
  const step = size < 1 ? 0 : Math.min(sizes.length - 1, Math.floor(Math.log2(size) / 10))
  return `${plain(value / 1024 ** step)} ${sizes[step]}`
}

const lengths = [
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const

/** `5m`, `36h`, `1.5s`: a length of time in ms as rules write it. */
export function lasting(ms: number): string {
  const [unit, length] = lengths.find(([, one]) => ms >= one && ms % one === 0) ?? ['s', 1000]
  return `${ms / length}${unit}`
}

const reads: Partial<Readonly<Record<Aggregate, string>>> = {
  avg: 'average',
  events: 'number',
  last: 'last value',
  count: 'count',
}

const ofMetric = (aggregate: Aggregate, metric: string) => `${reads[aggregate] ?? aggregate} of ${metric}`

/** What a condition looks at: `roc_auc of model_performance`. */
export function subjectOf(condition: Condition): string {
  switch (condition.kind) {
    case 'signal':
      return `${condition.metric} of ${condition.signal}`
    case 'threshold': {
      const of = ofMetric(condition.of.aggregate, condition.of.metric)
      return condition.per === undefined ? of : `${condition.of.metric} per ${condition.per.metric}`
    }
    case 'burn_rate':
      return `error budget of ${condition.all.metric}`
    case 'anomaly':
      return ofMetric(condition.of.aggregate, condition.of.metric)
    case 'absent':
      return condition.of.metric
  }
}

/** What the values of a condition are, as the title of a chart: `p99 of http_server_request_duration_seconds`. */
export function measureOf(condition: Condition): string {
  switch (condition.kind) {
    case 'signal':
    case 'threshold':
      return subjectOf(condition)
    case 'burn_rate':
      return `use of the ${subjectOf(condition)}, 1 is too fast`
    case 'anomaly':
      return `${subjectOf(condition)}, in standard deviations from what is usual`
    case 'absent':
      return `series of ${condition.of.metric} that were measured`
  }
}

/** The limit that a condition is held against, as `alert list` shows it: `< 0.68`. */
export function limitOf(condition: Condition): string {
  switch (condition.kind) {
    case 'signal':
    case 'threshold':
      return `${signs[condition.comparison]} ${inUnit(condition, condition.limit)}`
    case 'burn_rate':
      return '≥ 1'
    case 'anomaly':
      return { both: '±', above: '> ', below: '< -' }[condition.direction] + plain(condition.deviations)
    case 'absent':
      return 'absent'
  }
}

/** What was looked at and what it had to be: `roc_auc of model_performance 0.661 < 0.68 in 2 windows`. */
export function sentenceOf({ condition, holding }: AlertRule, value: number, labels: Labels): string {
  const held = holding.forMs > 0 ? ` for ${lasting(holding.forMs)}` : ''
  if (labels['no_data'] === 'true') return `there are no measurements for ${subjectOf(condition)}${held}`
  switch (condition.kind) {
    case 'signal': {
      const windows = condition.windows === 1 ? '' : ` in ${condition.windows} windows`
      return `${subjectOf(condition)} ${inUnit(condition, value)} ${limitOf(condition)}${windows}${held}`
    }
    case 'threshold':
      return `${subjectOf(condition)} ${inUnit(condition, value)} ${limitOf(condition)} over ${lasting(condition.of.overMs)}${held}`
    case 'burn_rate':
      return `the ${subjectOf(condition)} (${plain((1 - condition.objective) * 100)} %) is used up ${plain(value)} times as fast as is allowed${held}`
    case 'anomaly':
      return `${subjectOf(condition)} is ${plain(value)} standard deviations from what is usual at this time${held}`
    case 'absent':
      return `${subjectOf(condition)} was not measured for ${lasting(condition.overMs)}${held}`
  }
}

/**
 * A text in which `{{ value }}` and `{{ labels.NAME }}` stand for what they name, also as Prometheus spells them (`$value`,
 * `$labels.NAME`).
 */
export const filled = (
  text: string,
  { value, labels }: { readonly value: string; readonly labels: Labels },
): string =>
  text
    .replaceAll(/\{\{\s*\$?value\s*\}\}/g, () => value)
    .replaceAll(/\{\{\s*\$?labels\.(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '')
