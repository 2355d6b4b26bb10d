import { childId, parseArmId } from '../../../../kernel/resources/arm-id.ts'
import type { Json, Resource } from '../../../../kernel/resources/resource.ts'
import { isChangedBy } from '../../../proposals/proposals.ts'
import type { ActionContext } from '../../action.ts'
import type { Around } from '../../targets.ts'
import { withCapacity } from '../scale/capacity.ts'
import { planScale, targetInWords, type ScaleWords } from '../scale/plan.ts'
import { patchInWords, patchOf, type ProposalParameters } from './parameters.ts'

/** A change that is wanted of what is declared. */
export interface WantedChange {
  readonly target: Resource
  readonly patch: Json
  /** `change the most nodes of compute cpu-cluster from 2 to 4` */
  readonly what: string
  readonly title: string
  /** Settings of the declared file, by path. */
  readonly file: Json
}

/** What is to be proposed; a sentence where all is so already. Throws notFound for what is not there. */
export async function wantedChange(
  given: ProposalParameters,
  context: ActionContext,
): Promise<WantedChange | string> {
  return given.resource === undefined ? anotherSize(given, context) : aPatch(given, given.resource, context)
}

async function anotherSize(
  given: ProposalParameters,
  context: ActionContext,
): Promise<WantedChange | string> {
  const words: ScaleWords = { ...given, min: given.min ?? 1, max: given.max ?? 1 }
  const { target, from, to } = await planScale(words, context)
  const name = targetInWords(target)
  if (from === to) return `${name} stay at ${from}: ${words.min} to ${words.max} are allowed`
  const field = given.field ?? (target.type === 'workspaces/computes' ? 'max_instances' : 'instance_count')
  return {
    target,
    patch: withCapacity(target, to),
    what: `change ${name} from ${from} to ${to}`,
    title: `${name}: ${to}`,
    file: { [field]: to },
  }
}

async function aPatch(
  given: ProposalParameters,
  resource: string,
  context: ActionContext,
): Promise<WantedChange | string> {
  const { platform, actor } = context
  const target = await platform.resources.get(resourceId(resource, context))
  // Its declaration is shown in the proposal: to whoever writes the rule, then.
  const { provider } = parseArmId(target.id)
  await platform.access.require(actor, `${provider}/${target.type}/read`, target.id)
  const patch = patchOf(given)
  const name = target.id.split('/').slice(-2).join('/')
  if (!isChangedBy(target, patch)) return `${name} is so already (${patchInWords(patch)})`
  return {
    target,
    patch,
    what: `change ${name}: ${patchInWords(patch)}`,
    title: `${name}: ${patchInWords(patch)}`,
    file: given.file_set ?? {},
  }
}

/** The id of `schedules/flight-drift`, `onlineEndpoints/flights/deployments/blue`, or of what is a whole id. */
export const resourceId = (resource: string, { workspaceId }: Pick<Around, 'workspaceId'>): string =>
  resource.startsWith('/') ? resource : childId(workspaceId, ...resource.split('/'))
