import { createHash } from 'node:crypto'
import type { Client } from '../../client/client.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { fileFlag, yesFlag } from '../verbs.ts'
import { principalsAt, type PrincipalBody } from './service-principal.ts'
import { usersAt, type UserBody } from './user.ts'

const flags = {
  assignee: {
    type: 'text',
    placeholder: 'PRINCIPAL',
    required: true,
    summary: 'Name or principal id of who is to have the role.',
  },
  role: {
    type: 'text',
    placeholder: 'ROLE',
    required: true,
    summary:
      "Reader, Contributor, Owner, 'AzureML Data Scientist', 'ML Engineer', …, or a role definition's id.",
  },
  scope: { type: 'text', placeholder: 'ID', summary: 'Resource id it is for. Default: the workspace.' },
} as const

const table = { Principal: 'principal', Role: 'role', Scope: 'scope' }

interface RoleBody {
  readonly name: string
  readonly properties: { readonly roleName: string }
}

interface AssignmentBody {
  readonly id: string
  readonly properties: {
    readonly principalId: string
    readonly roleDefinitionId: string
    readonly scope: string
  }
}

/** Assignments as they are shown, with the names of roles and principals beside their ids. */
async function present(api: Client, scope: string | undefined, assignments: readonly AssignmentBody[]) {
  const [principals, roles] = await Promise.all([
    knownPrincipals(api),
    api.list<RoleBody>(`${authorizationAt(api, scope)}/roleDefinitions`),
  ])
  const principalNames = new Map(principals.map(({ name, properties }) => [properties.principalId, name]))
  const roleNames = new Map(roles.map(({ name, properties }) => [name, properties.roleName]))
  return assignments.map(({ id, properties: { principalId, roleDefinitionId, scope } }) => ({
    principal: principalNames.get(principalId) ?? principalId,
    role: roleNames.get(roleDefinitionId.split('/').at(-1) ?? '') ?? roleDefinitionId,
    scope,
    principal_id: principalId,
    role_definition_id: roleDefinitionId,
    id,
  }))
}

const assign = defineCommand({
  noun: 'role',
  verb: 'assign',
  summary: 'Gives a principal a role on a workspace, or on another scope; on several, by a file.',
  flags: {
    file: fileFlag,
    assignee: { ...flags.assignee, required: false },
    role: { ...flags.role, required: false },
    scope: flags.scope,
  },
  table,
  examples: [
    'twinloop role assign --assignee ci --role Contributor',
    'twinloop role assign --assignee ci --role Reader -w staging',
    'twinloop role assign -f infrastructure/roles/ci.yml',
  ],
  async run({ flags, io, client }) {
    const api = await client()
    const { assignee, role, scopes } = await wantedOf(flags, io, client)
    const principalId = await principalOf(api, assignee)
    const properties = { principalId, roleDefinitionId: role }
    const given = []
    for (const scope of scopes) {
      const address = assignmentAt(api, scope, principalId, role)
      given.push(...(await present(api, scope, [await api.put<AssignmentBody>(address, { properties })])))
    }
    return flags.file === undefined ? given[0] : given
  },
})

/** Who is to have which role where: as a file says it, with flags that win. */
async function wantedOf(
  flags: {
    readonly file?: string | undefined
    readonly assignee?: string | undefined
    readonly role?: string | undefined
    readonly scope?: string | undefined
  },
  io: Io,
  client: () => Promise<Client>,
) {
  const { readAsset } = await import('../../submit/asset.ts')
  const said =
    flags.file === undefined
      ? undefined
      : (await readAsset(client, io, { file: flags.file }, 'roleAssignment')).value
  const { workspaceId } = await client()
  const assignee = flags.assignee ?? said?.assignee
  const role = flags.role ?? said?.role
  if (assignee === undefined || role === undefined)
    throw usage('who is to have which role?', '--assignee PRINCIPAL --role ROLE, or --file FILE')
  const inWorkspaces = said?.workspaces?.map((name) =>
    workspaceId.replace(/[^/]+$/, encodeURIComponent(name)),
  )
  const scope = flags.scope ?? said?.scope
  return { assignee, role, scopes: scope === undefined ? (inWorkspaces ?? [undefined]) : [scope] }
}

