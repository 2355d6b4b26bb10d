import { autoBinCount, binOf, equalWidthBins } from '../../statistics/distributions/bins.ts'
import { quantileOf, type Tally } from '../../statistics/distributions/tally.ts'
import type { SharedHistogram } from './diff.ts'

/** More bars than these are not told apart in a picture, and less would hide a second hump. */
const [fewest, most] = [8, 30]
/** As many more bins may `to` add, on both sides together. */
const mostAdded = 30
/** A range this many times wider than the middle 99 % is stretched by a few values. */
const stretched = 3

/**
 * Both sides in the same bins, which `from` decides: equal widths, as many as its values ask for; few whole numbers get a bin
 * each, around the number. Bins of that width go on where most of `to` lies beyond, so that the picture of a reference stays
 * as it is, whatever it is compared with. A few values far out do not squeeze the others into one bar: what lies beyond the
 * edges is counted as `below` and `above`. Without values in `from` the bins are those of `to`; undefined if neither has
 * any. Pure.
 */
export function sharedHistogram(from: Tally, to: Tally): SharedHistogram | undefined {
  const reference = from.total > 0 ? from : to
  if (reference.total === 0) return undefined
  const edges = continued(edgesOf(reference), to)
  const [a, b] = [placed(from, edges), placed(to, edges)]
  return {
    edges,
    counts: { from: a.counts, to: b.counts },
    below: { from: a.below, to: b.below },
    above: { from: a.above, to: b.above },
  }
}

/** More bins of the same width towards the middle 99 % of the values. */
function continued(edges: readonly number[], tally: Tally): readonly number[] {
  const [first = 0, second = 1] = edges
  const last = edges.at(-1) ?? 1
  const width = second - first
  if (tally.total === 0 || !(width > 0)) return edges
  const [low, high] = [quantileOf(tally, 0.005) ?? first, quantileOf(tally, 0.995) ?? last]
  const left = Math.max(0, Math.min(mostAdded, Math.ceil((first - low) / width)))
  const right = Math.max(0, Math.min(mostAdded - left, Math.ceil((high - last) / width)))
  return [
    ...Array.from({ length: left }, (_, i) => first - (left - i) * width),
    ...edges,
    ...Array.from({ length: right }, (_, i) => last + (i + 1) * width),
  ]
}

function edgesOf(tally: Tally): readonly number[] {
  const { values, total } = tally
  const [min, max] = [values[0] ?? 0, values[values.length - 1] ?? 0]
  const integers = Array.from(values).every((value) => Number.isSafeInteger(value))
  const at = (q: number) => quantileOf(tally, q) ?? 0
  const [low, high] = [at(0.005), at(0.995)]
  const isStretched = high > low && max - min > stretched * (high - low)
  const [first, last] = isStretched ? [low, high] : [min, max]
  if (integers && last - first < most) {
    const [least, greatest] = [Math.ceil(first), Math.floor(last)]
    return Array.from({ length: greatest - least + 2 }, (_, i) => least + i - 0.5)
  }
  const count = autoBinCount({
    count: total,
    min: first,
    max: last,
    interquartileRange: at(0.75) - at(0.25),
    integers,
  })
  return equalWidthBins(first, last, Math.min(most, Math.max(fewest, count))).edges
}

function placed({ values, counts: each }: Tally, edges: readonly number[]) {
  const counts = edges.slice(1).map(() => 0)
  const [first = 0, last = 0] = [edges[0], edges.at(-1)]
  const beyond = { below: 0, above: 0 }
  for (let i = 0; i < values.length; i++) {
    const [value, count] = [values[i] ?? 0, each[i] ?? 0]
    if (value < first) beyond.below += count
    else if (value > last) beyond.above += count
    else {
      const bin = binOf(value, { edges })
      counts[bin] = (counts[bin] ?? 0) + count
    }
  }
  return { counts, ...beyond }
}
