/** What can be made and changed in Studio: how it is called, what it needs, and whose command it is. */
export interface MakeKind {
  /** Without an article: `data asset`. */
  readonly title: string
  /** The operation that making and changing it needs, as `useCan` takes it. */
  readonly operation: string
  /** The noun of `twinloop <noun> create -f`. */
  readonly noun: string
}

/** By the word that addresses have for it. */
export const makeKinds = {
  data: { title: 'data asset', operation: 'data/versions/write', noun: 'data' },
  'data-import': {
    title: 'data import',
    operation: 'Twinloop/dataImports/write',
    noun: 'data-import',
  },
  'data-contract': {
    title: 'data contract',
    operation: 'Twinloop/dataContracts/write',
    noun: 'data-contract',
  },
  datastore: { title: 'datastore', operation: 'datastores/write', noun: 'datastore' },
  connection: { title: 'connection', operation: 'connections/write', noun: 'connection' },
  environment: { title: 'environment', operation: 'environments/versions/write', noun: 'environment' },
  model: { title: 'model', operation: 'models/versions/write', noun: 'model' },
  compute: { title: 'compute', operation: 'computes/write', noun: 'compute' },
  job: { title: 'job', operation: 'jobs/write', noun: 'job' },
  schedule: { title: 'schedule', operation: 'schedules/write', noun: 'schedule' },
  monitor: { title: 'monitor', operation: 'schedules/write', noun: 'schedule' },
  'online-endpoint': {
    title: 'online endpoint',
    operation: 'onlineEndpoints/write',
    noun: 'online-endpoint',
  },
  'online-deployment': {
    title: 'online deployment',
    operation: 'onlineEndpoints/deployments/write',
    noun: 'online-deployment',
  },
  'batch-endpoint': { title: 'batch endpoint', operation: 'batchEndpoints/write', noun: 'batch-endpoint' },
  'batch-deployment': {
    title: 'batch deployment',
    operation: 'batchEndpoints/deployments/write',
    noun: 'batch-deployment',
  },
  'release-plan': { title: 'release plan', operation: 'Twinloop/releasePlans/write', noun: 'release-plan' },
  repository: { title: 'repository', operation: 'Twinloop/repositories/write', noun: 'repository' },
  'alert-rule': { title: 'alert rule', operation: 'Twinloop/alertRules/write', noun: 'alert-rule' },
  'alert-routing': {
    title: 'alert routing',
    operation: 'Twinloop/alertRouting/write',
    noun: 'alert-routing',
  },
  silence: { title: 'silence', operation: 'Twinloop/silences/write', noun: 'silence' },
} as const satisfies Readonly<Record<string, MakeKind>>

export type MakeKindName = keyof typeof makeKinds

/** The kind of a word in an address; undefined for one that there is not. */
export const makeKindOf = (name: string): MakeKindName | undefined =>
  Object.hasOwn(makeKinds, name) ? (name as MakeKindName) : undefined