const list = defineCommand({
  noun: 'role',
  verb: 'list',
  summary: 'Lists who has which role on a workspace, or on another scope.',
  flags: { scope: flags.scope },
  table,
  examples: ['twinloop role list -o table'],
  async run({ flags, client }) {
    const api = await client()
    return present(api, flags.scope, await api.list<AssignmentBody>(assignmentsAt(api, flags.scope)))
  },
})

const unassign = defineCommand({
  noun: 'role',
  verb: 'unassign',
  summary: 'Takes a role from a principal.',
  flags: { ...flags, yes: yesFlag },
  examples: ['twinloop role unassign --assignee ci --role Contributor -y'],
  async run({ flags, client }) {
    const api = await client()
    await api.remove(assignmentAt(api, flags.scope, await principalOf(api, flags.assignee), flags.role))
    return undefined
  },
})

const check = defineCommand({
  noun: 'role',
  verb: 'check',
  summary: 'Says whether a principal may do an operation on a workspace, or on another scope, and why.',
  flags: {
    assignee: flags.assignee,
    operation: {
      type: 'text',
      placeholder: 'OPERATION',
      required: true,
      summary: 'As roles name it: jobs/write is short for Azure ML’s own.',
    },
    scope: flags.scope,
  },
  table: { Operation: 'operation', Allowed: 'allowed', Reason: 'reason' },
  examples: [
    'twinloop role check --assignee ana --operation jobs/write',
    'twinloop role check --assignee ana --operation Twinloop/releasePlans/releases/approve/action -w prod',
  ],
  async run({ flags, client }) {
    const api = await client()
    const operation = /^(?:Microsoft\.|Twinloop\/)/i.test(flags.operation)
      ? flags.operation
      : `Microsoft.MachineLearningServices/workspaces/${flags.operation}`
    const [answer] = await api.post<readonly { readonly accessDecision: string; readonly reason: string }[]>(
      `${authorizationAt(api, flags.scope)}/checkAccess`,
      {
        Subject: { Attributes: { ObjectId: await principalOf(api, flags.assignee) } },
        Actions: [{ Id: operation }],
      },
    )
    return { operation, allowed: answer?.accessDecision === 'Allowed', reason: answer?.reason }
  },
})

const authorizationAt = (api: Client, scope = api.workspaceId): string =>
  `${api.connection.url}${scope.replace(/\/+$/, '')}/providers/Microsoft.Authorization`

const assignmentsAt = (api: Client, scope?: string): string =>
  `${authorizationAt(api, scope)}/roleAssignments`

/** An assignment's name follows from what it says, so that giving a role twice gives it once. */
function assignmentAt(api: Client, scope: string | undefined, principal: string, role: string): string {
  const digest = createHash('sha256').update(`${principal}\n${role.toLowerCase()}`).digest('hex')
  const name = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
  return `${assignmentsAt(api, scope)}/${name}`
}

/** Id of the principal of that name; what is no name is taken for an id. */
async function principalOf(api: Client, assignee: string): Promise<string> {
  const known = await knownPrincipals(api)
  const found = known.find(({ name }) => name.toLowerCase() === assignee.toLowerCase())
  return found?.properties.principalId ?? assignee
}

/** People before programs: a name is a person's, where both have it. */
const knownPrincipals = async (api: Client): Promise<readonly (UserBody | PrincipalBody)[]> => [
  ...(await api.list<UserBody>(usersAt(api))),
  ...(await api.list<PrincipalBody>(principalsAt(api))),
]

export const commands: readonly Command[] = [assign, list, unassign, check]
