import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ownerOfContainer } from '../../data/containers.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Sample } from '../../kernel/telemetry/series.ts'
import { containerSizes } from '../../store/blob-index.ts'

/**
 * Bytes of each part of a home (its folders, and all files beside them as `store`), counted without following links. It
 * reads every folder below, so it is for every few minutes; files that go meanwhile are not counted.
 */
export async function measureStorage(home: string, signal: AbortSignal): Promise<readonly Sample[]> {
  const parts = new Map<string, number>()
  for (const entry of await entriesOf(home)) {
    const path = join(home, entry.name)
    const part = entry.isDirectory() ? entry.name : 'store'
    const bytes = entry.isDirectory() ? await bytesBelow(path, signal) : await bytesOf(path)
    parts.set(part, (parts.get(part) ?? 0) + bytes)
  }
  return [...parts].map(([part, value]) => ({
    kind: 'gauge',
    name: 'twinloop_storage_usage_bytes',
    labels: { part },
    value,
  }))
}

async function bytesBelow(folder: string, signal: AbortSignal): Promise<number> {
  let bytes = 0
  const folders = [folder]
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    signal.throwIfAborted()
    for (const entry of await entriesOf(next)) {
      const path = join(next, entry.name)
      if (entry.isDirectory()) folders.push(path)
      else if (entry.isFile()) bytes += await bytesOf(path)
    }
  }
  return bytes
}

const entriesOf = (folder: string): Promise<Dirent[]> =>
  readdir(folder, { withFileTypes: true }).catch((): Dirent[] => [])

/** What the file takes on the disk, which of a sparse one is less than its length. */
const bytesOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ blocks, size }) => (blocks === 0 ? Math.min(size, 512) : blocks * 512),
    () => 0,
  )

/**
 * Bytes and names of what each workspace and each registry stores in containers of its own (`blobstore`: data, code and
 * outputs; `artifacts`: what runs leave). Bytes that several names mean are kept once and count for each.
 */
export async function measureContainers(platform: Platform): Promise<readonly Sample[]> {
  const sizes = await containerSizes(platform.store.db)
  const owners = await Promise.all(sizes.map(({ container }) => ownerOfContainer(platform, container)))
  return sizes.flatMap(({ container, bytes, count }, i): readonly Sample[] => {
    const owner = owners[i]
    if (owner === undefined) return []
    const labels = { container: container.split('-').at(-1) ?? '' }
    const scope = owner.key
    return [
      { kind: 'gauge', name: 'twinloop_container_usage_bytes', scope, labels, value: bytes },
      { kind: 'gauge', name: 'twinloop_container_blobs', scope, labels, value: count },
    ]
  })
}
