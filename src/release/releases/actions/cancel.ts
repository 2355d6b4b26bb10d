import { z } from 'zod'
import { errors } from '../../../kernel/errors.ts'
import type { Action } from '../../../kernel/resources/resource.ts'
import { changeRelease } from '../change.ts'
import { isDelivering, hasEnded, labelOf } from '../state.ts'

const input = z.looseObject({ reason: z.string().nullish() })

/** `POST {release}/cancel { reason? }`: ends it, with the jobs of its gates. Idempotent. What delivers is aborted instead. */
export const cancel: Action = {
  input,
  async run({ platform, resource, actor, input: given }) {
    const { reason } = given as z.infer<typeof input>
    await changeRelease(platform, resource.key, (release) => {
      const { status } = release
      if (status.state === 'cancelled' || status.cancelling !== undefined) return undefined
      if (hasEnded(status))
        throw errors.conflict(`Release ${labelOf(release)} is ${status.state}: there is nothing to cancel.`)
      if (isDelivering(status))
        throw errors.conflict(
          `Release ${labelOf(release)} is being delivered: abort it, which gives the champion its traffic back.`,
        )
      const why = reason ?? `cancelled by ${actor.name}`
      return {
        state: { cancelling: { by: actor.name, reason: why } },
        happened: [{ who: actor.name, what: `cancelled it${reason == null ? '' : `: ${reason}`}` }],
      }
    })
    return { accepted: true }
  },
}
