import type { Colours } from './time-option.ts'

/** Rows of two samples in the same bins, whose edges only the first decides. */
export interface Overlay {
  /** One more than there are bins. */
  readonly edges: readonly number[]
  readonly reference: Sample
  readonly current: Sample
}

export interface Sample {
  readonly counts: readonly number[]
  /** Rows beyond the first and the last edge. */
  readonly below: number
  readonly above: number
}

/** Rows that the bins and what is beyond them hold. */
export const totalOf = ({ counts, below, above }: Sample): number =>
  counts.reduce((sum, count) => sum + count, below + above)

export interface Bar {
  readonly from: number
  readonly to: number
  /** Shares of each sample's own rows; null of a sample without any. */
  readonly reference: number | null
  readonly current: number | null
  /** What is beyond the edges, drawn as one more bin. */
  readonly end?: 'below' | 'above'
}

/** The bins as shares of each sample's rows, with one more at each end where anything lies beyond. Pure. */
export function barsOf({ edges, reference, current }: Overlay): readonly Bar[] {
  const [n, m] = [totalOf(reference), totalOf(current)]
  const share = (count: number, of: number) => (of === 0 ? null : count / of)
  const [first = 0, second = 1] = edges
  const last = edges.at(-1) ?? 1
  const width = second - first
  const inner = edges.slice(1).map((to, i): Bar => ({
    from: edges[i] ?? 0,
    to,
    reference: share(reference.counts[i] ?? 0, n),
    current: share(current.counts[i] ?? 0, m),
  }))
  const end = (which: 'below' | 'above'): readonly Bar[] =>
    reference[which] + current[which] === 0
      ? []
      : [
          {
            ...(which === 'below' ? { from: first - width, to: first } : { from: last, to: last + width }),
            reference: share(reference[which], n),
            current: share(current[which], m),
            end: which,
          },
        ]
  return [...end('below'), ...inner, ...end('above')]
}

/** What ECharts draws: the reference as an outline, the current sample filled, from zero. */
export function overlayOption(
  bars: readonly Bar[],
  names: { readonly reference: string; readonly current: string },
  { format, isTime = false }: { readonly format: (value: number) => string; readonly isTime?: boolean },
  colours: Colours,
) {
  const label = { color: colours.muted, fontSize: 11 }
  const scale = isTime ? 1000 : 1
  const line = (which: 'reference' | 'current') => [
    [(bars[0]?.from ?? 0) * scale, 0],
    ...bars.map((bar) => [bar.from * scale, bar[which] ?? 0]),
    [(bars.at(-1)?.to ?? 1) * scale, 0],
  ]
  const most = Math.max(0, ...bars.flatMap(({ reference, current }) => [reference ?? 0, current ?? 0]))
  return {
    animation: false,
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
    grid: { left: 4, right: 10, top: 8, bottom: 20 },
    tooltip: {
      trigger: 'axis',
      backgroundColor: colours.page,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: (items: readonly { readonly dataIndex: number }[]) => {
        const bar = bars[(items[0]?.dataIndex ?? 0) - 1]
        if (bar === undefined) return ''
        const range = rangeOf(bar, format)
        const said = (value: number | null) => (value === null ? '–' : `${(value * 100).toFixed(1)} %`)
        return `${range}<br>${escaped(names.reference)}: ${said(bar.reference)}<br>${escaped(names.current)}: ${said(bar.current)}`
      },
    },
    xAxis: {
      type: isTime ? 'time' : 'value',
      min: (bars[0]?.from ?? 0) * scale,
      max: (bars.at(-1)?.to ?? 1) * scale,
      splitNumber: 4,
      axisLabel: {
        ...label,
        hideOverlap: true,
        showMinLabel: false,
        showMaxLabel: false,
        ...(isTime ? {} : { formatter: format }),
      },
      axisLine: { lineStyle: { color: colours.line } },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min: 0,
      ...(most > 0.8 ? { max: 1, interval: 0.25 } : {}),
      splitNumber: 3,
      axisLabel: { ...label, formatter: (value: number) => `${Number((value * 100).toPrecision(2))} %` },
      splitLine: { lineStyle: { color: colours.line } },
    },
    series: [
      {
        name: names.current,
        type: 'line',
        step: 'end',
        symbol: 'none',
        color: colours.series[1],
        lineStyle: { width: 1 },
        areaStyle: { opacity: 0.35 },
        data: line('current'),
      },
      {
        name: names.reference,
        type: 'line',
        step: 'end',
        symbol: 'none',
        color: colours.series[0],
        lineStyle: { width: 1.75 },
        data: line('reference'),
      },
    ],
  }
}

/** `1 to 2`, `below 1`, `above 40`. */
export function rangeOf({ from, to, end }: Bar, format: (value: number) => string): string {
  if (end === 'below') return `below ${format(to)}`
  if (end === 'above') return `above ${format(from)}`
  return `${format(from)} to ${format(to)}`
}

/** Names come from people, and a tooltip is HTML. */
const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0) ?? 0};`)
