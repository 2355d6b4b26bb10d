/** A set of operations, with `*` as wildcard, as Azure's role definitions have it. */
export interface RoleDefinition {
  /** Azure's GUID for built-in roles. */
  readonly id: string
  readonly name: string
  readonly description: string
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
}

const ml = (actions: readonly string[]) => actions.map((a) => `Microsoft.MachineLearningServices/${a}`)

/** What releases ask of people rather than of programs: whose role has these may answer for a release. */
const answering = ['approve', 'refuse', 'waive'].map(
  (verb) => `Twinloop/releasePlans/releases/${verb}/action`,
)

/** What alerts ask of people: may it be done beyond its budget, is a declaration to be changed. */
const allowing = ['incidents/actions', 'changeProposals'].flatMap((type) =>
  ['approve', 'refuse'].map((verb) => `Twinloop/${type}/${verb}/action`),
)

/** The operation that a role must allow for its holders to count as approvers. */
export const approveOperation = 'Twinloop/releasePlans/releases/approve/action'

const dataScientist = {
  actions: ml([
    'workspaces/*/read',
    'workspaces/*/action',
    'workspaces/*/delete',
    'workspaces/*/write',
  ]).concat(ml(['workspaces/read']), ['Twinloop/*']),
  notActions: ml([
    'workspaces/delete',
    'workspaces/write',
    'workspaces/computes/*/write',
    'workspaces/computes/*/delete',
    'workspaces/computes/write',
    'workspaces/computes/delete',
    'workspaces/computes/listKeys/action',
    'workspaces/listKeys/action',
    'workspaces/hubs/write',
    'workspaces/hubs/delete',
    'workspaces/featurestores/write',
    'workspaces/featurestores/delete',
  ]),
}

/** Azure's built-in roles that concern machine learning, with Azure's ids and action lists, and two of Twinloop's own. */
export const builtInRoles: readonly RoleDefinition[] = [
  {
    id: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
    name: 'Owner',
    description: 'Everything, including who may do what.',
    actions: ['*'],
    notActions: [],
  },
  {
    id: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
    name: 'Contributor',
    description: 'Everything except who may do what.',
    actions: ['*'],
    notActions: [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      // Whoever gives out somebody's credentials could act as them.
      ...['users', 'servicePrincipals'].flatMap((type) =>
        ['write', 'delete', '*/action'].map((verb) => `Twinloop/${type}/${verb}`),
      ),
    ],
  },
  {
    id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
    name: 'Reader',
    description: 'Sees everything but secrets, changes nothing.',
    actions: ['*/read'],
    notActions: [],
  },
  {
    id: 'f6c7c914-8db3-469d-8ca1-694a8f32e121',
    name: 'AzureML Data Scientist',
    description:
      'Everything within a workspace, except creating or deleting computes, changing the workspace itself, and answering for releases and for what alerts propose.',
    actions: dataScientist.actions,
    notActions: [...dataScientist.notActions, ...answering, ...allowing],
  },
  {
    id: 'e503ece1-11d0-4e8e-8e2c-7a6c3bf38815',
    name: 'AzureML Compute Operator',
    description: 'Creates, starts, stops and deletes computes.',
    actions: ml(['workspaces/computes/*', 'workspaces/notebooks/vm/*']),
    notActions: [],
  },
  {
    id: '1823dd4f-9b8c-4ab6-ab4e-7397a3684615',
    name: 'AzureML Registry User',
    description: 'Reads registries and everything about the assets in them.',
    actions: ml(['registries/read', 'registries/assets/*']),
    notActions: [],
  },
  {
    id: '635dd51f-9968-44d3-b7fb-6d9a6bd613ae',
    name: 'AzureML Metrics Writer (preview)',
    description: 'Writes metrics to a workspace.',
    actions: ml(['workspaces/metrics/*/write']),
    notActions: [],
  },
  {
    id: '7a1e0b5d-90c4-4c53-9c1e-2f5b7d0a6e01',
    name: 'ML Engineer',
    description:
      'What a data scientist may, and answers for releases and for what alerts propose: approves, refuses, waives gates.',
    ...dataScientist,
  },
  {
    id: '7a1e0b5d-90c4-4c53-9c1e-2f5b7d0a6e02',
    name: 'Release Approver',
    description: 'Sees everything but secrets, approves or refuses releases, and may let somebody stand in.',
    actions: [
      '*/read',
      ...answering.filter((operation) => !operation.includes('/waive/')),
      'Twinloop/approvalDelegations/*',
    ],
    notActions: [],
  },
]

/** True if the role allows the operation: an action matches and no notAction does. Case does not matter. */
export const roleAllows = (role: RoleDefinition, operation: string): boolean =>
  role.actions.some((a) => matches(a, operation)) && !role.notActions.some((a) => matches(a, operation))

function matches(pattern: string, operation: string): boolean {
  const parts = pattern.toLowerCase().split('*')
  const text = operation.toLowerCase()
  const [first = '', ...rest] = parts
  if (!text.startsWith(first)) return false
  if (rest.length === 0) return text === first
  const last = rest.pop() ?? ''
  let at = first.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}
