import { containerOf } from '../../data/containers.ts'
import { blobsAt } from '../../data/facts/integrity.ts'
import { datastoreUri } from '../../data/locations.ts'
import { namesOf, resolve } from '../../data/resolve.ts'
import { openLocally } from '../../data/transfer.ts'
import type { Actor } from '../../kernel/access/access.ts'
import { childId, keyOf, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import { contentDigest } from '../../training/data.ts'
import { findVersion } from '../../training/references.ts'

/** Who brings something into which workspace. */
export interface Bringing {
  readonly platform: Platform
  readonly actor: Actor
  readonly workspaceId: string
}

/** Under this name is what came along with a model from another workspace. */
const container = 'released-code'

/**
 * The code that a reference in workspace `from` means, as a version that jobs of the workspace can use: itself, if it is
 * the workspace's or a registry's, else a copy, one for the same content however often it is asked for. Throws a
 * validation error for code that is not there, forbidden if the actor may not read it.
 */
export async function bringCode(
  { platform, actor, workspaceId }: Bringing,
  from: string,
  reference: string,
): Promise<string> {
  const at = { platform, workspace: from, target: 'code' }
  const code = await findVersion(reference, { ...at, collection: 'codes', noun: 'code' })
  if (scopeId(code.id) === undefined || keyOf(from) === keyOf(workspaceId)) return code.id
  await platform.access.require(actor, `Microsoft.MachineLearningServices/${code.type}/read`, code.id)
  const workspace = await platform.resources.get(workspaceId)
  const { location } = await resolve(platform, from, code.id, { assetType: 'codes' })
  const digest = await contentDigest(platform, location)
  const version = (digest ?? code.name).slice(0, 32)
  const id = childId(workspaceId, 'codes', container, 'versions', version)
  const there = await platform.resources.find(id)
  if (there !== undefined) return there.id
  const to = { container: containerOf(workspace, 'blobstore'), path: `LocalUpload/${container}/${version}` }
  if (location.kind === 'blob')
    for (const blob of (await blobsAt(platform, location)).blobs)
      await platform.artifacts.copy(blob, {
        ...to,
        path: `${to.path}/${blob.below === '' ? (blob.path.split('/').at(-1) ?? '') : blob.below}`,
      })
  else {
    const opened = await openLocally(platform, location)
    try {
      await platform.artifacts.storeFolder(opened.path, to)
    } finally {
      await opened.release()
    }
  }
  const codeUri = datastoreUri('workspaceblobstore', to.path, namesOf(workspace))
  const description = `Brought along from ${code.id}.`
  const { resource } = await platform.resources.put(actor, id, { properties: { codeUri, description } })
  return resource.id
}
