import type { Platform } from '../../kernel/platform.ts'
import { servingOf } from '../serving.ts'
import { inspectInstance, lastLines, startInstance } from './instances.ts'
import { keepUp } from './keep-up.ts'
import { newestLog } from './logs.ts'
import { type Deployment, deploymentsReconciler, fail } from './deployment.ts'
import type { Runtime, Stage } from './runtime.ts'

/** Lines of an instance's log that say why it did not come up. */
const wordsOfFailure = 12

/**
 * Starts the instances of what is coming and, when all are ready, puts them in the place of what serves. One that ends
 * before it is ready, or takes longer than the readiness probe allows, fails the whole.
 */
export async function bringUp(deployment: Deployment, coming: Stage, platform: Platform) {
  const already = new Set(deployment.status.runtime?.serving?.processes)
  let ready = 0
  for (const process of coming.processes) {
    const state = await inspectInstance(platform, process)
    if (state.phase === 'exited' && !state.lost && !state.ended && !already.has(process)) {
      const said = await lastLines(await newestLog(platform, deployment.key, process), wordsOfFailure)
      return fail(
        deployment,
        `An instance ${state.why} before it was ready. It said last:\n${said}`,
        platform,
      )
    }
    if (state.phase === 'absent' || state.phase === 'exited')
      await startInstance(platform, deployment, coming, process, 0)
    servingOf(platform).watch(process, () => platform.wake(deploymentsReconciler, deployment.key))
    // One that got ready before it was watched tells nobody of it.
    const isReady = state.phase === 'ready' || (await inspectInstance(platform, process)).phase === 'ready'
    if (isReady) ready++
  }
  if (ready === coming.processes.length) return promote(deployment, coming, platform)
  const left = coming.begunAt + coming.startMs - platform.clock().getTime()
  if (left <= 0)
    return fail(
      deployment,
      `The instances were not ready within ${coming.startMs / 1000} s (readinessProbe: initialDelay + period × failureThreshold).`,
      platform,
    )
  const again = await keepUp(deployment, platform)
  return { again: Math.min(left, again?.again ?? left) }
}

async function promote(deployment: Deployment, coming: Stage, platform: Platform): Promise<void> {
  const { serving, retiring = [], restarts } = deployment.status.runtime ?? {}
  const old = (serving?.processes ?? []).filter((process) => !coming.processes.includes(process))
  const { instances } = deployment.status.runtime ?? {}
  const runtime: Runtime = {
    serving: coming,
    coming: null,
    unpublished: true,
    retiring: [...retiring, ...old],
    ...(restarts ? { restarts } : {}),
    ...(instances === undefined ? {} : { instances }),
  }
  // Whoever retires the old ones publishes the new table first; here only the record changes.
  await platform.resources.setStatus(deployment.key, { runtime }, { etag: deployment.etag })
}
