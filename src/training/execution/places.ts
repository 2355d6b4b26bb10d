import { availableParallelism } from 'node:os'
import type { Platform } from '../../kernel/platform.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { json, number } from '../wire.ts'
import { asJob } from '../jobs/job.ts'
import type { Job } from '../jobs/job.ts'
import { jobsReconciler, transition } from '../jobs/transition.ts'

/**
 * Places for processes. A declared amlcompute has as many as its `maxNodeCount` says; this machine itself, and every
 * compute that says nothing, as many as it has cores. Who came first gets the next free one.
 */

export const waiting = (compute: string) => `${compute} waiting`
const held = (compute: string) => `${compute} held`

/**
 * Counting and taking must not be interleaved, or two jobs take the last place. One server's jobs are counted one after
 * another here; where several servers share a store, each may overshoot by what the others take at that moment.
 */
const counting = new Map<string, Promise<unknown>>()

/** Moves a queued job to Preparing if there is a place for it; undefined if it must wait (or has left the queue). */
export function takePlace(platform: Platform, job: Job): Promise<Job | undefined> {
  const compute = job.status.computeKey
  const before = counting.get(compute) ?? Promise.resolve()
  const mine = before.then(async () => {
    const free = await freePlaces(platform, compute)
    const first = await firstWaiting(platform, compute, free)
    if (!first.some((other) => other.key === job.key)) return undefined
    return transition(platform, job, 'Preparing', { slot: held(compute) })
  })
  const settled = mine.catch(() => {})
  counting.set(compute, settled)
  void settled.then(() => counting.get(compute) === settled && counting.delete(compute))
  return mine
}

/** Wakes the jobs that may now have a place; to be called when one became free. */
export async function wakeWaiting(platform: Platform, compute: string): Promise<void> {
  for (const job of await firstWaiting(platform, compute, await freePlaces(platform, compute)))
    platform.wake(jobsReconciler, job.key)
}

async function freePlaces(platform: Platform, compute: string): Promise<number> {
  const taken = await platform.resources.list({
    type: 'workspaces/jobs',
    view: 'all',
    where: { 'status.slot': held(compute) },
  })
  return Math.max(0, (await places(platform, compute)) - taken.length)
}

async function firstWaiting(platform: Platform, compute: string, count: number): Promise<readonly Job[]> {
  if (count === 0) return []
  const found = await platform.resources.list({
    type: 'workspaces/jobs',
    view: 'all',
    where: { 'status.slot': waiting(compute) },
    orderBy: { field: 'createdAt', descending: false },
    top: count,
  })
  return found.map(asJob)
}

async function places(platform: Platform, compute: string): Promise<number> {
  if (compute === 'local') return availableParallelism()
  const found = await platform.resources.find(compute)
  return found === undefined ? 0 : placesOf(found.properties, found.status, availableParallelism())
}

/** How many processes a compute runs at once; a stopped one takes no new ones. */
export function placesOf(properties: Json, status: Json, cores: number): number {
  if (String(status['state']).toLowerCase() === 'stopped') return 0
  const scale = json(json(properties['properties'])?.['scaleSettings'])
  return number(scale?.['maxNodeCount']) ?? cores
}
