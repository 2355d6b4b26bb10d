import { useMemo } from 'react'
import { exact, metric, percent } from '../../words/numbers.ts'
import { Chart } from './chart.tsx'
import { barsOf, overlayOption, rangeOf, totalOf, type Overlay } from './overlay-option.ts'
import type { Colours } from './time-option.ts'

/** Two samples of numbers (or times, in seconds) in shared bins. Give it a stable `overlay`. */
export function OverlayChart({
  title,
  names,
  overlay,
  conclusion,
  isTime = false,
  height = 150,
}: {
  readonly title: string
  readonly names: { readonly reference: string; readonly current: string }
  readonly overlay: Overlay
  readonly conclusion: string
  readonly isTime?: boolean
  readonly height?: number
}) {
  const { reference, current } = names
  const format = isTime ? day : metric
  const bars = useMemo(() => barsOf(overlay), [overlay])
  const option = useMemo(
    () => (colours: Colours) =>
      overlayOption(bars, { reference, current }, { format: isTime ? day : short, isTime }, colours),
    [bars, reference, current, isTime],
  )
  const beyond =
    overlay.reference.below + overlay.reference.above + overlay.current.below + overlay.current.above
  return (
    <Chart
      title={title}
      subtitle={`n ${exact(totalOf(overlay.reference))} and ${exact(totalOf(overlay.current))}${beyond > 0 ? '; end bins: beyond' : ''}`}
      conclusion={conclusion}
      option={option}
      height={height}
      table={() => ({
        header: ['values', reference, current],
        rows: bars.map((bar) => [rangeOf(bar, format), percent(bar.reference), percent(bar.current)]),
      })}
    />
  )
}

const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')
/** A number on an axis: as short as it can be told. */
const short = (value: number) => String(Number(value.toPrecision(3)))
