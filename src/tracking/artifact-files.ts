import type { Artifacts } from '../artifacts/artifacts.ts'

/** What lies directly in a folder. */
export interface FolderEntry {
  /** Without the folder. */
  readonly name: string
  readonly isFolder: boolean
  readonly size: number
}

/** Files and folders directly below a path of a container, by name; none if there is no such folder. */
export async function listFiles(
  artifacts: Artifacts,
  container: string,
  folder: string,
): Promise<readonly FolderEntry[]> {
  const prefix = folder === '' ? '' : `${folder}/`
  const entries: FolderEntry[] = []
  let after: string | undefined
  do {
    const page = await artifacts.list(container, prefix, {
      delimiter: '/',
      ...(after === undefined ? {} : { after }),
    })
    for (const found of page.prefixes)
      entries.push({ name: found.slice(prefix.length).replace(/\/$/, ''), isFolder: true, size: 0 })
    for (const blob of page.blobs)
      entries.push({ name: blob.path.slice(prefix.length), isFolder: false, size: blob.size })
    after = page.next
  } while (after !== undefined)
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}
