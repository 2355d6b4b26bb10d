import type { Distribution } from '../../../api/monitors.ts'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { metric, percent } from '../../../words/numbers.ts'
import type { Bar } from '../feature/bars.ts'
import { plain, safe } from './window-option.ts'

const text = { fontFamily: "'Inter Variable', system-ui, sans-serif" }

const base = (colours: Colours) => ({
  animation: false,
  textStyle: text,
  legend: {
    show: true,
    top: 0,
    right: 8,
    itemWidth: 14,
    itemHeight: 10,
    textStyle: { color: colours.text, fontSize: 11 },
  },
})

/** The reference is an outline and production is filled, so that both are seen where they lie over each other. */
const outline = (colours: Colours) => ({
  color: 'transparent',
  borderColor: colours.text,
  borderWidth: 1.5,
})

const sayBar = (bar: Bar | undefined): string =>
  bar === undefined
    ? ''
    : [
        `<b>${safe(bar.label)}</b>`,
        `reference ${percent(bar.reference, 2)} (${bar.counts.reference.toLocaleString('en')} rows)`,
        `production ${percent(bar.production, 2)} (${bar.counts.production.toLocaleString('en')} rows)`,
        ...(bar.difference === undefined
          ? []
          : [
              `difference ${points(bar.difference.value)}, 95 %: ${points(bar.difference.lower)} to ${points(bar.difference.upper)}`,
            ]),
        ...(bar.behind === undefined ? [] : ['click for rows']),
      ].join('<br>')

/** `+3.2 pp` */
export const points = (share: number): string =>
  `${share < 0 ? '−' : '+'}${(Math.abs(share) * 100).toFixed(1)} pp`

/** What a datum is called: by the label of its bar, which an axis may have cut. */
const nameOf = (datum: unknown): string | undefined =>
  typeof datum === 'object' && datum !== null && 'name' in datum ? String(datum.name) : undefined

const tooltip = (bars: readonly Bar[], colours: Colours) => ({
  trigger: 'axis',
  axisPointer: { type: 'shadow', shadowStyle: { color: colours.muted, opacity: 0.12 } },
  backgroundColor: colours.page,
  borderColor: colours.line,
  textStyle: { color: colours.text, fontSize: 12 },
  formatter: (found: readonly { readonly name: string; readonly data?: unknown }[]) =>
    sayBar(bars.find(({ label }) => label === nameOf(found[0]?.data))),
})

const shareAxis = (colours: Colours) => ({
  type: 'value',
  min: 0,
  // A share is at most one.
  max: ({ max }: { readonly max: number }) => (max > 0.8 ? 1 : null),
  axisLabel: { color: colours.muted, fontSize: 11, formatter: (value: number) => plain(percent(value, 2)) },
  splitLine: { lineStyle: { color: colours.line } },
  splitNumber: 4,
})

/** Both sides over the same bins from zero; what is missing stands apart at the right, for it is a share of all rows. */
export function binsOption(all: readonly Bar[], colours: Colours) {
  const bars = all.filter(({ kind }) => kind !== 'missing')
  const missing = all.filter(({ kind }) => kind === 'missing')
  const label = { color: colours.muted, fontSize: 11, hideOverlap: true }
  const grid = { top: 28, bottom: 24 }
  const gap = 96
  const axis = (of: readonly Bar[], gridIndex: number) => ({
    type: 'category',
    gridIndex,
    data: of.map(({ tick }) => tick),
    axisLabel: label,
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { show: false },
  })
  const both = (of: readonly Bar[], at: number) => [
    {
      name: 'production',
      type: 'bar',
      xAxisIndex: at,
      yAxisIndex: at,
      barCategoryGap: '6%',
      color: colours.series[0],
      itemStyle: { opacity: 0.65 },
      data: of.map(({ production, label: name }) => ({ name, value: production })),
    },
    {
      name: 'reference',
      type: 'bar',
      xAxisIndex: at,
      yAxisIndex: at,
      barGap: '-100%',
      barCategoryGap: '6%',
      color: colours.text,
      itemStyle: outline(colours),
      data: of.map(({ reference, label: name }) => ({ name, value: reference })),
    },
  ]
  const isApart = missing.length > 0
  return {
    ...base(colours),
    grid: [
      { ...grid, left: 8, right: isApart ? gap + 72 : 12 },
      ...(isApart ? [{ ...grid, right: 12, width: gap }] : []),
    ],
    tooltip: tooltip(all, colours),
    xAxis: [axis(bars, 0), ...(isApart ? [axis(missing, 1)] : [])],
    yAxis: [
      shareAxis(colours),
      ...(isApart ? [{ ...shareAxis(colours), gridIndex: 1, splitNumber: 2 }] : []),
    ],
    series: [...both(bars, 0), ...(isApart ? both(missing, 1) : [])],
  }
}

