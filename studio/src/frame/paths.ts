import { namesIn } from '../api/resource.ts'
import { typeOf } from '../api/queries.ts'

const encode = encodeURIComponent
const part = (...words: readonly string[]) => words.map(encode).join('/')

/** Addresses of pages below a workspace's, encoded: the one place that knows them besides the router. */
export const paths = (workspace: string) => {
  const base = `/w/${encode(workspace)}`
  return {
    home: base,
    jobs: `${base}/jobs`,
    // Not below jobs, where each would take the place of the job of that name.
    schedules: `${base}/schedules`,
    schedule: (name: string) => `${base}/schedules/${part(name)}`,
    queue: `${base}/queue`,
    compareJobs: `${base}/compare-jobs`,
    job: (name: string) => `${base}/jobs/${part(name)}`,
    models: `${base}/models`,
    model: (name: string) => `${base}/models/${part(name)}`,
    version: (name: string, version: string) => `${base}/models/${part(name)}/${part(version)}`,
    /** A version of a model against another one. */
    versionDiff: (name: string, before: string, after: string) =>
      `${base}/models/${part(name, 'compare', before, after)}`,
    environments: `${base}/environments`,
    environment: (name: string, version?: string) =>
      `${base}/environments/${part(name, ...(version === undefined ? [] : [version]))}`,
    components: `${base}/components`,
    component: (name: string, version?: string) =>
      `${base}/components/${part(name, ...(version === undefined ? [] : [version]))}`,
    endpoints: `${base}/endpoints`,
    endpoint: (name: string) => `${base}/endpoints/${part(name)}`,
    batchEndpoint: (name: string) => `${base}/endpoints/batch/${part(name)}`,
    releases: `${base}/releases`,
    plan: (plan: string) => `${base}/releases/${part(plan)}`,
    release: (plan: string, number: string) => `${base}/releases/${part(plan)}/${part(number)}`,
    data: `${base}/data`,
    dataset: (name: string) => `${base}/data/${part(name)}`,
    dataVersion: (name: string, version: string) => `${base}/data/${part(name)}/${part(version)}`,
    /** What has changed from one version to another, each as `name:version`. */
    dataDiff: (before: string, after: string) => `${base}/data/diff/${part(before, after)}`,
    experiments: `${base}/experiments`,
    compareRuns: `${base}/experiments/compare`,
    experiment: (id: string) => `${base}/experiments/${part(id)}`,
    run: (experiment: string, id: string) => `${base}/experiments/${part(experiment, id)}`,
    monitoring: `${base}/monitoring`,
    monitor: (name: string) => `${base}/monitoring/${part(name)}`,
    signal: (monitor: string, signal: string) => `${base}/monitoring/${part(monitor, signal)}`,
    feature: (monitor: string, signal: string, feature: string) =>
      `${base}/monitoring/${part(monitor, signal, feature)}`,
    alerts: `${base}/alerts`,
    alertRules: `${base}/alerts/rules`,
    alertRule: (name: string) => `${base}/alerts/rules/${part(name)}`,
    silences: `${base}/alerts/silences`,
    alertRouting: `${base}/alerts/routing`,
    proposals: `${base}/alerts/proposals`,
    proposal: (name: string) => `${base}/alerts/proposals/${part(name)}`,
    incident: (number: string) => `${base}/alerts/${part(number)}`,
    admin: `${base}/admin`,
    adminPage: (page: string) => `${base}/admin/${part(page)}`,
    /** All that can be made. */
    making: `${base}/make`,
    /** The editor: makes something new of a kind, or changes what is at an id. */
    make: (kind: string, id?: string) =>
      `${base}/make/${part(kind)}${id === undefined ? '' : `?id=${encode(id)}`}`,
  }
}

/** Where a resource of the workspace is shown; undefined for kinds that have no page. */
export function pathOf(workspace: string, id: string): string | undefined {
  const to = paths(workspace)
  const [first = '', second = ''] = namesIn(id).slice(1)
  switch (typeOf(id).toLowerCase()) {
    case 'workspaces/jobs':
      return to.job(first)
    case 'workspaces/models':
      return to.model(first)
    case 'workspaces/models/versions':
      return to.version(first, second)
    case 'workspaces/data':
      return to.dataset(first)
    case 'workspaces/data/versions':
      return to.dataVersion(first, second)
    case 'workspaces/environments':
      return to.environment(first)
    case 'workspaces/environments/versions':
      return to.environment(first, second)
    case 'workspaces/components':
      return to.component(first)
    case 'workspaces/components/versions':
      return to.component(first, second)
    case 'workspaces/onlineendpoints':
    case 'workspaces/onlineendpoints/deployments':
      return to.endpoint(first)
    case 'workspaces/batchendpoints':
    case 'workspaces/batchendpoints/deployments':
      return to.batchEndpoint(first)
    case 'releaseplans':
      return to.plan(first)
    case 'releaseplans/releases':
      return to.release(first, second)
    case 'incidents':
    case 'incidents/actions':
      return to.incident(first)
    case 'workspaces/computes':
      return to.adminPage('computes')
    case 'workspaces/connections':
    case 'workspaces/datastores':
      return to.adminPage('connections')
    case 'eventsubscriptions':
      return to.adminPage('events')
    case 'alertrules':
      return to.alertRule(first)
    case 'silences':
      return to.silences
    case 'alertrouting':
      return to.alertRouting
    case 'changeproposals':
      return to.proposal(first)
    default:
      return undefined
  }
}
