import type { Colours } from '../../../parts/chart/time-option.ts'

interface Grid {
  readonly x: readonly number[]
  readonly y: readonly number[]
  readonly cells: readonly (readonly [number, number, number])[]
}

/**
 * A cloud of points as squares, the darker the more of them, with lines over it that mean something. The squares are drawn
 * as a scatter over true axes, so that lines and squares share them.
 */
export function gridOption(
  { x, y, cells }: Grid,
  lines: readonly {
    readonly name: string
    readonly colour: number | 'muted'
    readonly dashed?: boolean
    readonly points: readonly (readonly [number, number])[]
  }[],
  names: { readonly x: string; readonly y: string },
  colours: Colours,
) {
  const label = { color: colours.muted, fontSize: 11 }
  const middle = (edges: readonly number[], i: number) => ((edges[i] ?? 0) + (edges[i + 1] ?? 0)) / 2
  const most = Math.max(1, ...cells.map(([, , count]) => count))
  const axis = {
    type: 'value',
    splitNumber: 4,
    axisLabel: { ...label, showMinLabel: false, showMaxLabel: false, formatter: short },
    nameTextStyle: label,
    nameLocation: 'middle',
    splitLine: { show: false },
  }
  return {
    animation: false,
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
    grid: { left: 28, right: 12, top: 10, bottom: 36 },
    tooltip: {
      trigger: 'item',
      backgroundColor: colours.page,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: ({ value }: { readonly value: readonly number[] }) =>
        `${names.x} ${short(value[0] ?? 0)}<br>${names.y} ${short(value[1] ?? 0)}${value[2] === undefined ? '' : `<br>${value[2]} rows`}`,
    },
    xAxis: { ...axis, name: names.x, nameGap: 22, min: x[0], max: x.at(-1) },
    yAxis: { ...axis, name: names.y, nameGap: 40, min: y[0], max: y.at(-1) },
    series: [
      {
        type: 'scatter',
        symbol: 'rect',
        symbolSize: 9,
        data: cells.map(([column, row, count]) => ({
          value: [middle(x, column), middle(y, row), count],
          // Counts are of very different sizes: by their logarithm the few are seen, too.
          itemStyle: {
            color: colours.series[0],
            opacity: 0.12 + (0.88 * Math.log1p(count)) / Math.log1p(most),
          },
        })),
      },
      ...lines.map(({ name, colour, dashed, points }) => ({
        name,
        type: 'line',
        symbol: 'none',
        silent: true,
        color: colour === 'muted' ? colours.muted : colours.series[colour - 1],
        lineStyle: { width: colour === 'muted' ? 1 : 2, type: dashed === true ? 'dashed' : 'solid' },
        data: points,
      })),
    ],
  }
}

const short = (value: number) => String(Number(value.toPrecision(3)))
