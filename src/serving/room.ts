import { backfillLineage } from '../data/lineage/backfill.ts'
import { Hono } from 'hono'
import type { Frame } from '../kernel/rest/arm.ts'
import type { Platform, Room } from '../kernel/platform.ts'
import { batchDeployments, tellOfBatchDeployment } from './batch/batch-deployments.ts'
import { batchEndpoints } from './batch/batch-endpoints.ts'
import { reconcileBatchDeployment } from './batch/reconcile.ts'
import { batchRoutes } from './batch/routes.ts'
import { startTakingUp, stopTakingUp } from './collection/take-up.ts'
import { onlineDeployments } from './deployments/deployments.ts'
import { deploymentsReconciler } from './deployments/deployment.ts'
import { tellOfDeployment } from './deployments/lineage.ts'
import { reconcileDeployment } from './deployments/reconcile.ts'
import type { Runtime } from './deployments/runtime.ts'
import { authorizeRoutes } from './endpoints/authorize.ts'
import { onlineEndpoints } from './endpoints/endpoints.ts'
import { endpointsReconciler, reconcileEndpoint } from './endpoints/reconcile.ts'
import { stopGateway } from './routing/gateway-process.ts'
import { servingOf, stopServing } from './serving.ts'

/** Element 7: online endpoints with the gateway that answers at them, and batch endpoints; the deployments of both. */
export const serving: Room = {
  name: 'serving',
  definitions: [onlineEndpoints, onlineDeployments, batchEndpoints, batchDeployments],
  eventTypes: { 'Microsoft.MachineLearningServices.ModelDeployed': 'A model is behind an endpoint.' },
  reconcilers: [reconcileEndpoint, reconcileDeployment, reconcileBatchDeployment],
  routes: (platform) =>
    new Hono<Frame>().route('/', authorizeRoutes(platform)).route('/', batchRoutes(platform)),
  async start(platform) {
    const { resources } = platform
    servingOf(platform)
    startTakingUp(platform)
    await backfillLineage(platform, onlineDeployments.type, tellOfDeployment)
    await backfillLineage(platform, batchDeployments.type, tellOfBatchDeployment)
    if (platform.config.gatewayPort === 0) platform.urls.gateway = ''
    const all = { view: 'all', top: 100_000 } as const
    const endpoints = await resources.list({ ...all, type: onlineEndpoints.type })
    if (endpoints.length === 0) return
    // Its address is not known beforehand where it may choose its port; where it is, there is nothing to wait for.
    const up = servingOf(platform).gateway()
    up.catch((error: unknown) => platform.log.error('the scoring gateway is not up', { error }))
    if (platform.config.gatewayPort === 0) await up.catch(() => {})
    for (const { key } of endpoints) platform.wake(endpointsReconciler, key)
    for (const { key } of await resources.list({ ...all, type: onlineDeployments.type }))
      platform.wake(deploymentsReconciler, key)
  },
  async stop(platform) {
    stopServing(platform)
    await stopTakingUp(platform)
  },
  end: endServing,
}

/** Ends the gateway and every instance; the next server starts them again. */
async function endServing(platform: Platform): Promise<void> {
  stopServing(platform)
  await stopGateway(platform)
  const deployments = await platform.resources.list({
    type: onlineDeployments.type,
    view: 'all',
    top: 100_000,
  })
  for (const { status } of deployments) {
    const { serving, coming, retiring = [] } = (status['runtime'] ?? {}) as Runtime
    const processes = new Set([...(serving?.processes ?? []), ...(coming?.processes ?? []), ...retiring])
    for (const process of processes) await platform.compute.cancel(process)
    for (const process of processes)
      if ((await platform.compute.inspect(process)).phase !== 'unknown') await platform.compute.wait(process)
  }
}
