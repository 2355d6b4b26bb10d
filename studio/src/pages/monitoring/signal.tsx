import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import {
  resultsQuery,
  runId,
  type MonitorRun,
  type MonitorSeries,
  type MonitorSummary,
} from '../../api/monitors.ts'
import { resourceQuery } from '../../api/queries.ts'
import { useSearchWord } from '../../frame/search.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { Page, Stack } from '../../parts/page.tsx'
import { Facts, Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Time } from '../../parts/time.tsx'
import { exact } from '../../words/numbers.ts'
import { NoMonitor } from './monitor.tsx'
import { beyond, inWords, ofSlice, readSlice, slicesOf, worstFirst } from './series.ts'
import { BySegment } from './signal/by-segment.tsx'
import { FeatureTable } from './signal/feature-table.tsx'
import { Metrics } from './signal/metrics.tsx'
import style from './monitoring.module.css'
import { RetrainButton } from './retrain/retrain-button.tsx'
import { useImportances, useMonitor } from './use-monitor.ts'

/** A signal: every metric of every feature over time, of all rows or of a part of them. */
export function SignalPage() {
  const { monitor: name = '', signal = '' } = useParams({ strict: false })
  const { query, monitor } = useMonitor(name)
  return (
    <Answer query={query}>
      {() =>
        monitor === undefined ? <NoMonitor name={name} /> : <Shown monitor={monitor} signal={signal} />
      }
    </Answer>
  )
}

function Shown({ monitor, signal }: { readonly monitor: MonitorSummary; readonly signal: string }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const found = monitor.signals.find(({ name }) => name === signal)
  // What there is is asked of the latest window: of all of them it would be much.
  const known = useQuery(resultsQuery(workspace, monitor.name, { signal, windows: 1, segments: false }))
  return (
    <Page
      title={signal}
      {...(found === undefined
        ? {}
        : {
            status: (
              <Status
                kind="monitor"
                state={
                  found.outcome === 'computed' ? (found.breached > 0 ? 'breached' : 'ok') : found.outcome
                }
              />
            ),
          })}
      meta={
        <>
          <span>
            signal of <Go to={to.monitor(monitor.name)}>{monitor.displayName ?? monitor.name}</Go>
          </span>
          {found === undefined ? null : <span className="mono">{found.kind}</span>}
          <span>
            latest window to <Time at={monitor.lastRun?.at} />
          </span>
        </>
      }
      actions={
        <>
          <RetrainButton monitor={monitor} />
          <Equivalents
            cli={[
              {
                what: 'Its values, window by window',
                command: `twinloop monitor values --name ${monitor.name} --signal ${signal} -o table`,
              },
              ...(monitor.lastRun === undefined
                ? []
                : [
                    {
                      what: 'All of its latest window',
                      command: `twinloop monitor-run show --name ${monitor.lastRun.name} --signal ${signal} --all`,
                    },
                    {
                      what: 'Compute it again',
                      command: `twinloop monitor-run retry --name ${monitor.lastRun.name} --signal ${signal}`,
                    },
                  ]),
            ]}
            rest={[{ method: 'POST', path: `${workspace.id}/monitorResults` }]}
          />
        </>
      }
    >
      <Stack>
        {monitor.lastRun === undefined ? null : (
          <LatestRun run={runId(workspace, monitor.name, monitor.lastRun.at)} signal={signal} />
        )}
        <Answer query={known} rows={8}>
          {(all) =>
            all.length === 0 ? (
              <Panel>
                <Empty
                  title={
                    found === undefined
                      ? `The monitor has no signal '${signal}'`
                      : 'No window has a value of it in the latest run'
                  }
                  command={`twinloop monitor show --name ${monitor.name}`}
                />
              </Panel>
            ) : (
              <Values monitor={monitor.name} signal={signal} known={all} />
            )
          }
        </Answer>
      </Stack>
    </Page>
  )
}

