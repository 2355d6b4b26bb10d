import { childId } from '../../../kernel/resources/arm-id.ts'
import { UserError } from '../../../kernel/errors.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { checkJob } from '../../../training/jobs/check.ts'
import { asJob, type Job } from '../../../training/jobs/job.ts'
import type { ActionContext, ActionMistake, CheckContext } from '../action.ts'
import { definitionOf, inputsGiven, inputsIn, type Asking } from './definition.ts'
import { inputWith } from './inputs.ts'
import { isWindow, type JobWords } from './parameters.ts'
import { endpointTarget } from '../targets.ts'

/** Job property by which the end of a job finds the action that waits for it. */
export const actionProperty = 'twinloop.action'

/** Makes the job of an action, once: its name is the action's key. */
export async function makeJob(
  { platform, actor, workspaceId, key, action, rule }: ActionContext,
  definition: Json,
  words: JobWords,
  inputs: Json,
): Promise<Job> {
  const id = childId(workspaceId, 'jobs', key)
  const found = await platform.resources.find(id)
  if (found !== undefined) return asJob(found)
  const own = (definition['properties'] ?? {}) as Json
  const properties = {
    ...definition,
    ...(words.experiment === undefined ? {} : { experimentName: words.experiment }),
    ...(words.compute === undefined ? {} : { computeId: words.compute }),
    displayName: key,
    inputs,
    properties: { ...own, [actionProperty]: action, 'twinloop.alertRule': rule.name },
  }
  try {
    const { resource } = await platform.resources.put(actor, id, { properties }, { ifNoneMatch: '*' })
    return asJob(resource)
  } catch (error) {
    // Another server was quicker.
    if (!(error instanceof UserError) || error.kind.status !== 412) throw error
    return asJob(await platform.resources.get(id))
  }
}

/** Mistakes in what an action says of a job: what it names is not there, or cannot be made by the rule's writer. */
export async function mistakesInJob(
  words: JobWords,
  { platform, workspaceId, actor }: CheckContext,
): Promise<readonly ActionMistake[]> {
  const asking: Asking = { platform, workspaceId, actor }
  let at: readonly string[] = ['job']
  try {
    const definition = await definitionOf(asking, words)
    at = ['inputs']
    const inputs = { ...inputsIn(definition) }
    for (const [name, value] of Object.entries(inputsGiven(definition, words.inputs))) {
      at = ['inputs', name in words.inputs ? name : 'window']
      if (!isWindow(value)) inputs[name] = await inputWith(asking, name, inputs[name], value)
      else if (value.of !== undefined) await endpointTarget(asking, value.of, {})
    }
    at = ['job']
    // What is only gathered when the alert fires cannot be looked at before.
    const isWhole = Object.values(inputs).every((input) => input?.['uri'] !== '')
    if (isWhole)
      await checkJob(platform, { workspace: workspaceId, actor, properties: { ...definition, inputs } })
    return []
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const { target = '' } = error
    const path = target.startsWith('inputs.') ? target.split('.') : at
    return [{ path, message: error.message }]
  }
}
