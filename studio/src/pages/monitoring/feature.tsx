import { ActionIcon, Select, Tooltip } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { resultsQuery, retryRun, runId, type MonitorSeries, type MonitorSummary } from '../../api/monitors.ts'
import { useSearchWord } from '../../frame/search.ts'
import { useCan, usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Act, tell, tellFailure } from '../../parts/act.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { IconArrowBackUp, IconArrowRight, IconRefresh } from '../../parts/icons.ts'
import { Page, Stack } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { NoMonitor } from './monitor.tsx'
import { DistributionPanel } from './feature/distribution-panel.tsx'
import { History } from './feature/history.tsx'
import { IncidentsOf } from './feature/incidents-of.tsx'
import { Quality } from './feature/quality.tsx'
import style from './monitoring.module.css'
import { RetrainButton } from './retrain/retrain-button.tsx'
import { inWords, ofSlice, readSlice, slicesOf, standing, worstFirst } from './series.ts'
import { useMonitor } from './use-monitor.ts'

/** A feature of a signal: both distributions in a window, its distance over time, its quality, and the rows behind a bar. */
export function FeaturePage() {
  const { monitor: name = '', signal = '', feature = '' } = useParams({ strict: false })
  const { query, monitor } = useMonitor(name)
  return (
    <Answer query={query}>
      {() =>
        monitor === undefined ? (
          <NoMonitor name={name} />
        ) : (
          <Found monitor={monitor} signal={signal} feature={feature} />
        )
      }
    </Answer>
  )
}

interface About {
  readonly monitor: MonitorSummary
  readonly signal: string
  readonly feature: string
}

/** Signals whose distances have what chance makes of them. */
const ofDrift = ['data_drift', 'prediction_drift']

function Found({ monitor, signal, feature }: About) {
  const workspace = useWorkspace()
  const kind = monitor.signals.find(({ name }) => name === signal)?.kind ?? ''
  const query = useQuery(
    resultsQuery(workspace, monitor.name, {
      signal,
      where: { feature },
      windows: 60,
      ...(ofDrift.includes(kind) ? { chance: true } : {}),
    }),
  )
  return (
    <Answer query={query} rows={10}>
      {(series) =>
        series.length === 0 ? (
          <Page title={feature}>
            <Empty
              title={`Signal '${signal}' has no values of '${feature}'`}
              command={`twinloop monitor values --name ${monitor.name} --signal ${signal} -o table`}
            />
          </Page>
        ) : (
          <Shown monitor={monitor} signal={signal} feature={feature} kind={kind} series={series} />
        )
      }
    </Answer>
  )
}

