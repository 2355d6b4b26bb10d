import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { workspaceNamed } from '../plan/workspaces.ts'
import type { Release } from './release.ts'
import { currentStage } from './state.ts'

/** The workspace that a stage of a release is in; default the stage that it is in. Throws notFound if it has gone. */
export function stageWorkspace(
  platform: Platform,
  release: Release,
  stage: string | undefined = currentStage(release.status)?.record.name,
): Promise<Resource> {
  const planned = release.status.plan.stages.find(({ name }) => name === stage)
  return workspaceNamed(platform, scopeId(release.id) ?? '', planned?.workspace)
}
