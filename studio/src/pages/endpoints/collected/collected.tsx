import { Button, Select, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import {
  collectedCountQuery,
  collectedQuery,
  type CollectedRows,
  type Deployment,
  type Endpoint,
} from '../../../api/endpoints.ts'
import { ranges } from '../../../api/metrics.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { IconDownload } from '../../../parts/icons.ts'
import { Stack } from '../../../parts/page.tsx'
import { Facts, Figure, Figures, Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { exact, percent } from '../../../words/numbers.ts'
import { csvOf } from './csv.ts'
import style from '../endpoints.module.css'

/** So many rows are looked at, and downloaded. */
const mostRows = 1000
const windows = {
  '1h': ranges['1h'],
  '24h': ranges['24h'],
  '7d': ranges['7d'],
  '30d': ranges['30d'],
} as const

/** What a deployment was asked and answered, with the truth beside it where that is known by now. */
export function Collected({
  endpoint,
  deployments,
}: {
  readonly endpoint: Endpoint
  readonly deployments: readonly Deployment[]
}) {
  const heaviest = Object.entries(endpoint.properties.traffic ?? {}).toSorted(([, a], [, b]) => b - a)[0]?.[0]
  const collecting = deployments.filter((one) => collectionsOf(one).length > 0)
  const first = deployments.find(({ name }) => name === heaviest) ?? collecting[0] ?? deployments[0]
  const [name, setName] = useSearchWord('deployment', first?.name ?? '')
  const [back, setBack] = useSearchWord('t', '24h')
  const deployment = deployments.find((one) => one.name === name) ?? first
  const window = windows[back as keyof typeof windows] ?? windows['24h']
  const query = useQuery({
    ...collectedQuery(deployment?.id ?? '', window.ms, mostRows),
    enabled: deployment !== undefined,
    retry: false,
  })
  if (deployment === undefined)
    return (
      <Panel>
        <Empty title="No deployment, nothing collected" />
      </Panel>
    )
  return (
    <Stack>
      <div className={style.tools}>
        <Select
          aria-label="Deployment"
          data={deployments.map((one) => one.name)}
          value={deployment.name}
          onChange={(value) => setName(value ?? '')}
          allowDeselect={false}
          w={200}
        />
        <SegmentedControl
          aria-label="How far back"
          value={Object.hasOwn(windows, back) ? back : '24h'}
          onChange={(value) => setBack(value)}
          data={Object.entries(windows).map(([value, { label }]) => ({ value, label }))}
        />
      </div>
      <Collects deployment={deployment} />
      <Answer query={query} rows={8}>
        {(found) => <Rows endpoint={endpoint} deployment={deployment} found={found} window={window} />}
      </Answer>
    </Stack>
  )
}

/** The collections that are switched on, with their rates. */
const collectionsOf = ({ properties }: Deployment) =>
  Object.entries(properties.dataCollector?.collections ?? {}).filter(
    ([, { dataCollectionMode }]) => dataCollectionMode?.toLowerCase() === 'enabled',
  )

function Collects({ deployment }: { readonly deployment: Deployment }) {
  const collections = collectionsOf(deployment)
  const { samplingRate = 1, rollingRate = 'Hour' } = deployment.properties.dataCollector ?? {}
  return (
    <Panel title={`What ${deployment.name} keeps`}>
      {collections.length === 0 ? (
        <Empty
          title="Nothing is kept of its requests"
          command="twinloop online-deployment update --name blue --endpoint-name my-endpoint --set data_collector.collections.model_inputs.enabled=true"
        >
          A monitor needs what was asked and answered. Switching it on starts no instance anew.
        </Empty>
      ) : (
        <Facts
          columns={2}
          facts={[
            { name: 'Collections', value: collections.map(([name]) => name).join(', ') },
            { name: 'Of the requests', value: percent(samplingRate, 0) },
            { name: 'Folders', value: `by the ${rollingRate.toLowerCase()}` },
          ]}
        />
      )}
    </Panel>
  )
}

type Row = CollectedRows['rows'][number]

function Rows({
  endpoint,
  deployment,
  found,
  window,
}: {
  readonly endpoint: Endpoint
  readonly deployment: Deployment
  readonly found: CollectedRows
  readonly window: { readonly ms: number; readonly label: string }
}) {
  const { columns: names, rows, truncated } = found
  const counted = useQuery({
    ...collectedCountQuery(deployment.id, window.ms),
    enabled: rows.length > 0,
    retry: false,
  })
  const columns = useMemo(() => names.map(({ name, type }, i) => columnOf(name, type, i)), [names])
  if (rows.length === 0)
    return (
      <Panel title="Rows">
        <Empty
          title={`Nothing was collected in the last ${window.label}`}
          command={`twinloop online-deployment collected --name ${deployment.name} --endpoint-name ${endpoint.name}`}
        >
          Rows come some seconds after their requests.
        </Empty>
      </Panel>
    )
  const download = () => {
    const url = URL.createObjectURL(
      new Blob(
        [
          csvOf(
            names.map(({ name }) => name),
            rows,
          ),
        ],
        { type: 'text/csv' },
      ),
    )
    const link = document.createElement('a')
    link.href = url
    link.download = `${endpoint.name}-${deployment.name}.csv`
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <>
      <Figures>
        <Figure
          name="Rows"
          value={counted.data === undefined ? '…' : exact(counted.data.total)}
          note={counted.isError ? 'could not be counted' : `collected, last ${window.label}`}
        />
        <Figure
          name="Labels"
          value={counted.data === undefined ? '…' : percent(counted.data.labelled / counted.data.total, 1)}
          note={
            counted.data === undefined
              ? 'the truth of how many rows is known by now'
              : `the truth of ${exact(counted.data.labelled)} of ${exact(counted.data.total)} rows is known by now`
          }
        />
      </Figures>
      <Panel
        title="Rows"
        subtitle={truncated ? `the latest ${exact(rows.length)}` : 'all of them'}
        actions={
          <Button variant="default" leftSection={<IconDownload size={14} />} onClick={download}>
            Download as CSV
          </Button>
        }
        flush
      >
        <Table<Row>
          rows={rows}
          columns={columns}
          rowKey={(row) => `${String(row[0])} ${String(row[1])}`}
          label="collected rows"
          prefix="rows."
        />
      </Panel>
    </>
  )
}

function columnOf(name: string, type: string, i: number): Column<Row> {
  const isTime = name === 'time'
  const isNumber = /INT|DOUBLE|FLOAT|DECIMAL/.test(type)
  return {
    id: name,
    header: name,
    width: name === 'correlationid' ? '150px' : isTime ? '124px' : 'minmax(96px, 1fr)',
    cell: (row) =>
      isTime ? (
        <Time at={String(row[i])} />
      ) : row[i] === null || row[i] === undefined ? (
        <span className="muted">–</span>
      ) : (
        textOf(row[i])
      ),
    sort: (row) => (isNumber ? Number(row[i] ?? Number.NaN) : textOf(row[i])),
    text: (row) => textOf(row[i]),
    ...(isNumber ? { align: 'right' as const } : {}),
    // Of many columns the first ones and the last, which are the answer and the truth, are looked at most.
    ...(name === 'row' ? { extra: true } : {}),
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'number'
    ? String(Number(value.toPrecision(6)))
    : typeof value === 'string'
      ? value
      : value === null || value === undefined
        ? ''
        : JSON.stringify(value)
