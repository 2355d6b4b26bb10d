import type { QueryClient } from '@tanstack/react-query'
import { knownMetricsQuery, knownSignalsQuery } from '../../../api/alerts/known.ts'
import { listQuery } from '../../../api/queries.ts'
import type { Resource } from '../../../api/resource.ts'
import type { MakeKindName } from '../../../parts/make-kinds.ts'
import type { Reference } from '../../../parts/code/yaml/language.ts'

interface Referred {
  /** Below the workspace: `data`, `providers/Twinloop/dataContracts`. */
  readonly type: string
  readonly title: string
  /** Written with `azureml:` before it, and with a version or a label where it has versions. */
  readonly how: 'versioned' | 'azureml' | 'plain'
}

const data: Referred = { type: 'data', title: 'data asset', how: 'versioned' }
const model: Referred = { type: 'models', title: 'model', how: 'versioned' }
const compute: Referred = { type: 'computes', title: 'compute', how: 'azureml' }
const datastore: Referred = { type: 'datastores', title: 'datastore', how: 'azureml' }
const connection: Referred = { type: 'connections', title: 'connection', how: 'azureml' }
const endpoint: Referred = { type: 'onlineEndpoints', title: 'online endpoint', how: 'plain' }
const batch: Referred = { type: 'batchEndpoints', title: 'batch endpoint', how: 'plain' }

/** What the value of a field refers to, by the field's name. */
const fields: Readonly<Record<string, Referred>> = {
  data,
  path: data,
  model,
  environment: { type: 'environments', title: 'environment', how: 'versioned' },
  component: { type: 'components', title: 'component', how: 'versioned' },
  job: { type: 'jobs', title: 'job', how: 'azureml' },
  compute,
  default_compute: compute,
  datastore,
  default_datastore: datastore,
  connection,
  endpoint_name: endpoint,
  online: endpoint,
  endpoint_deployment_id: { ...endpoint, how: 'azureml' },
  endpoint,
  batch,
  webhook: { ...connection, how: 'plain' },
  contract: { type: 'providers/Twinloop/dataContracts', title: 'data contract', how: 'plain' },
}

/** Of some kinds a field names the thing itself, without a version. */
const ofKind: Partial<Record<MakeKindName, Readonly<Record<string, Referred>>>> = {
  'release-plan': { model: { ...model, how: 'plain' } },
  'data-contract': { data: { ...data, how: 'plain' } },
  'batch-deployment': { endpoint_name: batch },
}

const measurement = async (queries: QueryClient, id: string): Promise<readonly Reference[]> =>
  (await queries.fetchQuery(knownMetricsQuery({ id }))).map(({ name, labels }) => ({
    label: name,
    detail: labels.length === 0 ? 'measured' : `measured by ${labels.join(', ')}`,
  }))
/** A part of what monitors follow, each value once. */
const followed =
  (part: 'monitor' | 'metric' | 'feature', title: string) =>
  async (queries: QueryClient, id: string): Promise<readonly Reference[]> =>
    distinct(
      (await queries.fetchQuery(knownSignalsQuery({ id }))).flatMap(({ [part]: label, signal }) =>
        label === undefined ? [] : [{ label, detail: `${title} ${signal}` }],
      ),
    )
const distinct = (all: readonly Reference[]): readonly Reference[] => [
  ...new Map(all.map((one) => [one.label, one])).values(),
]

/** What the values of an alert rule's fields name: what is measured, and what monitors follow. */
const ofRules: Readonly<
  Record<string, (queries: QueryClient, workspaceId: string) => Promise<readonly Reference[]>>
> = {
  measurement,
  absent: measurement,
  per: measurement,
  bad: measurement,
  all: measurement,
  metric: async (queries, id) => [
    ...(await measurement(queries, id)),
    ...(await followed('metric', 'metric of the signal')(queries, id)),
  ],
  signal_metric: followed('metric', 'metric of'),
  monitor: followed('monitor', 'has the signal'),
  feature: followed('feature', 'feature of'),
  signal: async (queries, id) =>
    distinct(
      (await queries.fetchQuery(knownSignalsQuery({ id }))).flatMap(({ signal, kind, monitor }) => [
        { label: signal, detail: `signal of ${monitor}` },
        { label: kind, detail: 'any signal of this kind' },
      ]),
    ),
}

/** Names at the server that may stand as the value of a field; none for fields that refer to nothing. */
export async function referencesOf(
  queries: QueryClient,
  workspaceId: string,
  kind: MakeKindName,
  field: string,
  word: string,
): Promise<readonly Reference[]> {
  const known = kind === 'alert-rule' ? ofRules[field] : undefined
  if (known !== undefined) return known(queries, workspaceId).catch(() => [])
  const referred = ofKind[kind]?.[field] ?? fields[field]
  if (referred === undefined) return []
  const { type, title, how } = referred
  const list = (path: string) =>
    queries
      .fetchQuery({ ...listQuery<{ latestVersion?: string; description?: string }>(path), staleTime: 30_000 })
      .catch((): readonly Resource<{ latestVersion?: string; description?: string }>[] => [])
  const [, named] = /^azureml:([\w.-]+)[:@]/.exec(word) ?? []
  if (how === 'versioned' && named !== undefined) {
    const versions = await list(`${workspaceId}/${type}/${named}/versions`)
    return [
      { label: `azureml:${named}@latest`, detail: 'whichever is the latest' },
      ...versions.toReversed().map(({ name, properties }) => ({
        label: `azureml:${named}:${name}`,
        detail: properties.description ?? '',
      })),
    ]
  }
  return (await list(`${workspaceId}/${type}`))
    .filter(({ name }) => !/anonymous/i.test(name))
    .map(({ name, properties }) => ({
      label: how === 'plain' ? name : how === 'azureml' ? `azureml:${name}` : `azureml:${name}@latest`,
      detail: properties.latestVersion === undefined ? title : `${title}, latest ${properties.latestVersion}`,
    }))
}
