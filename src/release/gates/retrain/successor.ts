import { parentId, scopeId } from '../../../kernel/resources/arm-id.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { copyVersion } from '../../../registry/shared/copy.ts'
import { registerOutput } from '../../../training/execution/register.ts'
import { labelOf } from '../../releases/state.ts'
import { startRelease } from '../../starts/start.ts'
import type { GateContext } from '../gate.ts'
import type { Trained } from './training.ts'

/**
 * Registers a retrained model as a version of its own, where its training has not, and starts its release. However often
 * it is asked for, it is one version and one release. Answers what both are called.
 */
export async function succeed(
  trained: Trained,
  context: GateContext,
): Promise<{ readonly version: string; readonly release: string }> {
  const { platform, actor, release, candidate } = context
  const registered = trained.version ?? (await register(trained, context))
  const plan = parentId(release.id)
  const home = scopeId(plan) ?? ''
  const there =
    scopeId(registered.id)?.toLowerCase() === home.toLowerCase()
      ? registered
      : await copyVersion({ platform, actor, workspace: await platform.resources.get(home) }, registered)
  const { release: next } = await startRelease(platform, actor, plan, {
    version: there.name,
    reason: `${candidate.name}:${candidate.version}, retrained by ${release.label}`,
    trigger: `the retraining of ${candidate.name}:${candidate.version} by ${release.label}`,
  })
  return { version: `${candidate.name}:${there.name}`, release: labelOf(next) }
}

async function register(
  { job, output, type, uri }: Exclude<Trained, { readonly version: Resource }>,
  { platform, candidate }: GateContext,
): Promise<Resource> {
  const wanted = { type, mode: 'rw_mount', assetName: candidate.name } as const
  const id = await registerOutput(job, output, wanted, uri, platform)
  return platform.resources.get(id ?? '')
}
