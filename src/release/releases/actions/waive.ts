import { z } from 'zod'
import { errors } from '../../../kernel/errors.ts'
import type { Action } from '../../../kernel/resources/resource.ts'
import { changeRelease, releaseEvent } from '../change.ts'
import { stageWorkspace } from '../stage-workspace.ts'
import { asRelease, type Waiver } from '../release.ts'
import { requestersOf } from '../../approval/requesters.ts'
import { sameId } from '../../approval/rule.ts'
import { hasEnded, labelOf, withGate } from '../state.ts'
import { gateInput, gatesMeant } from './gate-input.ts'

const dayMs = 86_400_000
const longestDays = 90

const input = gateInput.extend({
  gate: z.string().min(1),
  reason: z.string().trim().min(10, 'a waiver needs a reason of at least ten letters'),
  /** ISO time, or days from now; default 30 days. */
  expiresAt: z.iso.datetime({ offset: true }).nullish(),
  days: z.int().min(1).max(longestDays).nullish(),
})

/**
 * `POST {release}/waive { gate, reason, days? | expiresAt? }`: lets the release pass a gate that did not pass. Needs the
 * operation `Twinloop/releasePlans/releases/waive/action` on the stage's workspace, and somebody else than who wants the
 * release. Ends with the waiver: at most 90 days, for this version only.
 */
export const waive: Action = {
  decidesAccess: true,
  input,
  async run({ platform, resource, actor, input: given }) {
    const { gate, reason, expiresAt, days } = given as z.infer<typeof input>
    const asked = asRelease(resource)
    const workspace = await stageWorkspace(platform, asked)
    await platform.access.require(actor, 'Twinloop/releasePlans/releases/waive/action', workspace.id)
    if (actor.kind !== 'User' || actor.confinedTo !== '')
      throw errors.forbidden(`A waiver is a person's to give, and ${actor.name} is here as a program.`)
    const requester = (await requestersOf(platform, asked)).find(({ id }) => sameId(id, actor.id))
    if (requester !== undefined)
      throw errors.forbidden(
        `${requester.name} ${requester.why}, and a waiver takes two people: somebody else has to give it.`,
      )
    const now = platform.clock()
    const until = expiresAt == null ? new Date(now.getTime() + (days ?? 30) * dayMs) : new Date(expiresAt)
    if (until <= now || until.getTime() > now.getTime() + longestDays * dayMs)
      throw errors.validation(`A waiver ends within ${longestDays} days, and after now.`, {
        target: 'expiresAt',
      })
    const waiver: Waiver = {
      by: { id: actor.id, name: actor.name },
      at: now.toISOString(),
      reason,
      expiresAt: until.toISOString(),
    }
    await changeRelease(platform, resource.key, (release) => {
      const { status } = release
      if (hasEnded(status))
        throw errors.conflict(`Release ${labelOf(release)} is ${status.state}: there is nothing to waive.`)
      const [record] = gatesMeant(release, gate)
      if (record === undefined) return undefined
      return {
        state: {
          ...withGate(status, status.stage, record.name, (was) => ({ ...was, state: 'waived', waiver })),
          state: 'running',
          reason: `${record.name} was waived by ${actor.name}.`,
        },
        happened: [
          {
            who: actor.name,
            what: `waived ${record.name} (${record.state}) until ${waiver.expiresAt.slice(0, 10)}: ${reason}`,
          },
        ],
        events: [
          releaseEvent(release, 'GateWaived', {
            gate: record.name,
            was: record.state,
            by: actor.name,
            reason,
            expiresAt: waiver.expiresAt,
          }),
        ],
      }
    })
    return { body: { release: resource.id, gate, waiver } }
  },
}
