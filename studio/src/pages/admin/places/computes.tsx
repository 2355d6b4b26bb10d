import { ActionIcon, Menu, NumberInput, Select, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { act, patch, put, remove, type ComputeProperties } from '../../../api/admin/platform.ts'
import { isRange, metricQuery, ranges, type Range } from '../../../api/metrics.ts'
import { listQuery } from '../../../api/queries.ts'
import { labelOf, type Resource } from '../../../api/resource.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { useCan, usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Act, Confirm, tell, tellFailure } from '../../../parts/act.tsx'
import { TimeChart } from '../../../parts/chart/time-chart.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Go } from '../../../parts/go.tsx'
import { IconDots, IconPlus } from '../../../parts/icons.ts'
import { Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { exact, percent } from '../../../words/numbers.ts'
import { AdminPage } from '../admin-page.tsx'
import { linesOf } from '../health/measured.ts'

type Compute = Resource<ComputeProperties>

/** Jobs that have not ended. */
interface Active {
  readonly status: string
  readonly jobType: string
  readonly computeId?: string | null
}
const activeStates = ['Queued', 'Preparing', 'Running', 'Finalizing']
/** Steps of pipelines, too, for they hold the places: an empty `parentJobName` asks for jobs of any parent. */
const unended = {
  parentJobName: '',
  $filter: `status in (${activeStates.map((state) => `'${state}'`).join(',')})`,
}

const placesOf = ({ properties }: Compute) => properties.properties?.scaleSettings?.maxNodeCount
const stateOf = ({ properties }: Compute) => properties.state ?? 'Running'

/** A compute with what it has to do. */
interface Row {
  readonly compute: Compute
  readonly running: number
  readonly queued: number
}

/** Where jobs run, how many at once, and what waits. */
export function Computes() {
  const workspace = useWorkspace()
  const to = usePaths()
  const can = useCan()
  const path = `${workspace.id}/computes`
  const computes = useQuery(listQuery<ComputeProperties>(path))
  const jobs = useQuery(listQuery<Active>(`${workspace.id}/jobs`, unended))
  const [asked, setAsked] = useState<
    'make' | { readonly what: 'resize' | 'delete'; readonly compute: Compute }
  >()
  const active = (jobs.data ?? []).filter(
    ({ properties }) => activeStates.includes(properties.status) && properties.jobType !== 'Pipeline',
  )
  const rows = (computes.data ?? []).map((compute): Row => {
    const own = active.filter(
      ({ properties }) => labelOf(properties.computeId ?? '').toLowerCase() === compute.name.toLowerCase(),
    )
    const queued = own.filter(({ properties }) => properties.status === 'Queued').length
    return { compute, queued, running: own.length - queued }
  })
  const elsewhere = active.length - rows.reduce((sum, { running, queued }) => sum + running + queued, 0)
  return (
    <AdminPage
      title="Computes"
      meta={
        <>
          {exact(active.length)} jobs have not ended
          {elsewhere > 0 ? <span>{exact(elsewhere)} of them on no declared compute</span> : null}
          <Go to={to.jobs}>all jobs</Go>
        </>
      }
      actions={
        <>
          <Act
            label="New compute"
            icon={<IconPlus size={14} aria-hidden />}
            allowed={can('computes/write')}
            onClick={() => setAsked('make')}
          />
          <Equivalents
            cli={[
              { what: 'The same list', command: 'twinloop compute list -o table' },
              {
                what: 'A new one',
                command: 'twinloop compute create -n cpu --type amlcompute --max-instances 4',
              },
              { what: 'No new jobs on it for now', command: 'twinloop compute stop -n cpu' },
            ]}
            rest={[{ method: 'GET', path }]}
          />
        </>
      }
    >
      <Stack>
        <Panel flush>
          <Answer query={computes}>
            {(all) =>
              all.length === 0 ? (
                <Empty
                  title="No compute is declared"
                  command="twinloop compute create -n cpu --type amlcompute --max-instances 4"
                >
                  Jobs then run on this machine, as many at once as it has cores. A compute gives some of them
                  a bound, and the name that pipelines from Azure ML expect.
                </Empty>
              ) : (
                <Table
                  rows={rows}
                  columns={[
                    ...columns,
                    {
                      id: 'menu',
                      header: '',
                      width: '48px',
                      cell: ({ compute }) => (
                        <More compute={compute} onAsk={(what) => setAsked({ what, compute })} />
                      ),
                    },
                  ]}
                  rowKey={({ compute }) => compute.id}
                  label="computes"
                  initial="name"
                />
              )
            }
          </Answer>
        </Panel>
        {rows.length === 0 ? null : <Utilisation />}
      </Stack>
      {asked === 'make' ? <Make onClose={() => setAsked(undefined)} /> : null}
      {typeof asked === 'object' && asked.what === 'resize' ? (
        <Resize compute={asked.compute} onClose={() => setAsked(undefined)} />
      ) : null}
      {typeof asked === 'object' && asked.what === 'delete' ? (
        <Delete
          compute={asked.compute}
          jobs={rows.find(({ compute }) => compute.id === asked.compute.id)}
          onClose={() => setAsked(undefined)}
        />
      ) : null}
    </AdminPage>
  )
}

const columns: readonly Column<Row>[] = [
  {
    id: 'name',
    header: 'Compute',
    width: 'minmax(140px, 2fr)',
    cell: ({ compute }) => compute.name,
    sort: ({ compute }) => compute.name,
    text: ({ compute }) => compute.name,
  },
  {
    id: 'type',
    header: 'Type',
    width: 'minmax(110px, 1fr)',
    cell: ({ compute }) => compute.properties.computeType,
    sort: ({ compute }) => compute.properties.computeType,
    text: ({ compute }) => compute.properties.computeType,
  },
  {
    id: 'state',
    header: 'State',
    width: '120px',
    cell: ({ compute }) => <Status kind="open" state={stateOf(compute)} />,
    sort: ({ compute }) => stateOf(compute),
  },
  {
    id: 'size',
    header: 'Size',
    width: 'minmax(100px, 1fr)',
    cell: ({ compute }) => compute.properties.properties?.vmSize ?? '–',
  },
  {
    id: 'places',
    header: 'Jobs at once',
    width: '110px',
    align: 'right',
    cell: ({ compute }) => exact(placesOf(compute)),
    sort: ({ compute }) => placesOf(compute),
  },
  {
    id: 'running',
    header: 'Running',
    width: '90px',
    align: 'right',
    cell: ({ running }) => exact(running),
    sort: ({ running }) => running,
  },
  {
    id: 'queued',
    header: 'Queued',
    width: '90px',
    align: 'right',
    cell: ({ queued }) => exact(queued),
    sort: ({ queued }) => queued,
  },
]

function More({
  compute,
  onAsk,
}: {
  readonly compute: Compute
  readonly onAsk: (what: 'resize' | 'delete') => void
}) {
  const can = useCan(compute.id)
  const isStopped = stateOf(compute) === 'Stopped'
  const verb = isStopped ? 'start' : 'stop'
  const turn = () =>
    act(compute.id, verb).then(
      () =>
        tell(
          isStopped
            ? `${compute.name} takes jobs again.`
            : `${compute.name} takes no new jobs; those that run go on.`,
        ),
      tellFailure,
    )
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`What can be done with compute ${compute.name}`}
        >
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={!can(`computes/${verb}/action`)} onClick={() => void turn()}>
          {isStopped ? 'Start' : 'Stop: no new jobs'}
        </Menu.Item>
        <Menu.Item disabled={!can('computes/write')} onClick={() => onAsk('resize')}>
          Resize …
        </Menu.Item>
        <Menu.Item color="red" disabled={!can('computes/delete')} onClick={() => onAsk('delete')}>
          Delete compute …
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Utilisation() {
  const workspace = useWorkspace()
  const [chosen] = useSearchWord('t', '24h')
  const range: Range = isRange(chosen) ? chosen : '24h'
  const { data } = useQuery(
    metricQuery(workspace.id, {
      name: 'twinloop_compute_utilization_ratio',
      aggregations: ['average'],
      range,
      by: ['compute'],
    }),
  )
  const lines = useMemo(() => linesOf(data, 'compute', 'compute'), [data])
  const share = (value: number) => percent(value, 0)
  return (
    <Panel>
      <TimeChart
        title="Places in use"
        subtitle={`share of the jobs that each compute may run at once, mean, last ${ranges[range].label}`}
        conclusion={lines.map(({ name, points }) => `${name} ${share(points.at(-1)?.value ?? 0)}`).join(', ')}
        lines={lines}
        from={data?.from ?? 0}
        to={data?.to ?? 0}
        stepMs={ranges[range].grainMs}
        format={share}
        atLeast={1}
      />
    </Panel>
  )
}

function Make({ onClose }: { readonly onClose: () => void }) {
  const workspace = useWorkspace()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [type, setType] = useState('AmlCompute')
  const [most, setMost] = useState(2)
  return (
    <Confirm
      title="New compute"
      verb="Make the compute"
      onDone={async () => {
        await put(`${workspace.id}/computes/${name}`, {
          location: 'local',
          properties: {
            computeType: type,
            properties:
              type === 'AmlCompute' ? { scaleSettings: { minNodeCount: 0, maxNodeCount: most } } : {},
          },
        })
        tell(`${name} is made.`)
        await queries.invalidateQueries()
      }}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Select
        label="Type"
        description="An AmlCompute bounds how many jobs run at once on this machine; a Kubernetes compute is a declaration until a cluster is configured."
        data={['AmlCompute', 'ComputeInstance', 'Kubernetes']}
        value={type}
        onChange={(value) => setType(value ?? 'AmlCompute')}
        allowDeselect={false}
      />
      {type === 'AmlCompute' ? (
        <NumberInput
          label="Jobs at once"
          min={0}
          max={1000}
          value={most}
          onChange={(value) => setMost(Number(value) || 0)}
        />
      ) : null}
    </Confirm>
  )
}

function Resize({ compute, onClose }: { readonly compute: Compute; readonly onClose: () => void }) {
  const [most, setMost] = useState(placesOf(compute) ?? 1)
  return (
    <Confirm
      title={`Resize ${compute.name}`}
      verb="Resize it"
      onDone={() =>
        patch(compute.id, { properties: { properties: { scaleSettings: { maxNodeCount: most } } } })
      }
      onClose={onClose}
    >
      <p>Jobs that run go on; with fewer places, new ones wait until some have ended.</p>
      <NumberInput
        label="Jobs at once"
        min={0}
        max={1000}
        value={most}
        onChange={(value) => setMost(Number(value) || 0)}
      />
    </Confirm>
  )
}

const Delete = ({
  compute,
  jobs,
  onClose,
}: {
  readonly compute: Compute
  readonly jobs: Row | undefined
  readonly onClose: () => void
}) => (
  <Confirm
    title={`Delete compute ${compute.name}`}
    verb="Delete the compute"
    danger
    typed={compute.name}
    onDone={async () => {
      await remove(compute.id)
      tell(`${compute.name} is deleted.`)
    }}
    onClose={onClose}
  >
    <p>
      {exact(jobs?.running ?? 0)} jobs run on it and {exact(jobs?.queued ?? 0)} wait for it. What names it
      will be refused or wait until there is one of this name again.
    </p>
  </Confirm>
)
