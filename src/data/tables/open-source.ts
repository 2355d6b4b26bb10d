import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { resolve, type Location } from '../resolve.ts'
import { fileNameOf } from '../stores/web/https-file.ts'
import { filesBelow, openLocally, type OpenedData } from '../transfer.ts'
import { dataFiles, type LocalData } from './files/list.ts'
import type { Preparation } from './files/prepare.ts'
import { mltableSource } from './mltable/source.ts'
import { filesSource } from './reading/files-source.ts'
import type { TableReferences, TableSource } from './tables.ts'

/** What opening needs to know, and what is to be done when all is read. */
export interface Opening extends Preparation {
  readonly platform: Platform
  readonly workspaceId: string
  readonly releases: (() => Promise<void>)[]
}

/**
 * Follows a reference to data, makes it local, and finds out what it is: one file, a folder of files of one format, or
 * an MLTable. Reads no more than it must to tell. Whoever calls removes the opening's folder and calls its releases.
 */
export async function openSource(
  reference: TableReferences[string],
  opening: Opening,
): Promise<TableSource & { readonly version?: Resource }> {
  const { location, asset } = await resolve(opening.platform, opening.workspaceId, reference)
  const data = await opened(location, opening)
  const source = await sourceOf(data, location, asset, opening)
  return asset === undefined ? source : { ...source, version: asset }
}

async function sourceOf(
  data: OpenedData,
  location: Location,
  asset: Resource | undefined,
  opening: Opening,
): Promise<TableSource> {
  const isTable = data.files.some(({ path }) => path === `${data.path}/MLTable`)
  if (isTable)
    return mltableSource(data, {
      ...opening,
      open: async (path) => {
        const { location: other } = await resolve(opening.platform, opening.workspaceId, path)
        return { data: await opened(other, opening), shown: nameOf(other) }
      },
    })
  if (asset?.properties['dataType'] === 'mltable')
    throw errors.badRequest(
      `'${asset.id}' is an mltable, but its folder has no file MLTable${data.kind === 'file' ? ' (it is a file)' : ''}.`,
    )
  const { files, notes } = dataFiles(data, nameOf(location))
  return filesSource(files, opening, notes)
}

/**
 * The same of a local path that the user calls `shown`, where there is no server to ask: an MLTable must have its files
 * beside it.
 */
export async function localSource(
  path: string,
  shown: string,
  preparation: Preparation,
): Promise<TableSource> {
  const found = await stat(path)
  const data: LocalData = found.isDirectory()
    ? { path, kind: 'folder', files: await filesBelow(path) }
    : { path, kind: 'file', files: [{ path, bytes: found.size }] }
  const open = () => {
    throw errors.badRequest(
      `The MLTable of '${shown}' names files elsewhere; here only those beside it can be read. Import it first: twinloop data import.`,
    )
  }
  if (data.files.some((file) => file.path === `${path}/MLTable`))
    return mltableSource(data, { ...preparation, open })
  const { files, notes } = dataFiles(data, data.kind === 'file' ? basename(path) : shown)
  return filesSource(files, preparation, notes)
}

async function opened(location: Location, { platform, signal, releases }: Opening): Promise<OpenedData> {
  const data = await openLocally(platform, location, signal)
  releases.push(() => data.release())
  return data
}

function nameOf(location: Location): string {
  if ('path' in location) return basename(location.path)
  return 'url' in location ? fileNameOf(location.url) : 'data'
}
