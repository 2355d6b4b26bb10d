import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Platform } from '../../kernel/platform.ts'
import { deploymentFolder } from '../routing/folders.ts'
import { publishRoutes } from '../routing/publish.ts'
import { readLoad } from '../scaling/load.ts'
import { servingOf } from '../serving.ts'
import { forgetInstance, inspectInstance, socketName, startInstance } from './instances.ts'
import { type Deployment, deploymentsReconciler } from './deployment.ts'
import { isRevisionId, revisionId } from './revision/revision-id.ts'
import type { Runtime } from './runtime.ts'

/** Restarts wait 0, 1, 2, 4 … seconds, at most a minute; an instance that ran for a minute starts from 0 again. */
const backOff = { firstMs: 1000, longestMs: 60_000, steadyMs: 60_000 }
/** What an instance gets beyond the request timeout to finish what it has. */
const graceMs = 5000

/** Milliseconds to wait after an instance's end before it is started again, when it has been so `count` times in a row. */
export const restartDelay = (count: number): number =>
  count === 0 ? 0 : Math.min(backOff.firstMs * 2 ** (count - 1), backOff.longestMs)

/** Sees that what serves goes on serving, and that what is to end does. Answers when to look again, if by time. */
export async function keepUp(
  deployment: Deployment,
  platform: Platform,
): Promise<{ readonly again: number } | undefined> {
  const runtime = deployment.status.runtime ?? {}
  const now = platform.clock().getTime()
  const restarts: Record<string, { count: number; at: number }> = {}
  let again = Infinity
  await endUnresponsive(deployment, platform)
  for (const process of runtime.serving?.processes ?? []) {
    const state = await inspectInstance(platform, process)
    const before = runtime.restarts?.[process]
    if (before) restarts[process] = before
    if (state.phase === 'exited') {
      const count = state.lost || state.ranMs >= backOff.steadyMs ? 0 : (before?.count ?? 0)
      const wait = state.endedAt.getTime() + restartDelay(count) - now
      if (wait > 0) {
        again = Math.min(again, wait)
        continue
      }
      platform.log.warn('an instance ended and is started again', {
        deployment: deployment.id,
        process,
        why: state.why,
      })
      restarts[process] = { count: count + 1, at: now }
    }
    if (runtime.serving && (state.phase === 'exited' || state.phase === 'absent'))
      await startInstance(platform, deployment, runtime.serving, process, restarts[process]?.count ?? 0)
    servingOf(platform).watch(process, () => platform.wake(deploymentsReconciler, deployment.key))
  }
  const wanted = runtime.retiring ?? []
  if (wanted.length > 0 || runtime.unpublished) await publishRoutes(platform)
  const retiring = await letGo(wanted, deployment, platform)
  if (wanted.length > 0 && retiring.length === 0) await sweepRevisions(deployment, platform)
  const { unpublished, ...known } = runtime
  const next: Runtime = { ...known, retiring, restarts }
  if (unpublished || !isDeepStrictEqual({ ...known, retiring: wanted, restarts: known.restarts ?? {} }, next))
    await platform.resources.setStatus(deployment.key, { runtime: next }, { etag: deployment.etag })
  return again === Infinity ? undefined : { again }
}

/** Ends instances that have failed their liveness probe since they were started; they come again. */
async function endUnresponsive({ key, id, status }: Deployment, platform: Platform): Promise<void> {
  const { unresponsive = {} } = readLoad(platform.config.home).deployments[key] ?? {}
  for (const process of status.runtime?.serving?.processes ?? []) {
    const since = unresponsive[socketName(process)]
    if (since === undefined) continue
    const state = await platform.compute.inspect(process)
    // What is said of the one before it, said once more since, is nothing against this one.
    if (state.phase !== 'running' || state.startedAt.getTime() >= since) continue
    platform.log.warn('an instance fails its liveness probe and is ended', { deployment: id, process })
    await platform.compute.cancel(process, { graceMs: 0 })
  }
}

/** Asks processes to end, and forgets those that have. Answers those that have not yet; their ends wake the reconciler. */
export async function letGo(
  processes: readonly string[],
  deployment: Deployment,
  platform: Platform,
): Promise<readonly string[]> {
  const left: string[] = []
  const timeout = deployment.status.runtime?.serving?.requestTimeoutMs ?? 0
  for (const process of processes) {
    const { phase } = await inspectInstance(platform, process)
    if (phase === 'exited') await forgetInstance(platform, process)
    if (phase === 'exited' || phase === 'absent') continue
    left.push(process)
    await platform.compute.cancel(process, { graceMs: timeout + graceMs })
    servingOf(platform).watch(process, () => platform.wake(deploymentsReconciler, deployment.key))
  }
  return left
}

/** Deletes what revisions that nothing runs from any more were made of. */
async function sweepRevisions(deployment: Deployment, platform: Platform): Promise<void> {
  const { serving, coming } = deployment.status.runtime ?? {}
  const folder = deploymentFolder(platform.config.home, deployment.key)
  const kept = new Set([serving?.id, coming?.id, revisionId(deployment)])
  for (const name of await readdir(folder).catch(() => []))
    if (isRevisionId(name) && !kept.has(name)) await rm(join(folder, name), { recursive: true, force: true })
}
