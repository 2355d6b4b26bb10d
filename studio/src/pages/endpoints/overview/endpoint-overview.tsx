import { useQuery } from '@tanstack/react-query'
import { SegmentedControl } from '@mantine/core'
import { useMemo } from 'react'
import type { Deployment, Endpoint } from '../../../api/endpoints.ts'
import { isRange, metricQuery, ranges, type Range } from '../../../api/metrics.ts'
import { releasesQuery } from '../../../api/releases.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Stack } from '../../../parts/page.tsx'
import { Figure, Figures } from '../../../parts/panel.tsx'
import { count, percent, rate } from '../../../words/numbers.ts'
import { duration } from '../../../words/time.ts'
import { TrafficBar } from '../traffic/traffic-bar.tsx'
import { AllCharts, requestDurations, RevisionCharts, WeekCharts } from './charts.tsx'
import { Deliveries } from './deliveries.tsx'
import { Deployments } from './deployments.tsx'
import { Failures } from './failures.tsx'
import { red } from './red.ts'
import { releaseMarks } from './release-marks.ts'
import style from '../endpoints.module.css'

/** Rate, errors and duration; then what answers, and what went wrong. */
export function EndpointOverview({
  endpoint,
  deployments,
}: {
  readonly endpoint: Endpoint
  readonly deployments: readonly Deployment[]
}) {
  const workspace = useWorkspace()
  const [chosen, setRange] = useSearchWord('t', '1h')
  const [against, setAgainst] = useSearchWord('against', 'nothing')
  const range: Range = isRange(chosen) ? chosen : '1h'
  const { data: releases } = useQuery(releasesQuery(workspace))
  const marks = useMemo(() => releaseMarks(releases ?? [], endpoint.name), [releases, endpoint.name])
  const isShort = against === 'week' && (range === '1h' || range === '6h')
  const charts = { endpoint, range: isShort ? ('24h' as const) : range, marks }
  return (
    <Stack>
      <div className={style.tools}>
        <TrafficBar
          traffic={endpoint.properties.traffic ?? {}}
          mirror={endpoint.properties.mirrorTraffic ?? {}}
        />
        <div className={style.choices}>
          <SegmentedControl
            aria-label="Against what"
            value={against}
            onChange={(value) => setAgainst(value)}
            data={[
              { value: 'nothing', label: 'All' },
              { value: 'revisions', label: 'By deployment' },
              { value: 'week', label: 'Against last week' },
            ]}
          />
          <SegmentedControl
            aria-label="How far back"
            value={isShort ? '24h' : range}
            onChange={(value) => setRange(value)}
            data={Object.entries(ranges).map(([value, { label }]) => ({
              value,
              label,
              disabled: against === 'week' && (value === '1h' || value === '6h'),
            }))}
          />
        </div>
      </div>
      <Now endpoint={endpoint} range={charts.range} />
      {against === 'revisions' ? (
        <RevisionCharts {...charts} />
      ) : against === 'week' ? (
        <WeekCharts {...charts} />
      ) : (
        <AllCharts {...charts} />
      )}
      <Deployments endpoint={endpoint} deployments={deployments} />
      <Deliveries endpoint={endpoint} />
      <Failures endpoint={endpoint} />
    </Stack>
  )
}

const seconds = (value: number) => duration(value * 1000)

/** What one wants to know first, in numbers. */
function Now({ endpoint, range }: { readonly endpoint: Endpoint; readonly range: Range }) {
  const of = { name: requestDurations, range }
  const byStatus = useQuery(metricQuery(endpoint.id, { ...of, aggregations: ['count'], by: ['status'] }))
  const durations = useQuery(
    metricQuery(endpoint.id, { ...of, aggregations: ['p50', 'p95', 'p99', 'count'] }),
  )
  const { requests, errors } = byStatus.data === undefined ? { requests: 0, errors: 0 } : red(byStatus.data)
  const last = durations.data?.series[0]?.points.at(-1)
  const window = `last ${ranges[range].label}`
  const when = (value: string) => (byStatus.data === undefined || durations.data === undefined ? '…' : value)
  return (
    <Figures>
      <Figure
        name="Requests"
        value={when(count(requests))}
        note={`${rate(requests / (ranges[range].ms / 1000))} on average, ${window}`}
      />
      <Figure
        name="Errors"
        value={when(requests === 0 ? '–' : percent(errors / requests, 2))}
        note={`${count(errors)} of ${count(requests)} answers were 5xx or 424`}
        {...(errors > 0 ? { family: 'bad' as const } : {})}
      />
      <Figure
        name="p50 now"
        value={when(last?.p50 === undefined ? '–' : seconds(last.p50))}
        note="half are faster"
      />
      <Figure
        name="p95 now"
        value={when(last?.p95 === undefined ? '–' : seconds(last.p95))}
        note="one in twenty is slower"
      />
      <Figure
        name="p99 now"
        value={when(last?.p99 === undefined ? '–' : seconds(last.p99))}
        note="one in a hundred is slower"
      />
    </Figures>
  )
}
