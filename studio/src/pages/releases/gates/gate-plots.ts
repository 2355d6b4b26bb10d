import type { Measure } from '../../../api/releases.ts'

/** Measures of a gate that belong on one axis. */
export interface GatePlot {
  readonly key: string
  readonly title: string
  readonly measures: readonly Measure[]
  /** A value that means "equal": 0 of differences, 1 of ratios. */
  readonly equal?: number
  readonly unit: 'plain' | 'ms' | 'share'
  readonly logarithmic: boolean
}

/**
 * What of a gate is drawn: its comparisons with the champion, its values beside the champion's, its slices and groups, its
 * latencies. Only what has an interval somewhere is: a single number is read better than looked at. Counts stay numbers.
 */
export function plotsOf(measures: readonly Measure[]): readonly GatePlot[] {
  const groups = Map.groupBy(measures, groupOf)
  const plots = [...groups].map(([key, all]): GatePlot => {
    const [first] = all
    const isRatio = first?.of === 'ratio'
    const isMs = first?.name.endsWith('_ms') === true
    return {
      key,
      title: titleOf(key, all),
      measures: sorted(all),
      ...(isRatio ? { equal: 1 } : first?.of === 'difference' ? { equal: 0 } : {}),
      unit: isMs ? 'ms' : /rate|share|agreement|coverage/.test(first?.name ?? '') ? 'share' : 'plain',
      logarithmic: isMs || isRatio,
    }
  })
  return plots
    .filter((plot) => plot.measures.some(({ interval }) => interval !== undefined))
    .sort((a, b) => rank(a) - rank(b))
}

/** Differences first, for they decide; then values, then parts. */
const rank = ({ equal, measures }: GatePlot) =>
  (equal === undefined ? 1 : 0) + (measures.some(({ slice }) => slice !== undefined) ? 2 : 0)

function groupOf({ name, of, slice }: Measure): string {
  const metric = name.replace(' (better by)', '')
  const isPart = slice !== undefined && Object.keys(slice).length > 0
  if (of === 'difference' || of === 'ratio') return `${isPart ? 'slices ' : ''}${of} ${metric}`
  if (/^latency_p.*_ms$/.test(name)) return 'latency'
  return isPart ? `slices value ${metric}` : `value ${metric}`
}

function titleOf(key: string, [first, ...others]: readonly Measure[]): string {
  if (key === 'latency') return 'Latency by quantile'
  const name = first?.name.replace(' (better by)', '').replaceAll('_', ' ') ?? ''
  const by = Object.keys(first?.slice ?? {}).join(' and ')
  const what =
    first?.of === 'difference'
      ? `${name}: candidate − champion`
      : first?.of === 'ratio'
        ? `${name}: candidate ÷ champion`
        : name
  return `${what}${by === '' ? '' : ` by ${others.length > 0 ? by : (Object.values(first?.slice ?? {})[0] ?? by)}`}`
}

/** Slices by how bad they look, their rows where that says nothing; all else as the gate has it. */
const sorted = (measures: readonly Measure[]) =>
  measures.every(({ slice }) => slice !== undefined)
    ? measures.toSorted((a, b) => (a.estimate ?? Infinity) - (b.estimate ?? Infinity))
    : measures

/** The limits of a plot: those that all its measures share, once each. */
export function limitsOf({ measures, equal }: GatePlot): readonly {
  readonly value: number
  readonly name: string
  readonly bad?: 'above' | 'below'
}[] {
  const bounds = measures.flatMap(({ bound }) => (bound === undefined ? [] : [bound]))
  const only = (values: readonly (number | undefined)[]) => {
    const [value, ...others] = new Set(values.filter((one) => one !== undefined))
    return others.length === 0 ? value : undefined
  }
  const [min, max] = [only(bounds.map((one) => one.min)), only(bounds.map((one) => one.max))]
  return [
    ...(equal === undefined || equal === min || equal === max ? [] : [{ value: equal, name: 'equal' }]),
    ...(min === undefined
      ? []
      : [
          {
            value: min,
            name: equal === undefined ? 'at least' : min === equal ? 'equal' : 'margin',
            bad: 'below' as const,
          },
        ]),
    ...(max === undefined
      ? []
      : [
          {
            value: max,
            name: equal === undefined ? 'at most' : max === equal ? 'equal' : 'margin',
            bad: 'above' as const,
          },
        ]),
  ]
}

/** What a measure is called within its plot. */
export function rowName({ name, of, slice }: Measure, { key }: GatePlot): string {
  if (slice !== undefined && Object.keys(slice).length > 0) return Object.values(slice).map(String).join(', ')
  if (key === 'latency')
    return `${of === 'champion' ? 'champion ' : ''}${name.replace(/^latency_(p[\d_]+)_ms$/, '$1').replace('_', '.')}`
  if (of === 'difference' || of === 'ratio') return 'all rows'
  return of ?? 'candidate'
}
