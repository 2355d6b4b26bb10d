import { errors } from '../../../../kernel/errors.ts'
import { childId } from '../../../../kernel/resources/arm-id.ts'
import type { Platform } from '../../../../kernel/platform.ts'
import type { Resource } from '../../../../kernel/resources/resource.ts'
import type { Lineage } from '../../../../registry/lineage.ts'
import type { Job } from '../../../../training/jobs/job.ts'
import type { ActionContext } from '../../action.ts'

/** The versions of models that a job, or a step of it, registered; the newest first. */
export async function registeredBy(
  { platform, workspaceId }: Pick<ActionContext, 'platform' | 'workspaceId'>,
  job: Job,
  model: string | undefined,
): Promise<readonly Resource[]> {
  const where = { 'status.rootJobName': job.name }
  const steps = await platform.resources.list({
    type: 'workspaces/jobs',
    scope: workspaceId,
    where,
    view: 'all',
    top: 10_000,
  })
  const names = new Set([job.name, ...steps.map(({ name }) => name)])
  const versions = await platform.resources.list({
    type: 'workspaces/models/versions',
    scope: workspaceId,
    view: 'all',
    top: 1000,
  })
  return versions.filter(
    (version) =>
      names.has((version.status['lineage'] as Lineage | undefined)?.run ?? '') &&
      (model === undefined || modelOf(version).toLowerCase() === model.toLowerCase()),
  )
}

export const modelOf = ({ id }: Pick<Resource, 'id'>): string => id.split('/').at(-3) ?? ''

/** The plan by which a model is released. Throws validation where there is none, or more than one. */
export async function planFor(
  platform: Platform,
  workspaceId: string,
  { model, plan }: { readonly model: string; readonly plan: string | undefined },
): Promise<Resource> {
  if (plan !== undefined)
    return platform.resources.get(childId(workspaceId, 'providers', 'Twinloop', 'releasePlans', plan))
  const all = await platform.resources.list({ type: 'releasePlans', scope: workspaceId, top: 10_000 })
  const own = all.filter(
    ({ properties }) => String(properties['model']).toLowerCase() === model.toLowerCase(),
  )
  const [only, second] = own
  if (only !== undefined && second === undefined) return only
  throw errors.validation(
    only === undefined
      ? `There is no release plan for model '${model}': twinloop release plan create -f plan.yml.`
      : `Model '${model}' has several release plans: say plan: ${own.map(({ name }) => name).join(' or ')}.`,
    { target: 'plan' },
  )
}

/**
 * The release of a version: the one that its registration started, or one that is started now, as the rule's writer.
 * Started once, however often it is asked for.
 */
export async function releaseVersion(
  context: ActionContext,
  plan: Resource,
  version: Resource,
): Promise<Resource> {
  const { platform, actor, key, rule, alert } = context
  const [known] = await platform.resources.list({
    type: 'releasePlans/releases',
    parent: plan.id,
    view: 'all',
    where: { 'properties.version': version.name },
  })
  if (known !== undefined) return known
  const answer = await platform.resources.act(actor, plan.id, 'start', {
    version: version.name,
    reason: `retrained because ${rule.name} fired: ${alert.summary}`,
    trigger: `the retraining ${key}`,
  })
  const { id = '' } = (answer?.body ?? {}) as { readonly id?: string }
  return platform.resources.get(id)
}
