import { childId, scopeId } from '../../../kernel/resources/arm-id.ts'
import { publish } from '../../../registry/shared/publish.ts'
import { registryNamed } from '../../../data/own-workspace.ts'
import { aliasesOf } from '../../../registry/aliases.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { championAlias } from '../champion.ts'
import { changeRelease } from '../change.ts'
import type { Release } from '../release.ts'
import { stageWorkspace } from '../stage-workspace.ts'
import type { Stepped } from './context.ts'
import { endRelease } from './end.ts'

/** All stages have succeeded: the version is published, and reigns. */
export async function finish(platform: Platform, release: Release): Promise<Stepped> {
  const { plan, candidate, published, champion } = release.status
  if (plan.registry !== undefined && published === undefined) {
    const id = await publishCandidate(platform, release, plan.registry)
    await changeRelease(platform, release.key, () => ({
      state: { published: id },
      happened: [
        {
          who: 'Twinloop release',
          what: `published ${candidate.name}:${candidate.version} in registry ${plan.registry}`,
        },
      ],
    }))
    return
  }
  await crown(platform, release, candidate.version)
  await endRelease(platform, release, {
    state: 'succeeded',
    reason: `${candidate.name}:${candidate.version} is the champion${champion === undefined || champion.version === candidate.version ? '' : ` after ${champion.name}:${champion.version}`}.`,
    data: { champion: candidate.version, former: champion?.version },
  })
}

async function publishCandidate(platform: Platform, release: Release, name: string): Promise<string> {
  const { candidate, owner } = release.status
  const registry = await registryNamed(platform, name)
  const source = await platform.resources.get(candidate.id)
  const published = await publish({ platform, actor: owner, registry }, source, {
    type: 'models',
    name: candidate.name,
    version: candidate.version,
  })
  return published.id
}

/** The alias `champion` means a version from now on, in the plan's workspace and in those of its stages. */
export async function crown(platform: Platform, release: Release, version: string): Promise<void> {
  const { plan, candidate, owner } = release.status
  const workspaces = new Map([[scopeId(release.id)?.toLowerCase(), scopeId(release.id) ?? '']])
  for (const stage of plan.stages) {
    const { id, key } = await stageWorkspace(platform, release, stage.name)
    workspaces.set(key, id)
  }
  for (const workspace of workspaces.values()) {
    const model = await platform.resources.find(childId(workspace, 'models', candidate.name))
    const isThere =
      model !== undefined &&
      (await platform.resources.find(childId(model.id, 'versions', version))) !== undefined
    if (isThere && aliasesOf(model)[championAlias] !== version)
      await platform.resources.act(owner, model.id, 'setAlias', { alias: championAlias, version })
  }
}