/** What the latest run says of the signal beside its numbers. */
function LatestRun({ run, signal }: { readonly run: string; readonly signal: string }) {
  const query = useQuery(resourceQuery<MonitorRun['properties']>(run))
  const found = query.data?.properties.signals.find(({ name }) => name === signal)
  if (found === undefined) return null
  const { production, reference, notes = [], reason } = found
  return (
    <Panel title="Latest window">
      <Facts
        columns={3}
        facts={[
          {
            name: 'Window',
            value:
              production?.from === undefined ? undefined : (
                <>
                  <Time at={production.from} /> to <Time at={production.to} />
                </>
              ),
          },
          { name: 'Rows', value: production === undefined ? undefined : exact(production.rows) },
          {
            name: 'With labels',
            value: production?.labelled === undefined ? undefined : exact(production.labelled),
          },
          {
            name: 'Rows of the reference',
            value: reference === undefined ? undefined : exact(reference.rows),
          },
          { name: 'Reason', value: reason },
        ]}
      />
      {notes.length === 0 ? null : (
        <ul className={style.notes}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Values({
  monitor,
  signal,
  known,
}: {
  readonly monitor: string
  readonly signal: string
  readonly known: readonly MonitorSeries[]
}) {
  const workspace = useWorkspace()
  const metrics = useMemo(() => metricsOf(known), [known])
  const [metric, setMetric] = useSearchWord('metric', metrics[0] ?? '')
  const [slice, setSlice] = useSearchWord('slice')
  const features = known.filter((one) => one.metric === metric && one.feature !== undefined)
  const worst = worstFirst(features)[0]?.feature
  const [feature, setFeature] = useSearchWord('feature', worst ?? '')
  // Segments are the same of every feature: those of one tell which there are.
  const segments = useQuery(
    resultsQuery(workspace, monitor, {
      signal,
      metric,
      windows: 30,
      ...(features.length === 0 ? {} : { where: { feature } }),
    }),
  )
  const slices = slicesOf(segments.data ?? [])
  const importances = useImportances(monitor)
  const query = useQuery(
    resultsQuery(workspace, monitor, {
      signal,
      windows: 60,
      ...(features.length === 0 ? {} : { metric }),
      ...(slice === '' ? { segments: false } : { where: readSlice(slice) ?? {} }),
    }),
  )
  return (
    <>
      <div className={style.toolbar}>
        {features.length === 0 ? null : (
          <Select
            aria-label="Metric"
            data={metrics}
            value={metric}
            onChange={(value) => setMetric(value ?? '')}
            allowDeselect={false}
            searchable
            w={290}
          />
        )}
        {slices.length === 0 && slice === '' ? null : (
          <Select
            aria-label="Part of the rows"
            placeholder="All rows"
            data={slices.map((value) => ({ value, label: inWords(readSlice(value)) }))}
            value={slice === '' ? null : slice}
            onChange={(value) => setSlice(value ?? '')}
            clearable
            clearButtonProps={{ 'aria-label': 'All rows' }}
            searchable
            w={260}
          />
        )}
        <span className="muted">
          {slices.length === 0
            ? 'of all rows; segments: [column] in the monitor would compute parts of them'
            : `${slices.length} parts of the rows are computed apart`}
        </span>
      </div>
      <Answer query={query} rows={8}>
        {(found) => {
          const own = ofSlice(found, slice)
          return features.length === 0 ? (
            <Metrics series={own} />
          ) : (
            <FeatureTable
              monitor={monitor}
              signal={signal}
              series={own}
              slice={slice}
              metric={metric}
              importances={importances}
            />
          )
        }}
      </Answer>
      {slices.length === 0 ? null : (
        <BySegment
          series={segments.data ?? []}
          metric={metric}
          feature={features.length === 0 ? undefined : feature}
          features={features.map((one) => one.feature ?? '')}
          onFeature={setFeature}
          slice={slice}
          onSlice={setSlice}
        />
      )}
    </>
  )
}

/** The metrics of a signal, the judged ones first. */
function metricsOf(known: readonly MonitorSeries[]): readonly string[] {
  const names = [...new Set(known.filter(({ feature }) => feature !== undefined).map(({ metric }) => metric))]
  const all = names.length === 0 ? [...new Set(known.map(({ metric }) => metric))] : names
  const worst = (name: string) =>
    Math.max(...known.filter(({ metric }) => metric === name).map((one) => beyond(one)))
  const score = new Map(all.map((name) => [name, worst(name)]))
  return all.toSorted((a, b) => (score.get(b) ?? 0) - (score.get(a) ?? 0) || a.localeCompare(b))
}
