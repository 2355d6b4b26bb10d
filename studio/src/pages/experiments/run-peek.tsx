import { useQuery } from '@tanstack/react-query'
import { runQuery } from '../../api/runs.ts'
import { Stack } from '../../parts/page.tsx'
import { Facts } from '../../parts/panel.tsx'
import { Answer } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Time, Took } from '../../parts/time.tsx'
import { useWorkspace } from '../../frame/workspace.ts'
import { metric } from '../../words/numbers.ts'
import { isoTime } from './run-values.ts'

/** A run in short: its last numbers and what it was run with. */
export function RunPeek({ id }: { readonly id: string }) {
  const query = useQuery(runQuery(useWorkspace(), id))
  return (
    <Answer query={query}>
      {({ info, data: { metrics = [], params = [] } }) => (
        <Stack>
          <h2 style={{ overflowWrap: 'anywhere' }}>{info.run_name ?? info.run_id}</h2>
          <div>
            <Status kind="run" state={info.status} />
          </div>
          <Facts
            facts={[
              { name: 'Id', value: <span className="mono">{info.run_id}</span> },
              { name: 'Started', value: <Time at={isoTime(info.start_time)} /> },
              { name: 'Took', value: <Took from={isoTime(info.start_time)} to={isoTime(info.end_time)} /> },
              { name: 'By', value: info.user_id },
            ]}
          />
          <h3>Metrics</h3>
          <Facts facts={metrics.map(({ key, value }) => ({ name: key, value: metric(value) }))} />
          <h3>Parameters</h3>
          <Facts
            facts={params.map(({ key, value }) => ({
              name: key,
              value: <span className="mono">{value}</span>,
            }))}
          />
        </Stack>
      )}
    </Answer>
  )
}
