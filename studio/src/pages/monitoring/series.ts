import type { MonitorSeries, MonitorWindow, Segment } from '../../api/monitors.ts'

/** By how much a value is beyond its nearer limit, in parts of that limit; below zero within it, least of all where it is not judged. */
export function beyond({ windows }: MonitorSeries, window: MonitorWindow | undefined = windows[0]): number {
  const { value, threshold } = window ?? {}
  if (value === null || value === undefined || threshold === undefined) return Number.NEGATIVE_INFINITY
  const { upper, lower } = threshold
  const scale = (limit: number) => Math.max(Math.abs(limit), 1e-12)
  return Math.max(
    upper === undefined ? Number.NEGATIVE_INFINITY : (value - upper) / scale(upper),
    lower === undefined ? Number.NEGATIVE_INFINITY : (lower - value) / scale(lower),
  )
}

/** Series with those first that are farthest beyond their thresholds. */
export const worstFirst = (all: readonly MonitorSeries[]): readonly MonitorSeries[] =>
  all.toSorted((a, b) => beyond(b) - beyond(a) || nameOf(a).localeCompare(nameOf(b)))

/** `distance · jensen_shannon_distance (carrier AA)`: what a series is of, in the order in which people ask. */
export function nameOf({ metric, feature, segment }: MonitorSeries): string {
  const part = segment === undefined ? '' : ` (${inWords(segment)})`
  return `${feature === undefined ? '' : `${feature} · `}${metric}${part}`
}

/** `carrier AA, origin JFK`; all rows where it is no part of them. */
export const inWords = (segment: Segment | undefined): string =>
  segment === undefined
    ? 'all rows'
    : Object.entries(segment)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')

/** A segment as the address has it: `carrier=AA;origin=JFK`. Nothing for all rows. */
export const writeSlice = (segment: Segment | undefined): string =>
  Object.entries(segment ?? {})
    .map((pair) => pair.map(encodeURIComponent).join('='))
    .join(';')

/** The other way round; undefined for all rows, and for what nobody could have written. */
export function readSlice(text: string): Segment | undefined {
  const pairs = text
    .split(';')
    .filter((pair) => /^[^=]+=/.test(pair))
    .map((pair) => [decoded(pair.slice(0, pair.indexOf('='))), decoded(pair.slice(pair.indexOf('=') + 1))])
  return pairs.length === 0 ? undefined : (Object.fromEntries(pairs) as Segment)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The series of these rows: of a segment, or of all. */
export const ofSlice = (all: readonly MonitorSeries[], slice: string): readonly MonitorSeries[] =>
  all.filter(({ segment }) => writeSlice(segment) === slice)

/** Every segment there is, in the order in which they come. */
export const slicesOf = (all: readonly MonitorSeries[]): readonly string[] => [
  ...new Set(all.map(({ segment }) => writeSlice(segment)).filter((slice) => slice !== '')),
]

/** How a window stands: what it says itself, or why nothing is said. */
export function standing(window: MonitorWindow | undefined): string {
  if (window === undefined) return 'none'
  if (window.value === null) return 'no_data'
  if (window.breached === true) return 'breached'
  if (window.provisional === true) return 'provisional'
  return window.breached === false ? 'ok' : 'unjudged'
}

/** `≤ 0.1`, `0.2 to 0.4`: what a value was held against. */
export function limitInWords(
  { threshold }: Pick<MonitorWindow, 'threshold'>,
  format: (value: number) => string = (value) => String(Number(value.toPrecision(4))),
): string {
  if (threshold === undefined) return 'not judged'
  const { lower, upper, from } = threshold
  const limit =
    lower !== undefined && upper !== undefined
      ? `${format(lower)} to ${format(upper)}`
      : upper === undefined
        ? `≥ ${lower === undefined ? '' : format(lower)}`
        : `≤ ${format(upper)}`
  return from === 'reference' ? `${limit}, from the reference` : limit
}

/**
 * In how many of the windows a threshold would have been passed, of those with a value that is not provisional. `below`:
 * passed by values below it, as those of scores and p-values are.
 */
export function passedIn(
  windows: readonly MonitorWindow[],
  threshold: number,
  below: boolean,
): { readonly passed: number; readonly of: number; readonly latest: boolean } {
  const judged = windows.filter(({ value, provisional }) => value !== null && provisional !== true)
  const isPassed = ({ value }: MonitorWindow) =>
    value !== null && (below ? value < threshold : value > threshold)
  return {
    passed: judged.filter(isPassed).length,
    of: judged.length,
    latest: judged[0] !== undefined && isPassed(judged[0]),
  }
}

/** Scores and p-values are beyond their thresholds from above: of all others a greater value is worse. */
export const isBetterHigh = (metric: string): boolean =>
  /(?:^|_)(?:accuracy|precision|recall|f1|roc_auc|pr_auc|matthews_correlation|r2|specificity|normalized_discounted_cumulative_gain|row_count)(?:$|_)|_test$|_ratio$/.test(
    metric,
  ) && !/degradation/.test(metric)

/** True where a smaller value is beyond: as its threshold has it, else by what the metric is. */
export function isBeyondBelow({ metric, windows }: Pick<MonitorSeries, 'metric' | 'windows'>): boolean {
  const threshold = windows.find((window) => window.threshold !== undefined)?.threshold
  if (threshold === undefined) return isBetterHigh(metric)
  return threshold.upper === undefined
}
