import type { BlobInfo } from '../../artifacts/artifacts.ts'
import type { Platform } from '../../kernel/platform.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { isOwnContainer, ownerOfContainer } from '../containers.ts'
import { uploadMs } from '../pending-upload.ts'

const everyMs = 3_600_000

/** Bytes live at least a day after their last name went: a client may be about to give them another. */
export const graceMs = 24 * 3_600_000

interface Sweeping {
  readonly timer: NodeJS.Timeout
  running: Promise<void>
}

const sweepings = new WeakMap<Platform, Sweeping>()

/**
 * Removes the containers of workspaces and registries that were deleted, and bytes that nothing means any more. Their
 * names carry a GUID of the workspace's own, so that a new one of an old name never sees what the old one left.
 */
export async function sweep(platform: Platform): Promise<{ readonly files: number; readonly bytes: number }> {
  for (const container of await platform.artifacts.containers()) {
    if (!isOwnContainer(container)) continue
    const owner = await ownerOfContainer(platform, container)
    if (owner?.type === 'registries') await sweepRegistry(platform, owner, container)
    if (owner !== undefined) continue
    const blobs = await platform.artifacts.removeContainer(container)
    platform.log.info('container of a deleted workspace or registry removed', { container, blobs })
  }
  return platform.artifacts.sweep(graceMs)
}

/**
 * Removes the names of what no version of a registry has (any more): files of deleted and of refused versions, and
 * uploads whose signature has run out.
 */
export async function sweepRegistry(
  platform: Platform,
  registry: Resource,
  container: string,
  now = platform.clock(),
): Promise<void> {
  const isOld = ({ modifiedAt }: BlobInfo) => now.getTime() - modifiedAt.getTime() > uploadMs + graceMs
  const used = new Map<string, Promise<boolean>>()
  const isUsed = ({ path }: BlobInfo) => {
    const [type = '', name = '', version = '', sha256 = ''] = path.split('/')
    if (type === 'LocalUpload') return Promise.resolve(false)
    const of = `${type}/${name}/${version}/${sha256}`
    const id = childId(registry.id, type, name, 'versions', version)
    const found = used.get(of) ?? isAt(platform, id, sha256)
    used.set(of, found)
    return found
  }
  for (let after: string | undefined; ;) {
    const page = await platform.artifacts.list(container, '', after === undefined ? {} : { after })
    for (const blob of page.blobs)
      if (isOld(blob) && !(await isUsed(blob))) await platform.artifacts.remove(blob)
    if (page.next === undefined) return
    after = page.next
  }
}

/** True if there is that version and its files are at the place with this hash. */
async function isAt({ resources }: Platform, version: string, sha256: string): Promise<boolean> {
  const found = await resources.find(version)
  return found !== undefined && JSON.stringify(found.properties).includes(`/${sha256}/`)
}

/** Sweeps now and then, until `stopSweeping`. */
export function startSweeping(platform: Platform): void {
  const trySweep = async () => {
    try {
      const swept = await sweep(platform)
      if (swept.files > 0) platform.log.info('artifacts swept', swept)
    } catch (error) {
      platform.log.error('artifacts could not be swept', { error })
    }
  }
  const timer = setInterval(() => {
    const sweeping = sweepings.get(platform)
    if (sweeping !== undefined) sweeping.running = sweeping.running.then(trySweep)
  }, everyMs)
  timer.unref()
  sweepings.set(platform, { timer, running: Promise.resolve() })
}

/** Starts no more sweeps and waits for one that runs. */
export async function stopSweeping(platform: Platform): Promise<void> {
  const sweeping = sweepings.get(platform)
  sweepings.delete(platform)
  clearInterval(sweeping?.timer)
  await sweeping?.running
}
