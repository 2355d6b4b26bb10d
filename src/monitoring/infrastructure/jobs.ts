import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Sample } from '../../kernel/telemetry/series.ts'
import { placesOf } from '../../training/execution/places.ts'

/** States of jobs that have not ended, as metrics name them. */
const active = { Queued: 'queued', Preparing: 'preparing', Running: 'running', Finalizing: 'finalizing' }

/**
 * Jobs that have not ended, by workspace and state; how long the one that has waited longest waits; and the share
 * of its places that each declared compute has in use. A pipeline holds no place and is counted by its steps.
 */
export async function measureJobs(platform: Platform, cores: number): Promise<readonly Sample[]> {
  const { resources } = platform
  const now = platform.clock().getTime()
  const jobs: { job: Resource; state: string }[] = []
  for (const [status, state] of Object.entries(active))
    for (const job of await resources.list({
      type: 'workspaces/jobs',
      view: 'all',
      where: { 'status.status': status },
      top: 100_000,
    }))
      if (job.properties['jobType'] !== 'Pipeline') jobs.push({ job, state })

  const samples: Sample[] = []
  const workspaces = await resources.list({ type: 'workspaces', view: 'all', top: 10_000 })
  for (const { key: scope } of workspaces) {
    const own = jobs.filter(({ job }) => job.scope === scope)
    for (const state of Object.values(active)) {
      const value = own.filter((one) => one.state === state).length
      samples.push({ kind: 'gauge', name: 'twinloop_jobs_active', scope, labels: { state }, value })
    }
    const waits = own
      .filter(({ state }) => state === 'queued')
      .map(({ job }) => now - job.createdAt.getTime())
    samples.push({
      kind: 'gauge',
      name: 'twinloop_jobs_longest_wait_seconds',
      scope,
      value: Math.max(0, ...waits) / 1000,
    })
  }
  for (const compute of await resources.list({ type: 'workspaces/computes', view: 'all', top: 10_000 })) {
    const places = placesOf(compute.properties, compute.status, cores)
    const used = jobs.filter(
      ({ job, state }) => state !== 'queued' && job.status['computeKey'] === compute.key,
    ).length
    if (places > 0)
      samples.push({
        kind: 'gauge',
        name: 'twinloop_compute_utilization_ratio',
        scope: compute.scope,
        labels: { compute: compute.name },
        value: used / places,
      })
  }
  return samples
}
