import type { Platform } from '../kernel/platform.ts'
import type { ReconcileContext } from '../kernel/work/reconcile.ts'
import type { Location } from '../data/resolve.ts'
import { locateInput } from './data.ts'
import type { Referring } from './data.ts'
import type { Environment } from './environments/builder.ts'
import { builderOf, specificationFor } from './environments/find.ts'
import type { Job } from './jobs/job.ts'
import { jobsReconciler } from './jobs/transition.ts'
import { findVersion } from './references.ts'

/** What a command runs: its code and the environment that it runs in. Throws a UserError for what is not there. */
export async function checkPrograms(
  programs: { readonly code?: string | undefined; readonly environment: string },
  at: Referring,
): Promise<void> {
  await specificationFor(programs.environment, { ...at, target: `${at.target}.environmentId` })
  if (programs.code !== undefined) await findCode(programs.code, { ...at, target: `${at.target}.codeId` })
}

/** Where a code asset's files are. */
export async function findCode(reference: string, at: Referring): Promise<Location> {
  const found = await findVersion(reference, { ...at, collection: 'codes', noun: 'code' })
  return locateInput(found.id, at)
}

/** A digest of what an environment consists of: two with the same are the same environment. */
export async function environmentKeyOf(reference: string, at: Referring): Promise<string> {
  const { python, requirements, variables } = await specificationFor(reference, at)
  return JSON.stringify([python, requirements, variables])
}

/** Builds that jobs wait for, by job, so that a failed one is told to its job and not simply begun again. */
const awaited = new WeakMap<Platform, Map<string, Build>>()

interface Build {
  readonly log: string
  readonly environment: Promise<Environment>
  settled: boolean
}

/** File with the log of the build that a job waits for; undefined if it waits for none. */
export const buildLogOf = (platform: Platform, job: Job): string | undefined =>
  awaited.get(platform)?.get(job.key)?.log

/** Forgets the build that a job waited for: to be called when it does not wait any more. */
export const forgetBuild = (platform: Platform, job: Job): void => void awaited.get(platform)?.delete(job.key)

/**
 * The environment of a job, or `building`: then the job is woken when it stands or has failed, and asking again throws
 * what went wrong. Nothing waits meanwhile, so the job can be cancelled. `logged` is given the log of a build that was
 * waited for, before its outcome is told.
 */
export async function environmentOf(
  job: Job,
  { platform, signal }: ReconcileContext,
  logged: (file: string) => Promise<void>,
): Promise<Environment | 'building'> {
  const waits = awaited.get(platform) ?? new Map<string, Build>()
  awaited.set(platform, waits)
  const before = waits.get(job.key)
  if (before?.settled === false) return 'building'
  if (before !== undefined) {
    await logged(before.log)
    waits.delete(job.key)
    return before.environment
  }
  const at = { platform, workspace: job.parent, target: 'properties.environmentId' }
  const specification = await specificationFor(job.properties.environmentId ?? '', at)
  const begun = Promise.withResolvers<string>()
  const environment = builderOf(platform).ensure(specification, {
    signal,
    onBuilding: ({ log }) => begun.resolve(log),
  })
  const first = await Promise.race([environment, begun.promise])
  if (typeof first === 'object') return first
  const wait: Build = { log: first, environment, settled: false }
  waits.set(job.key, wait)
  const settle = () => {
    wait.settled = true
    if (!signal.aborted) platform.wake(jobsReconciler, job.key)
  }
  environment.then(settle, settle)
  return 'building'
}
