import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { serverQuery } from '../../../api/admin/server.ts'
import { isRange, ranges, type Range } from '../../../api/metrics.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { useSubscription } from '../subscription.ts'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Stack } from '../../../parts/page.tsx'
import { Answer } from '../../../parts/states.tsx'
import { AdminPage } from '../admin-page.tsx'
import { Background } from './background.tsx'
import { Expiring } from './expiring.tsx'
import { HealthFigures } from './figures.tsx'
import { Machine } from './machine.tsx'
import { Probes } from './probes.tsx'

/** Does the platform itself stand well: server, gateway, machine, disk, what waits, what fails, what is about to expire. */
export function Health() {
  const subscription = useSubscription()
  const server = useQuery(serverQuery)
  const [chosen, setRange] = useSearchWord('t', '24h')
  const range: Range = isRange(chosen) ? chosen : '24h'
  return (
    <AdminPage
      title="Health"
      meta="The server, its machine and its work"
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
              { what: 'Whether the server runs, and where', command: 'twinloop status' },
              {
                what: 'Everything that is measured, for Prometheus',
                command: 'curl -H "Authorization: Bearer $TWINLOOP_TOKEN" $TWINLOOP_URL/metrics',
              },
            ]}
            rest={[
              { method: 'GET', path: '/providers/Twinloop/server' },
              {
                method: 'GET',
                path: `${subscription}/providers/Microsoft.Insights/metrics`,
                query: { metricnames: 'system_cpu_utilization_ratio' },
              },
            ]}
          />
        </>
      }
    >
      <Answer query={server} rows={10}>
        {(state) => (
          <Stack>
            <HealthFigures server={state} />
            <Background work={state.work} />
            <Machine range={range} />
            <Probes range={range} />
            <Expiring />
          </Stack>
        )}
      </Answer>
    </AdminPage>
  )
}