const longest = 26
const cut = (label: string) => (label.length > longest ? `${label.slice(0, longest - 1)}…` : label)

/** Categories from top to bottom, both sides beside each other. */
export function sharesOption(bars: readonly Bar[], colours: Colours) {
  return {
    ...base(colours),
    grid: { left: 8, right: 16, top: 28, bottom: 24 },
    tooltip: tooltip(bars, colours),
    xAxis: shareAxis(colours),
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map(({ label }) => cut(label)),
      axisLabel: { color: colours.text, fontSize: 11, interval: 0 },
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
    },
    series: [
      {
        name: 'reference',
        type: 'bar',
        barCategoryGap: '30%',
        barGap: '0%',
        color: colours.text,
        itemStyle: outline(colours),
        data: bars.map(({ reference, label: name }) => ({ name, value: reference })),
      },
      {
        name: 'production',
        type: 'bar',
        barCategoryGap: '30%',
        color: colours.series[0],
        itemStyle: { opacity: 0.75 },
        data: bars.map(({ production, label: name }) => ({ name, value: production })),
      },
    ],
  }
}

/** By how much each share has changed, with its interval, around zero. */
export function differencesOption(bars: readonly Bar[], colours: Colours) {
  return {
    animation: false,
    textStyle: text,
    grid: { left: 8, right: 16, top: 28, bottom: 24 },
    tooltip: tooltip(bars, colours),
    xAxis: {
      type: 'value',
      axisLabel: {
        color: colours.muted,
        fontSize: 11,
        hideOverlap: true,
        formatter: (value: number) => `${Number((value * 100).toPrecision(3))} pp`,
      },
      splitLine: { lineStyle: { color: colours.line } },
      splitNumber: 4,
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map(({ label }) => cut(label)),
      axisLabel: { show: false },
      axisLine: { onZero: true, lineStyle: { color: colours.muted } },
      axisTick: { show: false },
    },
    series: [
      {
        name: 'difference',
        type: 'bar',
        barCategoryGap: '45%',
        color: colours.series[0],
        itemStyle: { opacity: 0.75 },
        data: bars.map(({ difference, label: name }) => ({ name, value: difference?.value ?? null })),
      },
      {
        name: 'interval',
        type: 'line',
        symbol: 'none',
        silent: true,
        color: colours.text,
        lineStyle: { width: 1.25 },
        data: bars.flatMap(({ difference }, i) =>
          difference === undefined
            ? []
            : [
                [difference.lower, i],
                [difference.upper, i],
                [null, i],
              ],
        ),
      },
    ],
  }
}

/** Both empirical distribution functions, over what the bins span: beyond that one far value would flatten all else. */
export function ecdfOption({ quantiles, bins }: Distribution, colours: Colours) {
  const label = { color: colours.muted, fontSize: 11 }
  const line = (name: 'reference' | 'production', look: object) => {
    const values = quantiles?.[name] ?? []
    return {
      name,
      type: 'line',
      step: 'end',
      symbol: 'none',
      ...look,
      data: values.map((value, i) => [value, i / Math.max(1, values.length - 1)]),
    }
  }
  return {
    ...base(colours),
    grid: { left: 8, right: 16, top: 28, bottom: 24 },
    tooltip: {
      trigger: 'axis',
      backgroundColor: colours.page,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? percent(value) : '–'),
    },
    xAxis: {
      type: 'value',
      min: bins?.edges[0],
      max: bins?.edges.at(-1),
      axisLabel: { ...label, formatter: (value: number) => metric(value), hideOverlap: true },
      axisLine: { lineStyle: { color: colours.line } },
      splitLine: { show: false },
    },
    yAxis: { ...shareAxis(colours), max: 1, interval: 0.25 },
    series: [
      line('reference', { color: colours.text, lineStyle: { width: 1.5, type: 'dashed' } }),
      line('production', { color: colours.series[0], lineStyle: { width: 2 } }),
    ],
  }
}
