import { useQuery } from '@tanstack/react-query'
import { useMemo, type ReactNode } from 'react'
import type { Endpoint } from '../../../api/endpoints.ts'
import { hourly, metricQuery, ranges, weekMs, type Measured, type Range } from '../../../api/metrics.ts'
import { Coming } from '../../../parts/chart/coming.tsx'
import { TimeChart } from '../../../parts/chart/time-chart.tsx'
import type { TimeLine, TimeMark } from '../../../parts/chart/time-option.ts'
import { Panel } from '../../../parts/panel.tsx'
import { count, percent, rate } from '../../../words/numbers.ts'
import { duration } from '../../../words/time.ts'
import { LatencyHeatmap } from './latency-heatmap.tsx'
import { besideWeek, codeShares, lineOf, perSecond, quantile } from './measured.ts'
import { red } from './red.ts'
import style from '../endpoints.module.css'

/** Every request of a gateway, with what it took. */
export const requestDurations = 'http_server_request_duration_seconds'

const seconds = (value: number) => duration(value * 1000)
const share = (value: number) => percent(value, 1)
const quantiles = ['p50', 'p95', 'p99', 'count'] as const

interface ChartsOf {
  readonly endpoint: Endpoint
  readonly range: Range
  readonly marks: readonly TimeMark[]
}

/** A chart of lines as it is told: what it is of, and how its numbers read. */
interface Drawn {
  readonly title: string
  readonly subtitle: string
  readonly conclusion: string
  readonly lines: readonly TimeLine[]
  readonly format: (value: number) => string
  readonly logarithmic?: boolean
  readonly atLeast?: number
}

/** Charts beside each other over the same time; until it has been measured what they will be of, in the room they will take. */
function Charts({
  charts,
  measured,
  marks,
  children,
}: {
  readonly charts: readonly Drawn[]
  readonly measured: Measured | undefined
  readonly marks: readonly TimeMark[]
  readonly children?: ReactNode
}) {
  return (
    <div className={style.charts}>
      {charts.map((chart) => (
        <Panel key={chart.title}>
          {measured === undefined ? (
            <Coming title={chart.title} subtitle={chart.subtitle} />
          ) : (
            <TimeChart
              {...chart}
              from={measured.from}
              to={measured.to}
              stepMs={measured.grainMs}
              marks={marks}
              emptyReason="Nobody has asked in this time."
            />
          )}
        </Panel>
      ))}
      {children}
    </div>
  )
}

/** Rate, errors and duration of all deployments together. */
export function AllCharts({ endpoint, range, marks }: ChartsOf) {
  const of = { name: requestDurations, range }
  const byStatus = useQuery(metricQuery(endpoint.id, { ...of, aggregations: ['count'], by: ['status'] }))
  const durations = useQuery(metricQuery(endpoint.id, { ...of, aggregations: quantiles }))
  const buckets = useQuery(metricQuery(endpoint.id, { ...of, aggregations: ['count'], by: ['le'] }))
  const byDeployment = useQuery(
    metricQuery(endpoint.id, { ...of, aggregations: ['count'], by: ['deployment'] }),
  )
  const rates = useMemo(() => deploymentLines(byDeployment.data, perSecond), [byDeployment.data])
  const slow = useMemo(
    () =>
      durations.data === undefined
        ? []
        : (['p50', 'p95', 'p99'] as const).map((name, i) =>
            lineOf(durations.data, durations.data.series[0], quantile(name), { name, colour: i + 1 }),
          ),
    [durations.data],
  )
  const codes = useMemo(() => linesOfCodes(byStatus.data), [byStatus.data])
  const { requests, errors } = byStatus.data === undefined ? { requests: 0, errors: 0 } : red(byStatus.data)
  const last = durations.data?.series[0]?.points.at(-1)
  const window = `last ${ranges[range].label}`
  return (
    <Charts
      measured={byStatus.data === undefined ? undefined : durations.data}
      marks={marks}
      charts={[
        {
          title: 'Requests per second',
          subtitle: `by deployment, ${window}`,
          conclusion: `${count(requests)} requests`,
          lines: rates,
          format: rate,
        },
        {
          title: 'Answers that are no success',
          subtitle: `share of all answers by code, ${window}, n ${count(requests)}`,
          conclusion: `${count(errors)} answers were 5xx or 424`,
          lines: codes,
          format: share,
          atLeast: 0.01,
        },
        {
          title: 'Duration by quantile',
          subtitle: `of all requests together, ${window}, log scale, n ${count(requests)}`,
          conclusion: last?.p99 === undefined ? 'no requests' : `p99 is ${seconds(last.p99)} now`,
          lines: slow,
          format: seconds,
          logarithmic: true,
        },
      ]}
    >
      <Panel>
        {buckets.data === undefined ? (
          <Coming title="Requests by duration" subtitle={`all of them, ${window}`} />
        ) : (
          <LatencyHeatmap measured={buckets.data} marks={marks} window={window} />
        )}
      </Panel>
    </Charts>
  )
}

/** The share of each code; where all succeeded a line at the bottom: there were answers, and none of them was an error. */
function linesOfCodes(measured: Measured | undefined): readonly TimeLine[] {
  if (measured === undefined) return []
  const codes = codeShares(measured)
  if (codes.length > 0) return codes
  const { errorShares } = red(measured)
  return errorShares.length === 0 ? [] : [{ name: 'errors', colour: 2, points: errorShares }]
}

