import type { Behind, Distribution } from '../../../api/monitors.ts'
import { newcombe } from '../../../../../src/statistics/intervals/proportions.ts'
import { exact, metric } from '../../../words/numbers.ts'

/** One bar of a distribution: a bin, an open end, a category, all others, or what is missing. */
export interface Bar {
  /** What it holds, in full. */
  readonly label: string
  /** The same below an axis. */
  readonly tick: string
  readonly kind: 'bin' | 'end' | 'category' | 'unseen' | 'others' | 'missing'
  readonly counts: { readonly reference: number; readonly production: number }
  /** Shares of the rows of either side that have a value, so that these bars add up to one; of what is missing, of all rows. */
  readonly reference: number
  readonly production: number
  /** Share of production less that of the reference, with Newcombe's interval of 95 %. */
  readonly difference: { readonly value: number; readonly lower: number; readonly upper: number } | undefined
  /** The rows behind it; none where they cannot be asked for. */
  readonly behind?: Behind
}

const z95 = 1.959963984540054

/** The bars of a distribution in the order in which they are drawn: what is missing last. Open ends only where they hold something. */
export function barsOf(distribution: Distribution): readonly Bar[] {
  const { reference, production, bins, categories = [], others } = distribution
  const bar = (
    of: Pick<Bar, 'label' | 'kind' | 'behind'> & { readonly tick?: string },
    counts: Bar['counts'],
  ): Bar => {
    const [was, now] = of.kind === 'missing' ? [reference.rows, production.rows] : [reference.n, production.n]
    return {
      tick: of.label,
      ...of,
      counts,
      reference: share(counts.reference, was),
      production: share(counts.production, now),
      difference: differenceOf(counts, { reference: was, production: now }),
    }
  }
  const missing =
    reference.missing + production.missing === 0
      ? []
      : [
          bar(
            { label: 'missing, of all rows', tick: 'missing', kind: 'missing', behind: { missing: true } },
            { reference: reference.missing, production: production.missing },
          ),
        ]
  if (bins !== undefined) return [...binBars(bins, bar), ...missing]
  return [
    ...categories.map((one) => {
      const isUnseen = one.reference === 0
      return bar(
        {
          label: isUnseen ? `${one.name} (new)` : one.name,
          kind: isUnseen ? 'unseen' : 'category',
          behind: { values: [one.name] },
        },
        one,
      )
    }),
    ...(others === undefined || others.categories === 0
      ? []
      : [bar({ label: `${exact(others.categories)} others`, kind: 'others' }, others)]),
    ...missing,
  ]
}

const share = (count: number, rows: number) => (rows === 0 ? 0 : count / rows)

function differenceOf(
  counts: Bar['counts'],
  rows: { readonly reference: number; readonly production: number },
): Bar['difference'] {
  if (rows.reference === 0 || rows.production === 0) return undefined
  const now = { events: counts.production, trials: rows.production }
  const was = { events: counts.reference, trials: rows.reference }
  const value = now.events / now.trials - was.events / was.trials
  return { value, ...newcombe(now, was, z95) }
}

function binBars(
  { edges, reference, production }: NonNullable<Distribution['bins']>,
  bar: (
    of: Pick<Bar, 'label' | 'kind' | 'behind'> & { readonly tick?: string },
    counts: Bar['counts'],
  ) => Bar,
): readonly Bar[] {
  const name = edgeName(edges)
  return reference.flatMap((was, i) => {
    const [from, to] = [edges[i - 1], edges[i]]
    const counts = { reference: was, production: production[i] ?? 0 }
    const isEnd = from === undefined || to === undefined
    if (isEnd && counts.reference + counts.production === 0) return []
    const label = name(from, to)
    return [
      bar(
        {
          ...label,
          kind: isEnd ? 'end' : 'bin',
          behind: { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
        },
        counts,
      ),
    ]
  })
}

/** Whole numbers stand in the middle of their bins: those are called by what they hold, all others by their edges. */
function edgeName(edges: readonly number[]) {
  const isWhole = edges.every((edge) => Math.abs(edge % 1) === 0.5)
  return (from: number | undefined, to: number | undefined): { label: string; tick: string } => {
    if (isWhole) {
      const [first, last] = [Math.ceil(from ?? 0) + 0, Math.floor(to ?? 0) + 0]
      if (from === undefined) return { label: `${exact(last)} or less`, tick: `≤ ${exact(last)}` }
      if (to === undefined) return { label: `${exact(first)} or more`, tick: `≥ ${exact(first)}` }
      return first === last
        ? { label: exact(first), tick: exact(first) }
        : { label: `${exact(first)} to ${exact(last)}`, tick: exact(first) }
    }
    if (from === undefined) return { label: `below ${short(to)}`, tick: `< ${short(to)}` }
    if (to === undefined) return { label: `${short(from)} or more`, tick: `≥ ${short(from)}` }
    return { label: `from ${short(from)} to below ${short(to)}`, tick: short(from) }
  }
}

/** Edges are round: `0.1`, not `0.1000`. */
const short = (value: number | undefined): string =>
  value === undefined
    ? ''
    : Math.abs(value) >= 1e-4 && Math.abs(value) < 1e7
      ? Number(value.toPrecision(6)).toLocaleString('en', { maximumFractionDigits: 6 })
      : value === 0
        ? '0'
        : metric(value)

/** The bar that has moved farthest, and by how much: a sentence of what is to be seen. */
export function conclusionOf(bars: readonly Bar[]): string {
  const moved = bars
    .filter(({ difference }) => difference !== undefined)
    .toSorted((a, b) => Math.abs(b.difference?.value ?? 0) - Math.abs(a.difference?.value ?? 0))[0]
  if (moved?.difference === undefined) return 'one of the sides has no rows'
  const { value, lower, upper } = moved.difference
  const sign = value < 0 ? 'less' : 'more'
  const points = (x: number) => `${(Math.abs(x) * 100).toFixed(1)} pp`
  const surely = lower > 0 || upper < 0 ? '' : ', which may be chance'
  return `${moved.label} has changed most: ${points(value)} ${sign} than in the reference${surely}`
}
