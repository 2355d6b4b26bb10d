import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Artifacts, BlobInfo } from '../../../artifacts/artifacts.ts'
import { containerOf } from '../../../data/containers.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { parseArmId } from '../../../kernel/resources/arm-id.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { rolledPath } from '../events.ts'
import { groundTruth, labelsPath } from '../labels/labels.ts'
import { placesOf } from '../places.ts'
import type { Window } from './window.ts'

/** Where a collection's files lie in the store, in folders by time. */
export interface Lies {
  readonly container: string
  readonly path: string
}

/** Where what is collected of a deployment lies, by collection; its endpoint's labels among them. */
export async function collectionsOf(
  platform: Platform,
  deployment: Resource,
): Promise<ReadonlyMap<string, Lies>> {
  const { names } = parseArmId(deployment.id)
  const workspace = await platform.resources.get(deployment.scope)
  const places: Readonly<Record<string, Lies>> = await placesOf(platform, deployment, deployment.properties)
  const labels = { container: containerOf(workspace, 'blobstore'), path: labelsPath(names[1] ?? '') }
  return new Map([...Object.entries(places), [groundTruth, labels]])
}

/**
 * The files of a collection in folders by time that `isWanted`, the latest folder first. It is asked of every folder
 * (`2026`, `2026/01`, … as the collection is rolled) before that is looked into, so that listing costs what is wanted and
 * not what was ever collected.
 */
export async function* latestFolders(
  artifacts: Artifacts,
  { container, path }: Lies,
  isWanted: (folder: string) => boolean,
): AsyncGenerator<readonly BlobInfo[]> {
  const below = path === '' ? '' : `${path}/`
  const folders: string[] = []
  const blobs: BlobInfo[] = []
  for (let after: string | undefined; ;) {
    const page = await artifacts.list(container, below, {
      delimiter: '/',
      ...(after === undefined ? {} : { after }),
    })
    folders.push(...page.prefixes.map((prefix) => prefix.slice(below.length, -1)))
    blobs.push(...page.blobs)
    if (page.next === undefined) break
    after = page.next
  }
  if (blobs.length > 0) yield blobs
  for (const folder of folders.toReversed())
    if (isWanted(folder))
      yield* latestFolders(artifacts, { container, path: `${below}${folder}` }, (deeper) =>
        isWanted(`${folder}/${deeper}`),
      )
}

/** Whether a folder by time, however deep, may have something from one moment on, or up to another. */
export const mayHaveSince = (folder: string, moment: Date): boolean => folder >= folderOf(moment, folder)
export const mayHaveUntil = (folder: string, moment: Date): boolean => folder <= folderOf(moment, folder)

const folderOf = (moment: Date, like: string) => rolledPath(moment, 'Minute').slice(0, like.length)

/**
 * The files of each collection that may have something of the window, as they lie in the store: by their digests one
 * knows whether something has come since. A label may come long after its request: all since then are among them.
 */
export async function collectedFiles(
  platform: Platform,
  deployment: Resource,
  { from, to }: Window,
): Promise<ReadonlyMap<string, readonly BlobInfo[]>> {
  const files = new Map<string, readonly BlobInfo[]>()
  for (const [name, place] of await collectionsOf(platform, deployment)) {
    const isWanted = (folder: string) =>
      mayHaveSince(folder, from) && (name === groundTruth || mayHaveUntil(folder, to))
    const blobs: BlobInfo[] = []
    for await (const found of latestFolders(platform.artifacts, place, isWanted)) blobs.push(...found)
    files.set(
      name,
      blobs.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    )
  }
  return files
}

/** Lays files of a collection out below a folder, to be read only; answers their paths. */
export async function layOut(
  artifacts: Artifacts,
  blobs: readonly BlobInfo[],
  folder: string,
): Promise<readonly string[]> {
  const paths: string[] = []
  for (const [i, blob] of blobs.entries()) {
    const own = join(folder, String(i))
    await artifacts.checkout(blob, own, { onlyRead: true })
    paths.push(join(own, blob.path.split('/').at(-1) ?? ''))
  }
  return paths
}

/** Gives `work` a folder of its own for what is laid out; what a killed server leaves goes when the next one starts. */
export async function inFolder<T>(platform: Platform, work: (folder: string) => Promise<T>): Promise<T> {
  const above = join(platform.config.home, 'analytics')
  await mkdir(above, { recursive: true })
  const folder = await mkdtemp(join(above, 'collected-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
