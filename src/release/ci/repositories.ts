import { childId, scopeId } from '../../kernel/resources/arm-id.ts'
import { publicUrl } from '../../kernel/http/public-url.ts'
import { errors } from '../../kernel/errors.ts'
import type { Actor } from '../../kernel/access/access.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Prepared, ResourceDefinition, Writing } from '../../kernel/resources/resource.ts'
import { hostKinds } from './address.ts'
import { hostOf, repositorySchema, rulesOf, type RepositoryProperties } from './repository.ts'
import { checkStart } from './rules/start.ts'

/** A Git repository that this workspace hears from, by webhooks, and tells, by commit statuses and comments. */
export const repositories: ResourceDefinition<RepositoryProperties> = {
  type: 'repositories',
  provider: 'Twinloop',
  summary: 'A Git repository: what its webhooks start, and what it is told of jobs and releases.',
  schema: repositorySchema,
  secret: ['secret'],
  filters: { url: 'properties.url', host: 'properties.host' },
  prepare,
  present: (resource, platform) => ({
    owner: undefined,
    webhookUrl: `${publicUrl(platform)}/webhooks/${(hostOf(resource.properties) ?? '').replace('_', '-')}`,
  }),
}

async function prepare(
  { id, actor, body: { properties } }: Writing<RepositoryProperties>,
  platform: Platform,
): Promise<Prepared<RepositoryProperties>> {
  const workspaceId = scopeId(id)
  if (
    workspaceId === undefined ||
    !/\/workspaces\/[^/]+\/providers\/twinloop\/repositories\/[^/]+$/i.test(id)
  )
    throw errors.badRequest(`A repository is known to a workspace; '${id}' is not in one.`)
  const host = hostOf(properties)
  if (host === undefined)
    throw errors.validation(
      `What host ${properties.url} is at cannot be told from its name: say host: ${hostKinds.join(', ')}.`,
      { target: 'properties.host' },
    )
  const rules = rulesOf({ properties })
  const withPaths = rules.findIndex(({ paths }) => paths !== undefined)
  if (host === 'azure_devops' && withPaths >= 0)
    throw errors.validation(
      'Azure DevOps does not say which files a push changed: a rule cannot ask for paths.',
      {
        target: `properties.rules.${withPaths}.paths`,
      },
    )
  for (const [i, rule] of rules.entries()) await checkStart(platform, workspaceId, actor, rule, i)
  if (properties.report) await checkConnection(platform, workspaceId, actor, properties.report.connection)
  return {
    properties: { ...properties, host },
    status: { owner: { id: actor.id, name: actor.name, kind: actor.kind } },
  }
}

/** Whoever has the server use a connection's token could read it as well. */
async function checkConnection(platform: Platform, workspaceId: string, actor: Actor, name: string) {
  const id = childId(workspaceId, 'connections', name)
  await platform.resources.get(id)
  await platform.access.require(
    actor,
    'Microsoft.MachineLearningServices/workspaces/connections/listSecrets/action',
    id,
  )
}
