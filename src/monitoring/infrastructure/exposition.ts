import { growthOf, type Sample } from '../../kernel/telemetry/series.ts'
import { addBuckets, bucketsBetween, type LogBuckets } from '../../statistics/latency/log-buckets.ts'

/** One line of Prometheus' text exposition, with the type that its family has. */
export interface Exposed {
  readonly name: string
  readonly type: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+\S+)?$/
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g

/** Reads Prometheus' text exposition (0.0.4). A line that it cannot read is passed over. */
export function readExposition(text: string): readonly Exposed[] {
  const types = new Map<string, string>()
  const found: Exposed[] = []
  for (const raw of text.split('\n')) {
    const [, family, type] = /^# TYPE (\S+) (\S+)/.exec(raw) ?? []
    if (family !== undefined && type !== undefined) types.set(family, type)
    const [, name, labels = '', value = ''] = raw.startsWith('#') ? [] : (line.exec(raw) ?? [])
    if (name === undefined) continue
    const type_ = types.get(name) ?? types.get(name.replace(/_(bucket|sum|count)$/, '')) ?? 'untyped'
    const pairs = Array.from(labels.matchAll(label), ([, key = '', text_ = '']) => [key, unescaped(text_)])
    found.push({ name, type: type_, labels: Object.fromEntries(pairs), value: numberIn(value) })
  }
  return found
}

const unescaped = (text: string): string =>
  text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))

const numberIn = (text: string): number =>
  text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text)

/**
 * What a scrape says since the one before: gauges as they are, counters and histograms by how much they grew. Without an
 * earlier scrape only the gauges say anything; a process that started anew counts from zero.
 */
export function samplesBetween(
  before: ReadonlyMap<string, number> | undefined,
  now: readonly Exposed[],
): readonly Sample[] {
  const samples: Sample[] = []
  const grown = (one: Exposed) => growthOf(before?.get(keyOf(one)) ?? (before && 0), one.value)
  for (const one of now) {
    const { name, type, labels, value } = one
    if (type === 'gauge') samples.push({ kind: 'gauge', name, labels, value })
    else if (type === 'counter' && before !== undefined)
      samples.push({ kind: 'counter', name, labels, growth: grown(one) })
  }
  return before === undefined ? samples : [...samples, ...histograms(now, grown)]
}

/** What `samplesBetween` needs of this scrape at the next one. */
export const remembered = (scrape: readonly Exposed[]): ReadonlyMap<string, number> =>
  new Map(scrape.map((one) => [keyOf(one), one.value]))

const keyOf = ({ name, labels }: Exposed): string =>
  JSON.stringify([name, ...Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))])

function histograms(now: readonly Exposed[], grown: (one: Exposed) => number): Sample[] {
  const of = now.filter(({ type }) => type === 'histogram')
  const sums = new Map(
    of.filter(({ name }) => name.endsWith('_sum')).map((one) => [keyOf({ ...one, name: family(one) }), one]),
  )
  const groups = Map.groupBy(
    of.filter(({ name }) => name.endsWith('_bucket')),
    ({ labels: { le: _, ...labels }, ...one }) => keyOf({ ...one, name: family(one), labels }),
  )
  return [...groups].flatMap(([key, buckets]) => {
    const sum = sums.get(key)
    const [first] = buckets
    if (sum === undefined || first === undefined) return []
    return {
      kind: 'histogram',
      name: family(first),
      labels: sum.labels,
      buckets: bucketsIn(buckets, grown),
      sum: grown(sum),
    }
  })
}

const family = ({ name }: Pick<Exposed, 'name'>) => name.replace(/_(bucket|sum|count)$/, '')

/** The growth of cumulative counts by upper bound, bound by bound. */
function bucketsIn(cumulative: readonly Exposed[], grown: (one: Exposed) => number): LogBuckets {
  const sorted = cumulative
    .map((one) => ({ upper: numberIn(one.labels['le'] ?? '+Inf'), growth: grown(one) }))
    .sort((a, b) => a.upper - b.upper)
  let buckets: LogBuckets = {}
  let [lower, below] = [0, 0]
  for (const { upper, growth } of sorted) {
    if (growth > below) buckets = addBuckets(buckets, bucketsBetween(lower, upper, growth - below))
    ;[lower, below] = [upper, growth]
  }
  return buckets
}
