/** What can be made and changed in Studio: how it is called, what it needs, and whose command it is. */
export interface MakeKind {
  /** Without an article: `data asset`. */
  readonly title: string
  /** The operation that making and changing it needs, as `useCan` takes it. */
  readonly operation: string
  /** The noun of `twinloop <noun> create -f`. */
  readonly noun: string
  /** The element of the architecture that it belongs to. */
  readonly element: string
  /** What it is, in a sentence. */
  readonly about: string
}

/** By the word that addresses have for it, in the order of the elements. */
export const makeKinds = {
  data: {
    title: 'data asset',
    operation: 'data/versions/write',
    noun: 'data',
    element: 'Data estate',
    about: 'A file, folder or table of yours, under a name, by versions.',
  },
  'data-import': {
    title: 'data import',
    operation: 'Twinloop/dataImports/write',
    noun: 'data-import',
    element: 'Data estate',
    about: 'Rows of a database, brought here as a version of a data asset.',
  },
  'data-contract': {
    title: 'data contract',
    operation: 'Twinloop/dataContracts/write',
    noun: 'data-contract',
    element: 'Data estate',
    about: 'What is expected of every version of a data asset, checked as it comes.',
  },
  datastore: {
    title: 'datastore',
    operation: 'datastores/write',
    noun: 'datastore',
    element: 'Data estate',
    about: 'Where data lies: a folder, a container of Azure, a bucket.',
  },
  environment: {
    title: 'environment',
    operation: 'environments/versions/write',
    noun: 'environment',
    element: 'Model development',
    about: 'The packages that jobs and models run with, locked and built once.',
  },
  job: {
    title: 'job',
    operation: 'jobs/write',
    noun: 'job',
    element: 'Model development',
    about: 'A command, or a pipeline that ran, run on what it is given.',
  },
  schedule: {
    title: 'schedule',
    operation: 'schedules/write',
    noun: 'schedule',
    element: 'Model development',
    about: 'A job that is made again and again, at its times.',
  },
  model: {
    title: 'model',
    operation: 'models/versions/write',
    noun: 'model',
    element: 'Registries',
    about: 'A model of yours as a version, to be evaluated, released and served.',
  },
  'release-plan': {
    title: 'release plan',
    operation: 'Twinloop/releasePlans/write',
    noun: 'release-plan',
    element: 'Staging, test and deployment',
    about: 'What a version has to pass on its way to production, and who approves it.',
  },
  repository: {
    title: 'repository',
    operation: 'Twinloop/repositories/write',
    noun: 'repository',
    element: 'Staging, test and deployment',
    about: 'A repository of a Git host: what its pushes start, and where results are told.',
  },
  'online-endpoint': {
    title: 'online endpoint',
    operation: 'onlineEndpoints/write',
    noun: 'online-endpoint',
    element: 'Production',
    about: 'An address that answers requests at once, with its keys and its traffic.',
  },
  'online-deployment': {
    title: 'online deployment',
    operation: 'onlineEndpoints/deployments/write',
    noun: 'online-deployment',
    element: 'Production',
    about: 'A model behind an online endpoint, and the share of the traffic that it gets.',
  },
  'batch-endpoint': {
    title: 'batch endpoint',
    operation: 'batchEndpoints/write',
    noun: 'batch-endpoint',
    element: 'Production',
    about: 'An address that scores whole files, as jobs.',
  },
  'batch-deployment': {
    title: 'batch deployment',
    operation: 'batchEndpoints/deployments/write',
    noun: 'batch-deployment',
    element: 'Production',
    about: 'A model, or a pipeline, behind a batch endpoint.',
  },
  monitor: {
    title: 'monitor',
    operation: 'schedules/write',
    noun: 'schedule',
    element: 'Monitoring',
    about: 'Looks at production data window by window: drift, quality, performance.',
  },
  'alert-rule': {
    title: 'alert rule',
    operation: 'Twinloop/alertRules/write',
    noun: 'alert-rule',
    element: 'Events and actions',
    about: 'Opens an incident while something is true, and does something about it.',
  },
  'alert-routing': {
    title: 'alert routing',
    operation: 'Twinloop/alertRouting/write',
    noun: 'alert-routing',
    element: 'Events and actions',
    about: 'Who is told of which alerts, in which groups, how often.',
  },
  silence: {
    title: 'silence',
    operation: 'Twinloop/silences/write',
    noun: 'silence',
    element: 'Events and actions',
    about: 'Alerts that nobody is told of for a while, once or again and again.',
  },
  connection: {
    title: 'connection',
    operation: 'connections/write',
    noun: 'connection',
    element: 'Administration',
    about: 'An address outside with its secret: a database, a webhook, a mail server.',
  },
  compute: {
    title: 'compute',
    operation: 'computes/write',
    noun: 'compute',
    element: 'Administration',
    about: 'Where jobs run: how many at once, and how large.',
  },
} as const satisfies Readonly<Record<string, MakeKind>>

export type MakeKindName = keyof typeof makeKinds

/** The kind of a word in an address; undefined for one that there is not. */
export const makeKindOf = (name: string): MakeKindName | undefined =>
  Object.hasOwn(makeKinds, name) ? (name as MakeKindName) : undefined
