import type { z } from 'zod'
import type { Action } from '../../../kernel/resources/resource.ts'
import { errors } from '../../../kernel/errors.ts'
import { changeRelease } from '../change.ts'
import { hasEnded, labelOf, withGate } from '../state.ts'
import type { GateRecord } from '../release.ts'
import { gateInput, gatesMeant } from './gate-input.ts'

/**
 * `POST {release}/retry { gate? }`: another attempt of a gate that did not pass, or of all that did not; of a release that
 * could not enter its stage, another try of that. The evidence of earlier attempts stays.
 */
export const retry: Action = {
  input: gateInput,
  async run({ platform, resource, actor, input }) {
    const { gate } = input as z.infer<typeof gateInput>
    await changeRelease(platform, resource.key, (release) => {
      const { status } = release
      if (hasEnded(status))
        throw errors.conflict(`Release ${labelOf(release)} is ${status.state}: start another one.`)
      if (status.trouble !== undefined && gate == null)
        return {
          state: { trouble: null, state: 'running', reason: `${actor.name} has it tried again.` },
          happened: [{ who: actor.name, what: 'had it tried again' }],
        }
      const again = gatesMeant(release, gate)
      let stages = status.stages
      for (const { name } of again)
        stages = withGate({ ...status, stages }, status.stage, name, anotherAttempt).stages
      const names = again.map(({ name }) => name).join(', ')
      return {
        state: { stages, state: 'running', reason: `${actor.name} has ${names} tried again.` },
        happened: [{ who: actor.name, what: `had ${names} tried again` }],
      }
    })
    return { body: { release: resource.id } }
  },
}

/** Attempts that are kept with their results; of those before, the timeline tells. */
const mostEarlier = 10

const anotherAttempt = ({ earlier = [], ...ended }: GateRecord): GateRecord => ({
  name: ended.name,
  gate: ended.gate,
  attempt: ended.attempt + 1,
  state: 'pending',
  earlier: [...earlier, ended].slice(-mostEarlier),
})
