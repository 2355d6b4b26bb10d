import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Platform } from '../../kernel/platform.ts'

const root = (platform: Platform) => join(platform.config.home, 'cache', 'transfers')

/** An empty folder for the files of one transfer, with a folder `files` in it, as long as `use` takes. */
export async function withWorkFolder<T>(
  platform: Platform,
  transfer: { readonly key: string },
  use: (folder: string) => Promise<T>,
): Promise<T> {
  // Names are as long as a folder's may be, and are the same in many workspaces.
  const folder = join(root(platform), createHash('sha256').update(transfer.key).digest('hex').slice(0, 32))
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'files'), { recursive: true })
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Removes what a server that was killed has left. To be called before anything is moved. */
export const tidyTransfers = (platform: Platform): Promise<void> =>
  rm(root(platform), { recursive: true, force: true })
