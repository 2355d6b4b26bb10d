import type { Past } from '../../../api/alerts/rules.ts'
import { timeOption, type Colours, type TimeLine } from '../../../parts/chart/time-option.ts'
import { distinguished } from '../words.ts'

/** More series than colours can tell apart are not drawn. */
const mostLines = 6

/** A time that is shaded, in ms since 1970. */
export interface Shade {
  readonly from: number
  readonly to: number
}

/** What tells a series from the others: the title says already which signal and metric it is of. */
const nameOf = ({ signal: _s, metric: _m, ...labels }: Readonly<Record<string, string>>) =>
  distinguished(labels)

/** The values that a rule looked at, as lines: each has its holes already. */
export const linesOf = ({ series, measure }: Pick<Past, 'series' | 'measure'>): readonly TimeLine[] =>
  series.slice(0, mostLines).map(({ labels, points }, i) => ({
    name: nameOf(labels) || measure,
    colour: i + 1,
    points: points.map(({ at, value }) => ({ at: Date.parse(at), value })),
  }))

/** When it would have fired, as times to shade; what goes on ends where the look ends. */
export const firingIn = ({ states, to }: Pick<Past, 'states' | 'to'>): readonly Shade[] =>
  states
    .filter(({ state }) => state === 'firing')
    .map((spell) => ({ from: Date.parse(spell.from), to: Date.parse(spell.to ?? to) }))

/** Times as few as they can be: several alerts that fire at once are shaded once, not the darker. */
export function united(shades: readonly Shade[]): readonly Shade[] {
  const all: Shade[] = []
  for (const shade of shades.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1)
    if (last === undefined || shade.from > last.to) all.push(shade)
    else all[all.length - 1] = { from: last.from, to: Math.max(last.to, shade.to) }
  }
  return all
}

/**
 * What ECharts draws: the lines, the limits as dashed lines that the value axis has to reach, and the times in which it
 * fired as shades. The value axis need not begin at zero, as it is of lines.
 */
export function pastOption(
  past: Pick<Past, 'series' | 'measure' | 'threshold' | 'limit' | 'from' | 'to'>,
  shades: readonly Shade[],
  format: (value: number) => string,
  colours: Colours,
) {
  const [from, to] = [Date.parse(past.from), Date.parse(past.to)]
  const lines = linesOf(past)
  const { lower, upper } = past.threshold
  const limits = [lower, upper].filter((value) => value !== undefined)
  const option = timeOption({ lines, from, to, stepMs: Number.POSITIVE_INFINITY, format }, colours)
  const shaded = {
    silent: true,
    itemStyle: { color: colours.bad, opacity: 0.16 },
    // What was short in a long time is to be seen, too.
    data: united(shades).map((shade) => [
      { xAxis: Math.min(Math.max(shade.from, from), to - (to - from) / 250) },
      { xAxis: Math.max(Math.min(shade.to, to), shade.from + (to - from) / 250) },
    ]),
  }
  return {
    ...option,
    legend: { ...option.legend, show: true },
    grid: { ...option.grid, bottom: 46 },
    yAxis: { ...option.yAxis, scale: true },
    series: [
      ...option.series,
      {
        name: `limit ${past.limit}`,
        type: 'line',
        symbol: 'none',
        silent: true,
        color: colours.muted,
        lineStyle: { width: 1.5, type: 'dashed' },
        // With a hole between them, two limits are one line in the legend.
        data: limits.flatMap((value, i) => [...(i === 0 ? [] : [[to, null]]), [from, value], [to, value]]),
        markArea: shaded,
      },
    ],
  }
}

/** What is to be seen, in a sentence: between which values it was, and for how long it was beyond its limit. */
export function conclusionOf(
  past: Pick<Past, 'series' | 'limit'>,
  shades: readonly Shade[],
  format: (value: number) => string,
): string {
  const values = past.series.flatMap(({ points }) => points.flatMap(({ value }) => value ?? []))
  if (values.length === 0) return 'Nothing was measured.'
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)] as const,
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const,
  )
  const times =
    shades.length === 0
      ? 'it never fired'
      : `it fired ${shades.length === 1 ? 'once' : `${shades.length} times`}`
  return `Between ${format(low)} and ${format(high)}; the limit is ${past.limit}; ${times}.`
}
