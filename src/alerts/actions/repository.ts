import { errors } from '../../kernel/errors.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Actor } from '../../kernel/access/access.ts'
import { asRepository, type Repository } from '../../release/ci/repository.ts'
import type { Around } from './targets.ts'

/**
 * The connected repository that an action names, or the workspace's only one. Throws notFound, naming the nearest;
 * validation where it says no connection to speak by; forbidden where the actor may not use that.
 */
export async function repositoryFor(
  { platform, workspaceId, actor }: Around & { readonly actor: Actor },
  named: string | undefined,
): Promise<Repository> {
  const repository = asRepository(
    named === undefined
      ? await onlyOne({ platform, workspaceId })
      : await platform.resources.get(childId(workspaceId, 'providers', 'Twinloop', 'repositories', named)),
  )
  const { report } = repository.properties
  if (!report)
    throw errors.validation(
      `Repository '${repository.name}' has no report.connection: by which token is its host spoken to?`,
      { target: 'repository' },
    )
  const connection = childId(workspaceId, 'connections', report.connection)
  await platform.resources.get(connection)
  // Whoever has the server use a connection's token could read it as well.
  await platform.access.require(
    actor,
    'Microsoft.MachineLearningServices/workspaces/connections/listSecrets/action',
    connection,
  )
  return repository
}

async function onlyOne({ platform, workspaceId }: Around) {
  const all = await platform.resources.list({ type: 'repositories', scope: workspaceId, top: 1000 })
  const [only, second] = all
  if (only !== undefined && second === undefined) return only
  throw errors.validation(
    only === undefined
      ? 'No repository is connected: twinloop repository create -f repository.yml.'
      : `Several repositories are connected: say repository: ${all.map(({ name }) => name).join(' or ')}.`,
    { target: 'repository' },
  )
}
