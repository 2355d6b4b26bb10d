import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Endpoint } from '../../../api/endpoints.ts'
import { hourly, metricQuery, ranges, weekMs, type Measured, type Range } from '../../../api/metrics.ts'
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
const nobody = 'Nobody has asked in this time.'

interface ChartsOf {
  readonly endpoint: Endpoint
  readonly range: Range
  readonly marks: readonly TimeMark[]
}

/** Rate, errors and duration of all deployments together. */
export function AllCharts({ endpoint, range, marks }: ChartsOf) {
  const of = { name: requestDurations, range }
  const byStatus = useQuery(metricQuery(endpoint.id, { ...of, aggregations: ['count'], by: ['status'] }))
  const durations = useQuery(
    metricQuery(endpoint.id, { ...of, aggregations: ['p50', 'p95', 'p99', 'count'] }),
  )
  const buckets = useQuery(metricQuery(endpoint.id, { ...of, aggregations: ['count'], by: ['le'] }))
  const byDeployment = useQuery(
    metricQuery(endpoint.id, { ...of, aggregations: ['count'], by: ['deployment'] }),
  )
  const rates = useMemo(() => deploymentLines(byDeployment.data, perSecond), [byDeployment.data])
  const quantiles = useMemo(
    () =>
      durations.data === undefined
        ? []
        : (['p50', 'p95', 'p99'] as const).map((name, i) =>
            lineOf(durations.data, durations.data.series[0], quantile(name), { name, colour: i + 1 }),
          ),
    [durations.data],
  )
  const codes = useMemo(() => (byStatus.data === undefined ? [] : codeShares(byStatus.data)), [byStatus.data])
  if (byStatus.data === undefined || durations.data === undefined) return null
  const { requests, errors } = red(byStatus.data)
  const last = durations.data.series[0]?.points.at(-1)
  const window = `last ${ranges[range].label}`
  const axis = { from: durations.data.from, to: durations.data.to, stepMs: durations.data.grainMs, marks }
  return (
    <div className={style.charts}>
      <Panel>
        <TimeChart
          title="Requests per second"
          subtitle={`by deployment, ${window}`}
          conclusion={`${count(requests)} requests`}
          lines={rates}
          {...axis}
          format={rate}
          emptyReason={nobody}
        />
      </Panel>
      <Panel>
        <TimeChart
          title="Answers that are no success"
          subtitle={`share of all answers by code, ${window}, n ${count(requests)}`}
          conclusion={`${count(errors)} answers were 5xx or 424`}
          lines={codes.length > 0 ? codes : noErrors(byStatus.data)}
          {...axis}
          format={share}
          atLeast={0.01}
          emptyReason={nobody}
        />
      </Panel>
      <Panel>
        <TimeChart
          title="Duration by quantile"
          subtitle={`of all requests together, ${window}, log scale, n ${count(requests)}`}
          conclusion={last?.p99 === undefined ? 'no requests' : `p99 is ${seconds(last.p99)} now`}
          lines={quantiles}
          {...axis}
          format={seconds}
          logarithmic
          emptyReason={nobody}
        />
      </Panel>
      <Panel>
        {buckets.data === undefined ? null : (
          <LatencyHeatmap measured={buckets.data} marks={marks} window={window} />
        )}
      </Panel>
    </div>
  )
}

