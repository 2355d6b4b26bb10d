import { z } from 'zod'
import { errors } from '../../../kernel/errors.ts'
import type { Action } from '../../../kernel/resources/resource.ts'
import { changeRelease } from '../change.ts'
import type { ReleaseState } from '../release.ts'
import { currentStage, labelOf } from '../state.ts'

type Wish = NonNullable<ReleaseState['asked']>

const input = z.looseObject({ reason: z.string().nullish() })

const said: Readonly<Record<Wish, string>> = {
  pause: 'paused the delivery',
  resume: 'let the delivery go on',
  promote: 'gave the candidate all traffic at once',
  abort: 'aborted the delivery',
}

/** `POST {release}/{wish} { reason? }`: what somebody wants of a delivery that is under way. */
const wish = (asked: Wish): Action => ({
  input,
  async run({ platform, resource, actor, input: given }) {
    const { reason } = given as z.infer<typeof input>
    await changeRelease(platform, resource.key, (release) => {
      const stage = currentStage(release.status)?.record
      const begun = stage?.delivery !== undefined && stage.delivery.state !== 'pending'
      const is = stage?.state === 'delivery' && (begun || asked === 'abort')
      if (!is || release.status.endedAt !== undefined)
        throw errors.conflict(
          `Release ${labelOf(release)} is ${release.status.state} in stage '${release.status.stage}': nothing of it is being delivered.`,
        )
      return {
        state: { asked },
        happened: [{ who: actor.name, what: `${said[asked]}${reason == null ? '' : `: ${reason}`}` }],
      }
    })
    return { accepted: true }
  },
})

export const pause = wish('pause')
export const resume = wish('resume')
export const promote = wish('promote')
export const abort = wish('abort')
