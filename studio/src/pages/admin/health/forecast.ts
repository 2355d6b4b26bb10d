const day = 86_400_000

export interface Forecast {
  /** Bytes a day: the middle of the slopes, and the middle 80 % of them. */
  readonly perDay: { readonly middle: number; readonly low: number; readonly high: number }
  /** Days until it is full at that pace; undefined where it does not grow. */
  readonly daysLeft: { readonly middle?: number; readonly soonest?: number; readonly latest?: number }
  readonly n: number
}

/** Fewer points, or a shorter time, say nothing about days to come. */
const leastPoints = 12
const leastSpan = 6 * 3_600_000

/**
 * How fast something fills: the median of the slopes between all pairs of points (Theil 1950, Sen 1968), which one large
 * file does not turn, with the 10th and the 90th percentile of those slopes as its range. Undefined where too little was
 * measured. `points` are used bytes over time in ms, `free` is what is left.
 */
export function forecast(
  points: readonly { readonly at: number; readonly value: number }[],
  free: number,
): Forecast | undefined {
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined) return undefined
  if (points.length < leastPoints || last.at - first.at < leastSpan) return undefined
  const slopes: number[] = []
  for (const [i, a] of points.entries())
    for (const b of points.slice(i + 1))
      if (b.at > a.at) slopes.push(((b.value - a.value) / (b.at - a.at)) * day)
  slopes.sort((a, b) => a - b)
  const at = (q: number) => slopes[Math.round(q * (slopes.length - 1))] ?? 0
  const perDay = { low: at(0.1), middle: at(0.5), high: at(0.9) }
  const days = (pace: number) => (pace > 0 ? free / pace : undefined)
  const [middle, soonest, latest] = [days(perDay.middle), days(perDay.high), days(perDay.low)]
  return {
    perDay,
    daysLeft: {
      ...(middle === undefined ? {} : { middle }),
      ...(soonest === undefined ? {} : { soonest }),
      ...(latest === undefined ? {} : { latest }),
    },
    n: points.length,
  }
}

/** Far enough away that more days say no more. */
const farDays = 365

/** The forecast as a sentence, such as `full in 40 to 90 days at the pace of the last 7 days`. */
export function inWords(found: Forecast | undefined, window: string): string {
  if (found === undefined) return 'Too little was measured yet to say when it will be full.'
  const { soonest, latest, middle } = found.daysLeft
  if (soonest === undefined || soonest > farDays)
    return `At the pace of the ${window} it is not full within a year.`
  const from = Math.floor(soonest)
  if (latest === undefined || latest > farDays)
    return middle === undefined || middle > farDays
      ? `It hardly grows; at its fastest pace of the ${window} it would be full in ${days(from)}.`
      : `At the pace of the ${window} it is full in about ${days(Math.round(middle))}; at its fastest in ${days(from)}.`
  const until = Math.ceil(latest)
  return from === until
    ? `At the pace of the ${window} it is full in ${days(from)}.`
    : `At the pace of the ${window} it is full in ${from} to ${days(until)}.`
}

const days = (n: number) => (n < 1 ? 'less than a day' : n === 1 ? '1 day' : `${n} days`)