/** A line at the bottom: there were answers, and none of them was an error. */
function noErrors(measured: Measured): readonly TimeLine[] {
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

/** Deployment against deployment, over the same time. */
export function RevisionCharts({ endpoint, range, marks }: ChartsOf) {
  const of = { name: requestDurations, range }
  const durations = useQuery(
    metricQuery(endpoint.id, { ...of, aggregations: ['p50', 'p95', 'p99', 'count'], by: ['deployment'] }),
  )
  const byStatus = useQuery(
    metricQuery(endpoint.id, { ...of, aggregations: ['count'], by: ['deployment', 'status'] }),
  )
  const { data } = durations
  const lines = useMemo(
    () => ({
      rates: deploymentLines(data, perSecond),
      p50: deploymentLines(data, quantile('p50')),
      p99: deploymentLines(data, quantile('p99')),
    }),
    [data],
  )
  const errors = useMemo(() => errorLines(byStatus.data), [byStatus.data])
  if (data === undefined) return null
  const window = `by deployment, last ${ranges[range].label}`
  const axis = { from: data.from, to: data.to, stepMs: data.grainMs, marks, emptyReason: nobody }
  const asked = `${lines.rates.length} deployments were asked`
  return (
    <div className={style.charts}>
      <Panel>
        <TimeChart
          title="Requests per second"
          subtitle={window}
          conclusion={asked}
          lines={lines.rates}
          {...axis}
          format={rate}
        />
      </Panel>
      <Panel>
        <TimeChart
          title="Error rate"
          subtitle={`share of answers that are 5xx or 424, ${window}`}
          conclusion={asked}
          lines={errors}
          {...axis}
          format={share}
          atLeast={0.01}
        />
      </Panel>
      <Panel>
        <TimeChart
          title="p50"
          subtitle={`${window}, log scale`}
          conclusion={asked}
          lines={lines.p50}
          {...axis}
          format={seconds}
          logarithmic
        />
      </Panel>
      <Panel>
        <TimeChart
          title="p99"
          subtitle={`${window}, log scale`}
          conclusion={asked}
          lines={lines.p99}
          {...axis}
          format={seconds}
          logarithmic
        />
      </Panel>
    </div>
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
  const quantiles = { ...of, aggregations: ['p50', 'p95', 'p99', 'count'] as const }
  const now = useQuery(metricQuery(endpoint.id, quantiles))
  const before = useQuery(metricQuery(endpoint.id, { ...quantiles, agoMs: weekMs }))
  const codes = { ...of, aggregations: ['count'] as const, by: ['status'] }
  const nowCodes = useQuery(metricQuery(endpoint.id, codes))
  const beforeCodes = useQuery(metricQuery(endpoint.id, { ...codes, agoMs: weekMs }))
  const lines = useMemo(
    () =>
      now.data === undefined
        ? undefined
        : {
            rates: besideWeek(now.data, before.data, perSecond, 'now'),
            p95: besideWeek(now.data, before.data, quantile('p95'), 'now'),
            p99: besideWeek(now.data, before.data, quantile('p99'), 'now'),
            errors: [
              {
                name: 'now',
                colour: 1,
                points: nowCodes.data === undefined ? [] : red(nowCodes.data).errorShares,
              },
              {
                name: 'now, a week before',
                colour: 6,
                dashed: true,
                points: (beforeCodes.data === undefined ? [] : red(beforeCodes.data).errorShares).map(
                  ({ at, value }) => ({ at: at + weekMs, value }),
                ),
              },
            ].filter(({ points }) => points.length > 0),
          },
    [now.data, before.data, nowCodes.data, beforeCodes.data],
  )
  if (now.data === undefined || before.data === undefined || lines === undefined) return null
  const window = `by the hour, last ${ranges[range].label} and the same a week before`
  const axis = { from: now.data.from, to: now.data.to, stepMs: now.data.grainMs, marks, emptyReason: nobody }
  const isThere = before.data.series.length > 0
  const conclusion = isThere ? 'beside the week before' : 'nothing was measured a week before'
  return (
    <>
      {isThere ? null : (
        <p className="muted">
          Nothing was measured here in the same hours of last week, so there is nothing to compare with.
        </p>
      )}
      <div className={style.charts}>
        <Panel>
          <TimeChart
            title="Requests per second"
            subtitle={window}
            conclusion={conclusion}
            lines={lines.rates}
            {...axis}
            format={rate}
          />
        </Panel>
        <Panel>
          <TimeChart
            title="Error rate"
            subtitle={window}
            conclusion={conclusion}
            lines={lines.errors}
            {...axis}
            format={share}
            atLeast={0.01}
          />
        </Panel>
        <Panel>
          <TimeChart
            title="p95"
            subtitle={`${window}, log scale`}
            conclusion={conclusion}
            lines={lines.p95}
            {...axis}
            format={seconds}
            logarithmic
          />
        </Panel>
        <Panel>
          <TimeChart
            title="p99"
            subtitle={`${window}, log scale`}
            conclusion={conclusion}
            lines={lines.p99}
            {...axis}
            format={seconds}
            logarithmic
          />
        </Panel>
      </div>
    </>
  )
}