function Shown({
  monitor,
  signal,
  feature,
  kind,
  series,
}: About & { readonly kind: string; readonly series: readonly MonitorSeries[] }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const [slice, setSlice] = useSearchWord('slice')
  const own = useMemo(() => worstFirst(ofSlice(series, slice)), [series, slice])
  const windows = (own[0] ?? series[0])?.windows ?? []
  const latest = windows[0]?.at ?? ''
  const [at, setAt] = useSearchWord('t', latest)
  const slices = slicesOf(series)
  const segment = readSlice(slice)
  const run = runId(workspace, monitor.name, at)
  const about = { signal, feature, ...(segment === undefined ? {} : { segment }) }
  const worst = own
    .map((one) => one.windows.find((window) => window.at === at))
    .toSorted((a, b) => rank(standing(a)) - rank(standing(b)))[0]
  const command = `--signal ${signal} --feature ${feature}`
  return (
    <Page
      title={feature}
      status={<Status kind="monitor" state={standing(worst)} />}
      meta={
        <>
          <span>
            <Go to={to.monitor(monitor.name)}>{monitor.displayName ?? monitor.name}</Go> ›{' '}
            <Go to={to.signal(monitor.name, signal)}>{signal}</Go>
          </span>
          <span className="mono">{kind}</span>
          {segment === undefined ? null : <span>{inWords(segment)}</span>}
        </>
      }
      actions={
        <>
          <Windows windows={windows.map((window) => window.at)} at={at} onChange={setAt} />
          <Recompute run={run} />
          <RetrainButton monitor={monitor} />
          <Equivalents
            cli={[
              {
                what: 'Its distributions in this window',
                command: `twinloop monitor-run distribution --name ${nameOf(run)} ${command} -o table`,
              },
              {
                what: 'Rows of this window behind a bar',
                command: `twinloop monitor-run rows --name ${nameOf(run)} ${command} --missing`,
              },
              {
                what: 'Its values over time',
                command: `twinloop monitor values --name ${monitor.name} ${command} -o table`,
              },
            ]}
            rest={[
              { method: 'POST', path: `${run}/distribution` },
              { method: 'POST', path: `${run}/rows` },
              { method: 'POST', path: `${workspace.id}/monitorResults` },
            ]}
          />
        </>
      }
    >
      <Stack>
        {slices.length === 0 ? null : (
          <div className={style.toolbar}>
            <Select
              aria-label="Part of the rows"
              placeholder="All rows"
              data={slices.map((value) => ({ value, label: inWords(readSlice(value)) }))}
              value={slice === '' ? null : slice}
              onChange={(value) => setSlice(value ?? '')}
              clearable
              clearButtonProps={{ 'aria-label': 'All rows' }}
              searchable
              w={280}
            />
          </div>
        )}
        <DistributionPanel run={run} at={at} about={about} />
        {own.length === 0 ? (
          <Panel>
            <Empty title={`${inWords(segment)} was not computed`}>
              Parts with few rows are left out, and only the largest are looked at.
            </Empty>
          </Panel>
        ) : (
          <History
            monitor={monitor.name}
            signal={signal}
            feature={feature}
            kind={kind}
            series={own}
            at={at}
            onWindow={setAt}
          />
        )}
        {kind === 'data_quality' ? null : (
          <Quality monitor={monitor.name} feature={feature} at={at} onWindow={setAt} />
        )}
        <IncidentsOf monitor={monitor.name} feature={feature} />
      </Stack>
    </Page>
  )
}

const rank = (state: string) =>
  ['breached', 'provisional', 'ok', 'unjudged', 'no_data', 'none'].indexOf(state)
const nameOf = (id: string) => id.split('/').at(-1) ?? ''

/** Which window the page is about: by a list, or one on and one back. */
function Windows({
  windows,
  at,
  onChange,
}: {
  readonly windows: readonly string[]
  readonly at: string
  readonly onChange: (at: string) => void
}) {
  const place = windows.indexOf(at)
  const step = (by: number, label: string, Icon: typeof IconArrowRight) => {
    const next = windows[place + by]
    return (
      <Tooltip label={label}>
        <ActionIcon
          variant="default"
          size={30}
          aria-label={label}
          disabled={next === undefined}
          onClick={() => (next === undefined ? undefined : onChange(next))}
        >
          <Icon size={15} />
        </ActionIcon>
      </Tooltip>
    )
  }
  return (
    <>
      {step(1, 'Window before', IconArrowBackUp)}
      <Select
        aria-label="Window"
        data={windows.map((value, i) => ({
          value,
          label: `to ${new Date(value).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}${i === 0 ? ' (latest)' : ''}`,
        }))}
        value={at}
        onChange={(value) => onChange(value ?? '')}
        allowDeselect={false}
        searchable
        w={240}
      />
      {step(-1, 'Window after', IconArrowRight)}
    </>
  )
}

function Recompute({ run }: { readonly run: string }) {
  const can = useCan(run)
  const queries = useQueryClient()
  const act = useMutation({
    mutationFn: () => retryRun(run),
    onSuccess: async () => {
      tell('The window is computed again')
      await queries.invalidateQueries({ queryKey: ['arm'] })
    },
    onError: tellFailure,
  })
  return (
    <Act
      label="Compute again"
      variant="default"
      icon={<IconRefresh size={14} />}
      loading={act.isPending}
      allowed={can('Twinloop/monitorRuns/retry/action')}
      onClick={() => act.mutate()}
    />
  )
}
