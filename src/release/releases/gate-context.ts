import { createHash } from 'node:crypto'
import { scopeId, childId } from '../../kernel/resources/arm-id.ts'
import { UserError } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import type { GateContext } from '../gates/gate.ts'
import { inBackground } from '../../kernel/work/background.ts'
import { changeRelease } from './change.ts'
import { keepEvidence } from './evidence/keep.ts'
import { modelAt } from './model-copies.ts'
import type { GateRecord, Release } from './release.ts'
import { releasesReconciler } from './reconcilers.ts'
import { stageWorkspace } from './stage-workspace.ts'
import { labelOf, withGate } from './state.ts'
import type { Step } from './steps/context.ts'

/** Under which name the background work of an attempt is known. */
export const workPrefix = (release: Release, stage: string, { name, attempt }: GateRecord): string =>
  `${release.id}#${stage}/${name}/${attempt}/`

/** Job property by which the end of a job finds the release that waits for it. */
export const releaseProperty = 'twinloop.release'

/** What a gate looks at and may do, for one step of an attempt. */
export async function gateContext(step: Step, gate: GateRecord): Promise<GateContext> {
  const { platform, signal, release, plan, record } = step
  const { candidate, champion, owner } = release.status
  const workspace = await stageWorkspace(platform, release, record.name)
  const prefix = workPrefix(release, record.name, gate)
  return {
    platform,
    signal,
    release: { id: release.id, label: labelOf(release) },
    stage: record.name,
    workspaceId: workspace.id,
    candidate: await modelAt(platform, candidate.id, workspace),
    champion: champion === undefined ? undefined : await modelAt(platform, champion.id, workspace),
    endpoint:
      plan.deliver?.online ??
      release.status.plan.stages.find(({ deliver }) => deliver?.online !== undefined)?.deliver?.online,
    actor: owner,
    state: gate.working ?? {},
    seed: seedOf(release, record.name, gate),
    job: (name, properties) => jobOf(step, gate, name, properties),
    inBackground: (name, work) =>
      inBackground(platform, `${prefix}${name}`, work, () => platform.wake(releasesReconciler, release.key)),
    keep: (file, content) =>
      keepEvidence(
        platform,
        release,
        { stage: record.name, gate: gate.name, attempt: gate.attempt },
        file,
        content,
      ),
  }
}

/** The same for every attempt of a gate for this version, so that a retry is no second draw. */
const seedOf = ({ status: { candidate } }: Release, stage: string, { name }: GateRecord): number =>
  createHash('sha256')
    .update([candidate.name, candidate.version, stage, name].join('\0').toLowerCase())
    .digest()
    .readUInt32BE(0)

/** The job of an attempt: written down before it is made, so that whoever cancels the release finds it. */
async function jobOf(
  { platform, release, record }: Step,
  gate: GateRecord,
  name: string,
  properties: () => Promise<Json>,
): ReturnType<GateContext['job']> {
  const workspace = await stageWorkspace(platform, release, record.name)
  const id = childId(workspace.id, 'jobs', jobName(release, record.name, gate, name))
  const found = await platform.resources.find(id)
  if (found !== undefined) return found
  const given = await properties()
  await changeRelease(platform, release.key, ({ status }) => ({
    state: withGate(status, record.name, gate.name, (was) => ({ ...was, jobs: { ...was.jobs, [name]: id } })),
  }))
  const own = (given['properties'] ?? {}) as Json
  const body = {
    properties: {
      experimentName: `release-${planName(release)}`,
      displayName: `${labelOf(release)} ${gate.name} ${name}`,
      ...given,
      properties: { ...own, [releaseProperty]: release.id },
    },
  }
  try {
    return (await platform.resources.put(release.status.owner, id, body, { ifNoneMatch: '*' })).resource
  } catch (error) {
    // Another server was quicker.
    if (!(error instanceof UserError) || error.kind.status !== 412) throw error
    return platform.resources.get(id)
  }
}

const planName = ({ id }: Release) => id.split('/').at(-3) ?? ''

/** The same for the same attempt, and different for any other: told apart by a hash where names grow long. */
function jobName(release: Release, stage: string, { name, attempt }: GateRecord, job: string): string {
  const parts = [
    'release',
    planName(release),
    release.name,
    stage,
    name,
    ...(attempt === 1 ? [] : [attempt]),
    job,
  ]
  const whole = parts.join('-').replaceAll(/[^\w-]/g, '_')
  const digest = createHash('sha256')
    .update(`${scopeId(release.id)}/${parts.join('/')}`.toLowerCase())
    .digest('hex')
    .slice(0, 8)
  return `${whole.slice(0, 120)}-${digest}`
}
