import type { WatchOptions } from '../../../serving/watching/kept-watch.ts'
import type { DeploymentBody, Seen, Shares } from '../target/target.ts'
import { sameShares, shareOf } from '../target/target.ts'
import type { Working } from './state.ts'

/** Something to be done at the target so that it is as a delivery has decided. */
export type Act =
  | { readonly act: 'make'; readonly name: string; readonly body: DeploymentBody }
  | { readonly act: 'share'; readonly shares: Shares; readonly from: Shares }
  /** `yields`: another delivery to the same endpoint has it watched as that one needs. */
  | { readonly act: 'watch'; readonly options: WatchOptions | null; readonly yields: boolean }
  | { readonly act: 'remove'; readonly name: string }

/** Whether somebody else has changed the traffic: it is neither as decided, nor as it was before that. */
export const isOthers = ({ shares, former }: Working, seen: Seen): boolean =>
  !sameShares(seen.shares, shares) && !sameShares(seen.shares, former)

/**
 * What makes true what has been decided, by what there is. Only what is on record is done: a server that is killed
 * between an act and its record finds the act done, and nothing that it would not know.
 */
export function actsOf(working: Working, seen: Seen, now: number): readonly Act[] {
  const { phase, candidate, deployment, shares, watch } = working
  const acts: Act[] = []
  const there = seen.deployments[candidate]
  if (phase === 'making' && (there === undefined || !seen.exists))
    acts.push({ act: 'make', name: candidate, body: deployment })
  if (seen.exists && phase !== 'over' && !sameShares(seen.shares, shares) && !isOthers(working, seen))
    acts.push({ act: 'share', shares, from: seen.shares })
  if (seen.exists) acts.push({ act: 'watch', options: watch, yields: phase === 'over' })
  if (isToBeCleared(working, now))
    for (const name of unneeded(working, seen)) acts.push({ act: 'remove', name })
  return acts
}

const isToBeCleared = ({ phase, end }: Working, now: number): boolean =>
  phase === 'over' && end !== undefined && end.clearAt !== null && now >= end.clearAt

/** Deployments that a delivery leaves behind, and nobody uses: the former champion's, or that of what failed. */
export function unneeded(working: Working, seen: Seen): readonly string[] {
  const { candidate, champion, isOwn, end } = working
  const idle = (name: string) =>
    name in seen.deployments &&
    shareOf(seen.shares.traffic, name) === 0 &&
    shareOf(seen.shares.mirror, name) === 0
  if (end?.outcome === 'succeeded' && shareOf(seen.shares.traffic, candidate) > 0)
    return champion !== null && idle(champion) ? [champion] : []
  const isServed =
    Object.values(seen.shares.traffic).some((share) => share > 0) || end?.outcome !== 'succeeded'
  return isOwn && isServed && idle(candidate) ? [candidate] : []
}
