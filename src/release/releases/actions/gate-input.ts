import { z } from 'zod'
import { errors } from '../../../kernel/errors.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { GateRecord, Release } from '../release.ts'
import { currentStage, labelOf } from '../state.ts'

export const gateInput = z.looseObject({
  /** Name of the gate; may be left out where only one waits for somebody. */
  gate: z.string().min(1).nullish(),
})

const waitsForSomebody = ({ state }: GateRecord) => ['failed', 'inconclusive', 'error'].includes(state)

/**
 * The gates of the release's stage that somebody means: the one that is named, or those that did not pass. Throws notFound
 * for a name that there is not, and conflict where nothing waits.
 */
export function gatesMeant(release: Release, name: string | null | undefined): readonly GateRecord[] {
  const stage = currentStage(release.status)?.record
  const known = stage?.gates ?? []
  const open = known.filter(waitsForSomebody)
  if (name == null) {
    if (open.length > 0) return open
    throw errors.conflict(
      `No gate of release ${labelOf(release)} waits for anybody: it is ${release.status.state}.`,
    )
  }
  const found = known.find((gate) => gate.name.toLowerCase() === name.toLowerCase())
  if (found === undefined) {
    const near = nearest(
      name,
      known.map((gate) => gate.name),
    )
    throw errors.notFound(
      `Stage '${release.status.stage}' of release ${labelOf(release)} has no gate '${name}'${near === undefined ? '' : `; did you mean '${near}'?`}`,
    )
  }
  if (!waitsForSomebody(found))
    throw errors.conflict(`Gate '${found.name}' is ${found.state}: there is nothing to do about it.`)
  return [found]
}
