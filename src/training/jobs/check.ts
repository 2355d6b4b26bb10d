import type { Actor } from '../../kernel/access/access.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { parseOrThrow } from '../../kernel/resources/schema.ts'
import { jobs } from './jobs.ts'

/**
 * Checks a job that is to be made later, as if it were made now by the actor. Throws the UserError that its making would,
 * with targets below `properties`.
 */
export async function checkJob(
  platform: Platform,
  {
    workspace,
    actor,
    properties,
  }: { readonly workspace: string; readonly actor: Actor; readonly properties: Json },
): Promise<void> {
  const name = 'scheduled'
  const id = childId(workspace, 'jobs', name)
  await platform.access.require(actor, 'Microsoft.MachineLearningServices/workspaces/jobs/write', id)
  const body = { properties: parseOrThrow(jobs.schema, properties, 'The job', 'properties') }
  await jobs.prepare?.({ id, name, scope: workspace, body, before: undefined, actor }, platform)
}
