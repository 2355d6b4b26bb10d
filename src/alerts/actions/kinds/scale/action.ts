import { z } from 'zod'
import type { ActionContext, ActionKind, ActionProgress } from '../../action.ts'
import { capacityOf, withCapacity } from './capacity.ts'
import { mistakesInScale, oneWay, planScale, scaleWords, targetInWords } from './plan.ts'

const parameters = z
  .strictObject({
    ...scaleWords,
    /** True: back to what it was when the incident is over. */
    back: z.boolean().default(false),
  })
  .refine(oneWay.test, { error: oneWay.error, when: ({ issues }) => issues.length === 0 })
type Parameters = z.infer<typeof parameters>

/** Gives a deployment more (or fewer) instances, or a compute more nodes, within limits. */
export const scale: ActionKind<Parameters> = {
  name: 'scale',
  summary:
    'Changes how many instances a deployment has, or how many nodes a compute may have, within limits.',
  parameters,
  check: mistakesInScale,
  async rehearse(given, context) {
    const { target, from, to } = await planScale(given, context)
    return from === to
      ? `leaves ${targetInWords(target)} at ${from}: it is within its limits`
      : `changes ${targetInWords(target)} from ${from} to ${to}`
  },
  async advance(given, context) {
    const { state } = context
    if (typeof state['target'] !== 'string') {
      const { target, from, to } = await planScale(given, context)
      if (from === to)
        return { done: `${targetInWords(target)} stay at ${from}: ${given.min} to ${given.max} are allowed` }
      return {
        doing: `changes ${targetInWords(target)} from ${from} to ${to}`,
        state: { target: target.id, from, to },
        again: 0,
      }
    }
    const { target, from, to } = state as unknown as Scaled
    return set(context, target, to, `${from}`)
  },
  async resolve({ back }, context) {
    const { target, from, to } = context.state as unknown as Partial<Scaled>
    if (!back || target === undefined || from === undefined || to === undefined)
      return { done: 'it stays as it is' }
    const found = await context.platform.resources.find(target)
    if (found === undefined) return { done: 'it is gone' }
    // Somebody has changed it since: that counts.
    const now = capacityOf(found)
    if (now !== to && now !== from)
      return { done: `${targetInWords(found)} was changed to ${now} meanwhile, and stays so` }
    return set(context, target, from, `${to}`)
  },
}

interface Scaled {
  readonly target: string
  readonly from: number
  readonly to: number
}

async function set(
  { platform, actor }: ActionContext,
  id: string,
  wanted: number,
  before: string,
): Promise<ActionProgress> {
  const target = await platform.resources.get(id)
  const { provisioningState } = target.status
  if (capacityOf(target) !== wanted) {
    await platform.resources.patch(actor, id, withCapacity(target, wanted))
    return { doing: `changes ${targetInWords(target)} from ${before} to ${wanted}`, again: 500 }
  }
  if (provisioningState === 'Failed')
    return { refused: `${targetInWords(target)} could not be changed to ${wanted}: its provisioning failed` }
  if (provisioningState !== 'Succeeded')
    return { doing: `waits for ${targetInWords(target)} to be ${wanted}`, again: 1000 }
  return { done: `changed ${targetInWords(target)} from ${before} to ${wanted}`, made: [id] }
}
