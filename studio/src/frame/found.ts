import type { Found } from '../api/search.ts'
import type { MakeKindName } from '../parts/make-kinds.ts'
import { pathOf, paths } from './paths.ts'

/** Kinds as the palette groups them, by the last word of their type. */
const groups: Readonly<Record<string, { readonly title: string; readonly make?: MakeKindName }>> = {
  models: { title: 'Models' },
  data: { title: 'Data' },
  jobs: { title: 'Jobs' },
  onlineEndpoints: { title: 'Endpoints' },
  batchEndpoints: { title: 'Batch endpoints', make: 'batch-endpoint' },
  releasePlans: { title: 'Release plans' },
  schedules: { title: 'Schedules and monitors', make: 'schedule' },
  alertRules: { title: 'Alert rules', make: 'alert-rule' },
  components: { title: 'Components' },
  environments: { title: 'Environments' },
  dataContracts: { title: 'Data contracts', make: 'data-contract' },
  dataImports: { title: 'Data imports', make: 'data-import' },
  dataExports: { title: 'Data exports' },
  datastores: { title: 'Datastores' },
  computes: { title: 'Computes' },
  connections: { title: 'Connections' },
  eventSubscriptions: { title: 'Event subscriptions' },
}

const kindOf = ({ type }: Found): string => type.split('/').at(-1) ?? ''

/** How the group of what was found is headed. */
export const titleOf = (found: Found): string => groups[kindOf(found)]?.title ?? kindOf(found)

/** Where what was found is shown: its page, or the editor for what has none; undefined for what has neither. */
export function placeOf(workspace: string, found: Found): string | undefined {
  const to = paths(workspace)
  if (found.properties.actionType === 'CreateMonitor') return to.monitor(found.name)
  const kind = groups[kindOf(found)]?.make
  return pathOf(workspace, found.id) ?? (kind === undefined ? undefined : to.make(kind, found.id))
}
