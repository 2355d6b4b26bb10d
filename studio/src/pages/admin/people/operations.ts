const ml = 'Microsoft.MachineLearningServices/workspaces'

/** What people ask about most, in their words, with the operation that it needs. */
export const operations: readonly { readonly label: string; readonly value: string }[] = [
  { label: 'see jobs', value: `${ml}/jobs/read` },
  { label: 'submit jobs', value: `${ml}/jobs/write` },
  { label: 'register models', value: `${ml}/models/versions/write` },
  { label: 'delete models', value: `${ml}/models/delete` },
  { label: 'make data assets', value: `${ml}/data/versions/write` },
  { label: 'deploy to endpoints', value: `${ml}/onlineEndpoints/deployments/write` },
  { label: 'change traffic of endpoints', value: `${ml}/onlineEndpoints/write` },
  { label: 'read keys of endpoints', value: `${ml}/onlineEndpoints/listKeys/action` },
  { label: 'start releases', value: 'Twinloop/releasePlans/start/action' },
  { label: 'approve releases', value: 'Twinloop/releasePlans/releases/approve/action' },
  { label: 'waive gates of releases', value: 'Twinloop/releasePlans/releases/waive/action' },
  { label: 'write alert rules', value: 'Twinloop/alertRules/write' },
  { label: 'make computes', value: `${ml}/computes/write` },
  { label: 'read secrets of connections', value: `${ml}/connections/listSecrets/action` },
  { label: 'give roles', value: 'Microsoft.Authorization/roleAssignments/write' },
  { label: 'read the activity log', value: 'Microsoft.Insights/eventtypes/values/read' },
  { label: 'delete the workspace', value: `${ml}/delete` },
]
