import { rm } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { BlobMissing, UnsafeName } from '../../artifacts/artifacts.ts'
import { parseDuration } from '../../kernel/duration.ts'
import { UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { endpointsReconciler } from '../endpoints/reconcile.ts'
import { deploymentFolder } from '../routing/folders.ts'
import { publishRoutes } from '../routing/publish.ts'
import type { ScaleRules } from '../scaling/decide.ts'
import { scaleByLoad } from '../scaling/load.ts'
import { scaleRules } from '../scaling/settings.ts'
import { servingOf } from '../serving.ts'
import { bringUp } from './bring-up.ts'
import { type Deployment, deploymentsReconciler, fail } from './deployment.ts'
import { processIds } from './instances.ts'
import { keepUp, letGo } from './keep-up.ts'
import { readRuntime } from './revision/record.ts'
import { prepareRevision } from './revision/prepare-revision.ts'
import { revisionId } from './revision/revision-id.ts'
import type { Revision, Runtime, Stage } from './runtime.ts'
import { instancesOf, probesOf, startPatienceMs } from './settings.ts'

/**
 * Brings a deployment to what was asked for: prepares its revision, brings up its instances beside the ones that
 * serve, lets the gateway change over when all are ready, and lets the old ones finish. What cannot be brought up
 * leaves what serves as it is. Instances that die are started again.
 */
export const reconcileDeployment: Reconciler = {
  name: deploymentsReconciler,
  types: ['workspaces/onlineEndpoints/deployments'],
  async reconcile(resource, { platform }) {
    const deployment = resource as Deployment
    if (deployment.deleting) return takeDown(deployment, platform)
    const { runtime, unusable } = readRuntime(deployment.status)
    if (unusable !== undefined) return giveUpRecord(deployment, runtime, unusable, platform)
    const wanted = wantedStage(deployment)
    if (runtime.failedGeneration === deployment.generation && runtime.failedRevision === wanted.id)
      return keepUp(deployment, platform)
    if (runtime.coming && fits(runtime.coming, wanted)) return bringUp(deployment, runtime.coming, platform)
    if (runtime.coming || !runtime.serving || !fits(runtime.serving, wanted))
      return begin(deployment, wanted, platform)
    if (deployment.status['provisioningState'] === 'Succeeded') return followLoad(deployment, platform)
    return succeed(deployment, platform)
  },
}

/** Of what an older Twinloop has put on record, only what is to end is kept: the next step begins from nothing. */
async function giveUpRecord(deployment: Deployment, runtime: Runtime, why: string, platform: Platform) {
  const message = `What an older version of Twinloop had prepared cannot be used any more (${why}); it is prepared anew.`
  platform.log.warn('a deployment is prepared anew', { deployment: deployment.id, why })
  const status = { provisioningState: 'Updating', error: { code: 'PreparedAnew', message }, runtime }
  await platform.resources.setStatus(deployment.key, status, { etag: deployment.etag })
}

type Wanted = Omit<Stage, keyof Revision | 'begunAt'> & Pick<Stage, 'id'>

function wantedStage(deployment: Deployment): Wanted {
  const { requestSettings } = deployment.properties
  const id = revisionId(deployment)
  const rules = scaleRules(deployment.properties)
  const startMs = startPatienceMs(deployment.properties)
  const queueWaitMs = parseDuration(requestSettings.maxQueueWait ?? '')
  return {
    id,
    processes: processIds(deployment.key, id, instancesWanted(deployment, rules)),
    concurrency: requestSettings.maxConcurrentRequestsPerInstance,
    requestTimeoutMs: parseDuration(requestSettings.requestTimeout) ?? 0,
    ...(queueWaitMs ? { queueWaitMs } : {}),
    probes: probesOf(deployment.properties),
    elastic: rules !== undefined,
    ...(rules?.min === 0 ? { asleepMs: Math.min(startMs, longestWakeMs) } : {}),
    startMs,
  }
}

/** A request that wakes a deployment is not kept for longer than this. */
const longestWakeMs = 120_000

/** A new deployment shows that it comes up, also where it may sleep afterwards. */
function instancesWanted({ envelope, status }: Deployment, rules: ScaleRules | undefined): number {
  const fixed = instancesOf(envelope.sku)
  if (rules === undefined) return fixed
  const wanted = status.runtime?.instances ?? fixed
  return Math.min(Math.max(wanted, status.runtime?.serving ? rules.min : Math.max(rules.min, 1)), rules.max)
}

/** Whether the stage is what is wanted. How long its start may take matters to none that has started. */
function fits(stage: Stage, wanted: Wanted): boolean {
  const { id, processes, concurrency, requestTimeoutMs, queueWaitMs, probes, elastic, asleepMs } = stage
  const is = { id, processes, concurrency, requestTimeoutMs, queueWaitMs, probes, elastic, asleepMs }
  const { startMs: _, ...asked } = { queueWaitMs: undefined, asleepMs: undefined, ...wanted }
  return isDeepStrictEqual(is, asked)
}

/** Gives a deployment that scales itself as many instances as the load asks for, and keeps up what there is. */
async function followLoad(deployment: Deployment, platform: Platform) {
  const rules = scaleRules(deployment.properties)
  const { runtime = {} } = deployment.status
  if (rules === undefined) return keepUp(deployment, platform)
  const current = runtime.serving?.processes.length ?? 0
  const instances = scaleByLoad(platform, deployment.key, rules, current)
  if (instances === current) {
    const again = await keepUp(deployment, platform)
    return { again: Math.min(again?.again ?? Infinity, rules.pollMs) }
  }
  platform.log.info('a deployment is scaled', { deployment: deployment.id, from: current, to: instances })
  const next = { runtime: { ...runtime, instances } }
  await platform.resources.setStatus(deployment.key, next, { etag: deployment.etag })
  return undefined
}

/** Prepares the revision, if it is another one than what is there, and puts it on record as what is coming. */
async function begin(deployment: Deployment, wanted: Wanted, platform: Platform) {
  const { serving, coming, retiring = [] } = deployment.status.runtime ?? {}
  const same = [serving, coming].find((stage) => stage?.id === wanted.id)
  const settled = same
    ? { value: revisionOf(same) }
    : servingOf(platform).inBackground(
        deployment.key,
        `${wanted.id} ${deployment.generation}`,
        (signal) => prepareRevision(deployment, platform, signal),
        () => platform.wake(deploymentsReconciler, deployment.key),
      )
  if (settled === undefined) return keepUp(deployment, platform)
  if ('error' in settled) return fail(deployment, reasonOf(settled.error, deployment, platform), platform)
  const next: Stage = { ...settled.value, ...wanted, begunAt: platform.clock().getTime() }
  const kept = new Set([...next.processes, ...(serving?.processes ?? [])])
  const left = [...retiring, ...(coming?.processes ?? [])].filter((process) => !kept.has(process))
  const runtime: Runtime = { ...deployment.status.runtime, coming: next, retiring: [...new Set(left)] }
  await platform.resources.setStatus(deployment.key, { runtime }, { etag: deployment.etag })
}

/** What a stage is made of, without what was wanted of it. */
function revisionOf(stage: Stage): Revision {
  const { processes, concurrency, requestTimeoutMs, queueWaitMs, probes, elastic, asleepMs, ...rest } = stage
  const { startMs, begunAt, ...revision } = rest
  return revision
}

function reasonOf(error: unknown, deployment: Deployment, platform: Platform): string {
  if (error instanceof UserError || error instanceof BlobMissing || error instanceof UnsafeName)
    return error.message
  platform.log.error('a deployment could not be prepared', { deployment: deployment.id, error })
  return `It could not be prepared: ${error instanceof Error ? error.message : String(error)}`
}

/** The gateway knows of it: only then has it succeeded. */
async function succeed(deployment: Deployment, platform: Platform): Promise<void> {
  await servingOf(platform).gateway()
  const unrouted = (await publishRoutes(platform)).get(deployment.key)
  if (unrouted !== undefined) return fail(deployment, unrouted, platform)
  const endpoint = await platform.resources.find(deployment.parent)
  const event = {
    type: 'Microsoft.MachineLearningServices.ModelDeployed',
    subject: `endpoints/${endpoint?.name ?? ''}`,
    source: deployment.scope,
    data: {
      ServiceName: `${endpoint?.name ?? ''}/${deployment.name}`,
      ServiceComputeType: deployment.properties.endpointComputeType,
      ModelIds: deployment.properties.model ?? '',
      ServiceTags: deployment.envelope.tags ?? {},
      ServiceProperties: deployment.properties.properties ?? {},
    },
  }
  const status = { provisioningState: 'Succeeded', error: null }
  await platform.resources.setStatus(deployment.key, status, { etag: deployment.etag, events: [event] })
}

/** Takes it out of the gateway's table, lets its instances finish, then lets it go. */
async function takeDown(deployment: Deployment, platform: Platform) {
  servingOf(platform).abandon(deployment.key)
  await publishRoutes(platform)
  const { serving, coming, retiring = [] } = deployment.status.runtime ?? {}
  const all = new Set([...(serving?.processes ?? []), ...(coming?.processes ?? []), ...retiring])
  const left = await letGo([...all], deployment, platform)
  // Their ends wake this.
  if (left.length > 0) return
  await rm(deploymentFolder(platform.config.home, deployment.key), { recursive: true, force: true })
  await platform.resources.purge(deployment.key)
  platform.wake(endpointsReconciler, deployment.parent)
}
