import { IntervalPlot } from '../../../parts/chart/interval-plot.tsx'
import type { Measure } from '../../../api/releases.ts'
import { StatusDot } from '../../../parts/status.tsx'
import { metric, percent } from '../../../words/numbers.ts'
import { duration } from '../../../words/time.ts'
import { limitsOf, plotsOf, rowName, type GatePlot } from './gate-plots.ts'
import style from '../releases.module.css'

const formats: Readonly<Record<GatePlot['unit'], (value: number) => string>> = {
  plain: (value) => metric(Number(value.toPrecision(4))),
  ms: (value) => (value < 10 ? `${Number(value.toPrecision(3))} ms` : duration(value)),
  share: (value) => percent(value, 1),
}

/** Fewer rows than these say little, however extreme they look. */
const fewRows = 100
/** More parts than these are for the gate's own page. */
const mostRows = 24

/** What a gate measured, drawn: each estimate with its interval, and what it was held to. */
export function GateEvidence({ measures }: { readonly measures: readonly Measure[] }) {
  const plots = plotsOf(measures)
  if (plots.length === 0) return null
  return (
    <div className={style.plots}>
      {plots.map((plot) => (
        <IntervalPlot
          key={plot.key}
          title={plot.title}
          subtitle={subtitleOf(plot)}
          limits={limitsOf(plot)}
          logarithmic={plot.logarithmic}
          format={formats[plot.unit]}
          {...(plot.unit === 'plain' ? { tick: (value) => String(Number(value.toPrecision(6))) } : {})}
          rows={plot.measures.slice(0, mostRows).map((measure, i) => ({
            key: `${i} ${rowName(measure, plot)}`,
            label: rowName(measure, plot),
            estimate: measure.estimate,
            lower: measure.interval?.lower,
            upper: measure.interval?.upper,
            n: measure.n,
            colour: measure.of === 'champion' ? 1 : 2,
            isFaint: measure.n !== undefined && measure.n < fewRows,
            ...(measure.verdict === undefined
              ? {}
              : { note: <StatusDot kind="verdict" state={measure.verdict} /> }),
          }))}
        />
      ))}
    </div>
  )
}

function subtitleOf({ measures }: GatePlot): string {
  const [first] = measures
  const level = first?.interval === undefined ? '' : `${percent(first.interval.confidence, 0)} intervals`
  const more = measures.length > mostRows ? `${mostRows} of ${measures.length}, the lowest first` : ''
  return [level, first?.method ?? '', more].filter(Boolean).join(', ')
}
