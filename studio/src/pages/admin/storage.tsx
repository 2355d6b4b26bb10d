import { SegmentedControl } from '@mantine/core'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { cleanPath } from '../../api/admin/cleaning.ts'
import { isRange, metricQuery, ranges, type Range } from '../../api/metrics.ts'
import { workspacesQuery } from '../../api/workspaces.ts'
import { useSearchWord } from '../../frame/search.ts'
import { usePaths } from '../../frame/workspace.ts'
import { TimeChart } from '../../parts/chart/time-chart.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { Columns, Stack } from '../../parts/page.tsx'
import { Figure, Figures, Panel } from '../../parts/panel.tsx'
import { Empty } from '../../parts/states.tsx'
import { plural } from '../../words/names.ts'
import { bytes, exact } from '../../words/numbers.ts'
import { AdminPage } from './admin-page.tsx'
import { Bars } from './bars.tsx'
import { Cleaning } from './cleaning.tsx'
import { latest, linesOf } from './health/measured.ts'
import { useSubscription } from './subscription.ts'

/** Parts of a home, with what each is and what becomes of it. */
const parts: Readonly<Record<string, string>> = {
  artifacts: 'data, code, models and outputs; bytes that no name means go after a day',
  environments: 'Python environments, built again when they are missing',
  cache: 'copies of what lies in other stores, bounded, the oldest go first',
  store: 'the database, its log, keys',
  serving: 'models as deployments run them',
  gateway: 'the gateway: routing table, what it collects',
  analytics: 'what queries spill, removed as they end',
  processes: 'logs of processes that run',
  jobs: 'folders of jobs that run',
  monitoring: 'windows and references of monitors',
}

/** What takes the disk: by part of the home, and by workspace. */
export function Storage() {
  const subscription = useSubscription()
  const to = usePaths()
  const [chosen, setRange] = useSearchWord('t', '7d')
  const range: Range = isRange(chosen) ? chosen : '7d'
  const home = useQuery(
    metricQuery(subscription, {
      name: 'twinloop_storage_usage_bytes',
      aggregations: ['average'],
      range,
      by: ['part'],
    }),
  )
  const { data: workspaces = [] } = useQuery(workspacesQuery)
  const own = useQueries({
    queries: workspaces.flatMap(({ id }) =>
      (['twinloop_container_usage_bytes', 'twinloop_container_blobs'] as const).map((name) =>
        metricQuery(id, { name, aggregations: ['average'], range: '1h', by: ['container'] }),
      ),
    ),
  })
  const now = latest(home.data, 'part')
  const lines = useMemo(() => {
    const all = linesOf(home.data, 'part', 'part')
    const size = (line: (typeof all)[number]) => line.points.at(-1)?.value ?? 0
    return all
      .toSorted((a, b) => size(b) - size(a))
      .slice(0, 4)
      .map((line, i) => ({ ...line, colour: i + 1 }))
  }, [home.data])
  const total = [...now.values()].reduce((sum, value) => sum + value, 0)
  const byWorkspace = workspaces.flatMap(({ key }, i) => {
    const [sizes, counts] = [latest(own[2 * i]?.data, 'container'), latest(own[2 * i + 1]?.data, 'container')]
    return [...sizes].map(([container, value]) => ({
      name: key,
      container,
      value,
      blobs: counts.get(container) ?? 0,
    }))
  })
  return (
    <AdminPage
      title="Storage"
      meta="What is on the disk of the server’s home, measured every five minutes"
      actions={
        <>
          <SegmentedControl
            aria-label="How far back"
            value={range}
            onChange={setRange}
            data={Object.entries(ranges).map(([value, { label }]) => ({ value, label }))}
          />
          <Equivalents
            cli={[
              {
                what: 'Everything that is measured',
                command:
                  'curl -H "Authorization: Bearer $TWINLOOP_TOKEN" $TWINLOOP_URL/metrics | grep storage',
              },
              { what: 'What could be freed', command: 'twinloop storage clean --dry-run' },
            ]}
            rest={[
              {
                method: 'GET',
                path: `${subscription}/providers/Microsoft.Insights/metrics`,
                query: { metricnames: 'twinloop_storage_usage_bytes', $filter: "part eq '*'" },
              },
              { method: 'POST', path: cleanPath },
            ]}
          />
        </>
      }
    >
      {now.size === 0 ? (
        <Empty title="Nothing was measured yet">The server looks at its home every five minutes.</Empty>
      ) : (
        <Stack>
          <Figures>
            <Figure name="In all" value={bytes(total)} note={`in ${plural(now.size, 'part')} of the home`} />
            <Figure
              name="Artifacts"
              value={bytes(now.get('artifacts'))}
              note="each content once, whatever names it"
            />
            <Figure
              name="Environments"
              value={bytes(now.get('environments'))}
              note="built again when missing"
            />
            <Figure name="Cache" value={bytes(now.get('cache') ?? 0)} note="tidies itself" />
          </Figures>
          <Columns>
            <Panel title="By part of the home" subtitle="bytes on the disk, now">
              <Bars
                parts={[...now].map(([name, value]) => ({
                  name,
                  value,
                  ...(parts[name] === undefined ? {} : { note: parts[name] }),
                }))}
              />
            </Panel>
            <Panel
              title="By workspace"
              subtitle="bytes under names of its own; the same content counts once for each name"
            >
              {byWorkspace.length === 0 ? (
                <p className="muted">No workspace stores anything yet.</p>
              ) : (
                <Bars
                  parts={byWorkspace.map(({ name, container, value, blobs }) => ({
                    name: `${name}: ${container === 'blobstore' ? 'data, code, outputs' : 'what runs left'}`,
                    note: plural(blobs, 'file'),
                    value,
                  }))}
                />
              )}
            </Panel>
          </Columns>
          <Panel>
            <TimeChart
              title="Bytes over time"
              subtitle={`the ${exact(lines.length)} largest parts, last ${ranges[range].label}`}
              conclusion={lines
                .map(({ name, points }) => `${name} ${bytes(points.at(-1)?.value)}`)
                .join(', ')}
              lines={lines}
              from={home.data?.from ?? 0}
              to={home.data?.to ?? 0}
              stepMs={Math.max(300_000, ranges[range].grainMs)}
              format={bytes}
            />
          </Panel>
          <Cleaning />
          <p className="muted in-text">
            The server tidies by itself: every hour it removes bytes that no name has meant for a day, tokens
            that ended, and events older than 30 days. Versions that are archived keep their bytes; what is
            deleted frees them. When the disk is full is told on <Go to={to.admin}>Health</Go>.
          </p>
        </Stack>
      )}
    </AdminPage>
  )
}