/** A line for each deployment that was asked; colours follow their order. */
const deploymentLines = (measured: Measured | undefined, reading: typeof perSecond): readonly TimeLine[] =>
  measured === undefined
    ? []
    : measured.series
        .filter(({ labels }) => labels['deployment'] !== '')
        .map((series, i) =>
          lineOf(measured, series, reading, { name: series.labels['deployment'] ?? '', colour: (i % 6) + 1 }),
        )

/** What is compared, deployment with deployment or hour with hour: rate, errors, and two quantiles. */
const compared = (
  of: { readonly window: string; readonly conclusion: string },
  lines: {
    readonly rates: readonly TimeLine[]
    readonly errors: readonly TimeLine[]
    readonly quantiles: Readonly<Record<string, readonly TimeLine[]>>
  },
): readonly Drawn[] => [
  {
    title: 'Requests per second',
    subtitle: of.window,
    conclusion: of.conclusion,
    lines: lines.rates,
    format: rate,
  },
  {
    title: 'Error rate',
    subtitle: `share of answers that are 5xx or 424, ${of.window}`,
    conclusion: of.conclusion,
    lines: lines.errors,
    format: share,
    atLeast: 0.01,
  },
  ...Object.entries(lines.quantiles).map(([title, drawn]) => ({
    title,
    subtitle: `${of.window}, log scale`,
    conclusion: of.conclusion,
    lines: drawn,
    format: seconds,
    logarithmic: true,
  })),
]

/** Deployment against deployment, over the same time. */
export function RevisionCharts({ endpoint, range, marks }: ChartsOf) {
  const of = { name: requestDurations, range }
  const { data } = useQuery(metricQuery(endpoint.id, { ...of, aggregations: quantiles, by: ['deployment'] }))
  const byStatus = useQuery(
    metricQuery(endpoint.id, { ...of, aggregations: ['count'], by: ['deployment', 'status'] }),
  )
  const lines = useMemo(
    () => ({
      rates: deploymentLines(data, perSecond),
      p50: deploymentLines(data, quantile('p50')),
      p99: deploymentLines(data, quantile('p99')),
    }),
    [data],
  )
  const errors = useMemo(() => errorLines(byStatus.data), [byStatus.data])
  const { rates, p50, p99 } = lines
  const told = {
    window: `by deployment, last ${ranges[range].label}`,
    conclusion: `${rates.length} deployments were asked`,
  }
  return (
    <Charts
      measured={data}
      marks={marks}
      charts={compared(told, { rates, errors, quantiles: { p50, p99 } })}
    />
  )
}

function errorLines(measured: Measured | undefined): readonly TimeLine[] {
  if (measured === undefined) return []
  const byDeployment = Map.groupBy(measured.series, ({ labels }) => labels['deployment'] ?? '')
  return [...byDeployment]
    .filter(([name]) => name !== '')
    .map(([name, series], i) => ({
      name,
      colour: (i % 6) + 1,
      points: red({ ...measured, series }).errorShares,
    }))
}

/** Now against the same hours a week before: what is older than three days is kept by the hour, so both are by the hour. */
export function WeekCharts({ endpoint, range, marks }: ChartsOf) {
  const of = { name: requestDurations, range, grain: hourly }
  const asked = { ...of, aggregations: quantiles }
  const now = useQuery(metricQuery(endpoint.id, asked)).data
  const before = useQuery(metricQuery(endpoint.id, { ...asked, agoMs: weekMs })).data
  const codes = { ...of, aggregations: ['count'] as const, by: ['status'] }
  const nowCodes = useQuery(metricQuery(endpoint.id, codes)).data
  const beforeCodes = useQuery(metricQuery(endpoint.id, { ...codes, agoMs: weekMs })).data
  const lines = useMemo(() => {
    const beside = (reading: typeof perSecond) =>
      now === undefined ? [] : besideWeek(now, before, reading, 'now')
    return { rates: beside(perSecond), p95: beside(quantile('p95')), p99: beside(quantile('p99')) }
  }, [now, before])
  const errors = useMemo(() => besideWeekErrors(nowCodes, beforeCodes), [nowCodes, beforeCodes])
  const isThere = before === undefined || before.series.length > 0
  const { rates, p95, p99 } = lines
  const told = {
    window: `by the hour, last ${ranges[range].label} and the same a week before`,
    conclusion: isThere ? 'beside the week before' : 'nothing was measured a week before',
  }
  return (
    <>
      {isThere ? null : (
        <p className="muted">
          Nothing was measured here in the same hours of last week, so there is nothing to compare with.
        </p>
      )}
      <Charts
        measured={before === undefined ? undefined : now}
        marks={marks}
        charts={compared(told, { rates, errors, quantiles: { p95, p99 } })}
      />
    </>
  )
}

function besideWeekErrors(now: Measured | undefined, before: Measured | undefined): readonly TimeLine[] {
  const sharesOf = (measured: Measured | undefined) =>
    measured === undefined ? [] : red(measured).errorShares
  const then = sharesOf(before).map(({ at, value }) => ({ at: at + weekMs, value }))
  const lines: readonly TimeLine[] = [
    { name: 'now', colour: 1, points: sharesOf(now) },
    { name: 'now, a week before', colour: 6, dashed: true, points: then },
  ]
  return lines.filter(({ points }) => points.length > 0)
}
