import type { Labels } from '../rules/machine.ts'
import type { Aggregate, Comparison, Condition, Measured, Selector } from '../rules/rule.ts'
import { lasting } from '../rules/evaluation/words.ts'

/** What a series is, as far as anybody knows: its name tells otherwise. */
export type KindOf = (metric: string) => 'gauge' | 'counter' | 'histogram'

/** A condition in PromQL over what `/metrics` tells; or why there is none. */
export type Expression = { readonly promql: string } | { readonly none: string }

const operators: Readonly<Record<Comparison, string>> = {
  above: '>',
  at_least: '>=',
  below: '<',
  at_most: '<=',
}

/**
 * A condition as Prometheus would ask it. Windows and aggregates are the same; that Prometheus counts every scrape alike and
 * Twinloop every measurement is the only difference.
 *
 * @param workspace name of the workspace that its series are about; '' for those of the installation
 */
export function expressionOf(condition: Condition, workspace: string, kindOf: KindOf): Expression {
  switch (condition.kind) {
    case 'threshold':
      return threshold(condition, workspace, kindOf)
    case 'burn_rate':
      return burnRate(condition, workspace, kindOf)
    case 'absent':
      return {
        promql: `absent_over_time(${selector(condition.of, workspace, kindOf)}[${lasting(condition.overMs)}])`,
      }
    case 'anomaly':
      return { none: 'what is usual at a time of the day is not a question that PromQL can be asked' }
    case 'signal':
      return signal(condition, workspace)
  }
}

type Of<K extends Condition['kind']> = Extract<Condition, { readonly kind: K }>

function threshold(
  { of, per, by, comparison, limit }: Of<'threshold'>,
  workspace: string,
  kindOf: KindOf,
): Expression {
  const value = measured(of, by, workspace, kindOf)
  if ('none' in value) return value
  const beyond = `${operators[comparison]} ${numeral(limit)}`
  if (per === undefined) return { promql: `${value.promql} ${beyond}` }
  const whole = measured(per, by, workspace, kindOf)
  if ('none' in whole) return whole
  // Where something was counted and none of it failed, no failure was ever told: that is zero, not nothing.
  return { promql: `(${value.promql} or 0 * ${whole.promql}) / ${whole.promql} ${beyond}` }
}

function burnRate(
  { bad, all, by, objective, windows }: Of<'burn_rate'>,
  workspace: string,
  kindOf: KindOf,
): Expression {
  const share = (ms: number): string => {
    const counted = (one: Selector) => {
      const found = measured({ ...one, aggregate: 'events', overMs: ms }, by, workspace, kindOf)
      return 'none' in found ? undefined : found.promql
    }
    const whole = counted(all)
    return `(${counted(bad)} or 0 * ${whole}) / ${whole}`
  }
  const [badKind, allKind] = [kindOf(bad.metric), kindOf(all.metric)]
  if (badKind === 'gauge' || allKind === 'gauge')
    return { none: 'how often a gauge was measured is not told' }
  const parts = windows.map(({ longMs, shortMs, factor }) => {
    const limit = numeral(factor * (1 - objective))
    return `(${share(longMs)} > ${limit} and ${share(shortMs)} > ${limit})`
  })
  return { promql: parts.join(' or ') }
}

/** One number of a window, for each combination of labels. */
function measured(of: Measured, by: readonly string[], workspace: string, kindOf: KindOf): Expression {
  const kind = kindOf(of.metric)
  const window = `[${lasting(of.overMs)}]`
  const series = (suffix = '') =>
    `${of.metric}${kind === 'histogram' ? suffix : ''}${labels(of.where, workspace)}${window}`
  const over = (aggregation: string, inner: string) =>
    `${aggregation}${by.length === 0 ? '' : ` by (${by.join(', ')})`} (${inner})`
  const { aggregate } = of
  if (kind === 'gauge') {
    const found = overGauges[aggregate]
    return found === undefined
      ? { none: `${aggregate} of ${of.metric} depends on how often it is measured` }
      : { promql: over(found[0], `${found[1]}(${series()})`) }
  }
  if (aggregate === 'events') return { promql: over('sum', `increase(${series('_count')})`) }
  if (aggregate === 'rate') return { promql: over('sum', `rate(${series('_count')})`) }
  if (kind === 'counter' && aggregate === 'sum') return { promql: over('sum', `increase(${series()})`) }
  if (kind === 'counter')
    return { none: `${aggregate} of the counter ${of.metric} depends on how often it is read` }
  if (aggregate === 'avg')
    return {
      promql: `${over('sum', `increase(${series('_sum')})`)} / ${over('sum', `increase(${series('_count')})`)}`,
    }
  if (aggregate === 'sum') return { promql: over('sum', `increase(${series('_sum')})`) }
  if (aggregate === 'count') return { promql: over('sum', `increase(${series('_count')})`) }
  const quantile = quantiles[aggregate]
  if (quantile === undefined) return { none: `${aggregate} of the distribution ${of.metric} is not told` }
  const buckets = `sum by (${['le', ...by].join(', ')}) (rate(${series('_bucket')}))`
  return { promql: `histogram_quantile(${quantile}, ${buckets})` }
}

/** How gauges of one combination of labels, and the values of each, become one number. */
const overGauges: Partial<Readonly<Record<Aggregate, readonly [string, string]>>> = {
  avg: ['avg', 'avg_over_time'],
  min: ['min', 'min_over_time'],
  max: ['max', 'max_over_time'],
  last: ['avg', 'last_over_time'],
}

const quantiles: Partial<Readonly<Record<Aggregate, number>>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 }

/** What `/metrics` tells of monitors: the latest value of each signal. */
function signal(
  { monitor, signal: name, metric, where, comparison, limit, windows }: Of<'signal'>,
  workspace: string,
): Expression {
  if (windows > 1) return { none: `${windows} windows of a monitor one after another are not told` }
  const others = Object.keys(where).filter((label) => label !== 'feature')
  if (others.length > 0) return { none: `segments (${others.join(', ')}) are not told` }
  const labelled = { ...(monitor === undefined ? {} : { monitor }), signal: name, metric, ...where }
  return {
    promql: `twinloop_monitor_signal_value${labels(labelled, workspace)} ${operators[comparison]} ${numeral(limit)}`,
  }
}

const selector = ({ metric, where }: Selector, workspace: string, kindOf: KindOf): string =>
  `${metric}${kindOf(metric) === 'histogram' ? '_count' : ''}${labels(where, workspace)}`

function labels(where: Labels, workspace: string): string {
  const all = { ...(workspace === '' ? {} : { workspace }), ...where }
  const pairs = Object.entries(all).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return pairs.length === 0 ? '' : `{${pairs.join(', ')}}`
}

/** Without what floating point adds: 14.4 × 0.001 is 0.0144. */
const numeral = (value: number): string => String(Number(value.toPrecision(12)))
