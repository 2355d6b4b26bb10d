import { basename, join } from 'node:path'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { resolve, type Location } from '../resolve.ts'
import { fetchTo } from '../transfer.ts'
import { listDataFiles } from './files/list.ts'
import type { Preparation } from './files/prepare.ts'
import { filesSource } from './reading/files-source.ts'
import type { TableReferences, TableSource } from './tables.ts'

/**
 * Follows a reference to data, makes it local, and finds out what it is: one file, a folder of files of one format, or
 * an MLTable. Reads no more than it must to tell. What has to be fetched, unpacked or recoded lies below the folder,
 * which the caller removes.
 */
export async function openSource(
  platform: Platform,
  workspaceId: string,
  reference: TableReferences[string],
  preparation: Preparation,
): Promise<TableSource & { readonly version?: Resource }> {
  const { location, asset } = await resolve(platform, workspaceId, reference)
  const { path } = await fetchTo(platform, location, join(preparation.folder, 'fetched'), preparation.signal)
  const { files, notes } = await listDataFiles(path, nameOf(location))
  const source = await filesSource(files, preparation, notes)
  return asset === undefined ? source : { ...source, version: asset }
}

const nameOf = (location: Location): string =>
  basename(location.kind === 'url' ? decodeURIComponent(new URL(location.url).pathname) : location.path)
