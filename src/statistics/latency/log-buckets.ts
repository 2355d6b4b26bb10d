/**
 * Counts of positive values by buckets whose bounds grow by 4 %: a quantile read from them is within 2 % of an exact one,
 * and buckets of different times and places can be added (unlike percentiles). The bounds are those of DDSketch (Masson,
 * Rim and Lee 2019) with a relative accuracy of 0.02: bucket i holds values in (γ^(i-1), γ^i], γ = 1.02/0.98.
 */
export type LogBuckets = Readonly<Record<string, number>>

const gamma = 1.02 / 0.98
const logGamma = Math.log(gamma)
/** Bucket of zero and of what is not above it. */
const atMostZero = 'z'
/** Bucket of what never ended: a failure or a time-out counts as infinitely long. */
const infinite = 'i'

/** Name of the bucket that a value falls in. NaN has none: RangeError. */
export function bucketOf(value: number): string {
  if (Number.isNaN(value)) throw new RangeError('a value that is no number has no bucket')
  if (value <= 0) return atMostZero
  if (value === Infinity) return infinite
  return String(Math.ceil(Math.log(value) / logGamma))
}

/** Counts of values by bucket. */
export function bucketsOf(values: Iterable<number>): LogBuckets {
  const counts: Record<string, number> = {}
  for (const value of values) {
    const bucket = bucketOf(value)
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  return counts
}

/**
 * Counts of values of which only the range (lower, upper] is known, as Prometheus' histograms tell it: they are taken to
 * lie evenly in it, as `histogram_quantile` does. Counts stay whole numbers.
 */
export function bucketsBetween(lower: number, upper: number, count: number): LogBuckets {
  if (upper === Infinity) return { [infinite]: count }
  const counts: Record<string, number> = {}
  const first = bucketOf(lower <= 0 ? upper / 1000 : lower)
  let placed = 0
  if (!(upper > lower)) throw new RangeError(`the range from ${lower} to ${upper} is empty`)
  for (let bucket = Number(first); placed < count; bucket++) {
    const end = Math.min(gamma ** bucket, upper)
    const until = end >= upper ? count : Math.round((count * (end - lower)) / (upper - lower))
    if (until > placed) counts[bucket] = until - placed
    placed = Math.max(placed, until)
  }
  return counts
}

/** Both together. */
export function addBuckets(a: LogBuckets, b: LogBuckets): LogBuckets {
  const counts: Record<string, number> = { ...a }
  for (const [bucket, count] of Object.entries(b)) counts[bucket] = (counts[bucket] ?? 0) + count
  return counts
}

/** How many values there are. */
export const bucketTotal = (buckets: LogBuckets): number =>
  Object.values(buckets).reduce((sum, count) => sum + count, 0)

/** How many values are above a limit; those in the limit's own bucket are not. */
export function countAbove(buckets: LogBuckets, limit: number): number {
  const edge = orderOf(bucketOf(limit))
  return Object.entries(buckets).reduce((sum, [name, count]) => sum + (orderOf(name) > edge ? count : 0), 0)
}

/** The q-quantile (0 to 1), within 2 %: the middle of the bucket that holds the value of rank ⌈q·n⌉. NaN of none. */
export function bucketQuantile(buckets: LogBuckets, q: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`a quantile lies between 0 and 1, not at ${q}`)
  const sorted = Object.entries(buckets).sort(([a], [b]) => orderOf(a) - orderOf(b))
  let left = Math.max(1, Math.ceil(q * bucketTotal(buckets)))
  for (const [name, count] of sorted) {
    left -= count
    if (left <= 0) return middleOf(name)
  }
  return Number.NaN
}

/**
 * The buckets as a histogram with explicit bounds: values up to and including the first bound are in the first count, those
 * above the last bound (what never ended among them) in the last, so there is one count more than bounds. Ranges between
 * buckets are counts of 0.
 */
export function bucketBounds(buckets: LogBuckets): {
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
} {
  const numbers = Object.keys(buckets)
    .filter((name) => name !== atMostZero && name !== infinite)
    .map(Number)
    .sort((a, b) => a - b)
  const bounds = [0]
  const counts = [buckets[atMostZero] ?? 0]
  for (const [i, number] of numbers.entries()) {
    if (numbers[i - 1] !== number - 1) {
      bounds.push(gamma ** (number - 1))
      counts.push(0)
    }
    bounds.push(gamma ** number)
    counts.push(buckets[number] ?? 0)
  }
  return { bounds, counts: [...counts, buckets[infinite] ?? 0] }
}

/**
 * The counts over coarse buckets, by their upper ends as Prometheus writes them: 1, 2.5 and 5 times the powers of ten, `0` of
 * what is not above it, `+Inf` of what never ended. Each has its own values only, not also those below.
 */
export function coarseBuckets(buckets: LogBuckets): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [name, count] of Object.entries(buckets)) {
    const end = coarseEnd(name)
    counts[end] = (counts[end] ?? 0) + count
  }
  return counts
}

/** The first end that is above a bucket's beginning: a value that is an end itself counts to it. */
function coarseEnd(name: string): string {
  if (name === atMostZero) return '0'
  if (name === infinite) return '+Inf'
  const from = gamma ** (Number(name) - 1)
  const power = 10 ** Math.floor(Math.log10(from))
  const end = [1, 2.5, 5, 10].find((factor) => from < factor * power) ?? 10
  return String(Number((end * power).toPrecision(2)))
}

const orderOf = (name: string): number =>
  name === atMostZero ? -Infinity : name === infinite ? Infinity : Number(name)

function middleOf(name: string): number {
  if (name === atMostZero) return 0
  if (name === infinite) return Infinity
  return (2 * gamma ** Number(name)) / (gamma + 1)
}
