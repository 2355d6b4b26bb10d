import { errors } from '../../kernel/errors.ts'
import { keyOf } from '../../kernel/resources/arm-id.ts'
import { batchIn, hasBatchDeployment, makeDefault } from './batch.ts'
import type { RollBack } from './delivery.ts'
import { progressOf } from './online.ts'
import { beginAgain } from './steps/begin.ts'
import { sharesOf, type Working } from './steps/state.ts'
import { onlineEndpointTarget } from './target/online-endpoint.ts'
import { sameShares } from './target/target.ts'

/**
 * Gives a former release's model all traffic again, in one write of the endpoint: the deployment of a former champion is
 * kept warm for a day. Where it has gone it is made again, which `deliver` sees to. Freezes are no hindrance.
 */
export const rollBack: RollBack = async (context) => {
  const { platform, actor, workspaceId, release, plan, candidate, to } = context
  const said: string[] = []
  const batch = batchIn(to)
  if (plan.batch !== undefined && batch !== undefined) {
    if (!(await hasBatchDeployment(context, batch.deployment)))
      throw errors.conflict(
        `Batch deployment ${batch.deployment} of ${candidate.name}:${candidate.version} has gone: release the version again.`,
      )
    await makeDefault(context, batch.deployment)
    said.push(`${batch.deployment} is the default of ${plan.batch} again.`)
  }
  if (plan.online === undefined) return { happened: said.join(' ') }
  const before = to.working as Working | undefined
  if (before?.candidate === undefined)
    throw errors.conflict(`Nothing is known of how ${candidate.name}:${candidate.version} was delivered.`)
  const target = onlineEndpointTarget({
    platform,
    actor,
    workspaceId,
    endpoint: plan.online,
    release: keyOf(release.id),
    model: candidate.id,
  })
  const seen = await target.look()
  const { candidate: name } = before
  if (seen.deployments[name]?.state === 'ready') {
    await target.share(sharesOf.all(name), seen.shares)
    const { shares } = await target.look()
    if (!sameShares(shares, sharesOf.all(name)))
      throw errors.conflict(
        `Somebody else changed the traffic of ${plan.online} at the same moment; look, and try again.`,
      )
    return { happened: [`${name} has all traffic of ${plan.online} again.`, ...said].join(' ') }
  }
  const working = beginAgain(seen, before, platform.clock().getTime())
  const { record } = progressOf(to, { working, doing: `makes deployment ${name} again` })
  const happened = `Deployment ${name} has gone, and is made again; then it gets all traffic of ${plan.online}.`
  return { happened: [happened, ...said].join(' '), record }
}
