import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errors, UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { resolve, type Location } from '../resolve.ts'
import { parseMltable } from '../tables/mltable/parse.ts'
import { kindAt } from '../transfer.ts'

/** Nobody writes a longer one by hand. */
const longestMltable = 1024 * 1024

/**
 * Throws validation, with line and column, for a table whose `MLTable` file is there and is not right, or whose files
 * are there without one. What lies elsewhere, or is not there yet, is looked at when it is read.
 */
export async function checkMltable(
  platform: Platform,
  workspaceId: string,
  uri: string,
  target: string,
): Promise<void> {
  const { location } = await resolve(platform, workspaceId, uri)
  if (location.kind !== 'blob' && location.kind !== 'local') return
  const text = await readMltable(platform, location)
  if (text !== undefined) {
    parseAt(text, target)
    return
  }
  const kind = await kindAt(platform, location)
  if (kind === undefined) return
  throw errors.validation(
    kind === 'file'
      ? `'${uri}' is a file; an mltable is a folder with a file called MLTable.`
      : `The folder '${uri}' has no file called MLTable, which says how its files are read.`,
    { target },
  )
}

async function readMltable(
  platform: Platform,
  location: Extract<Location, { kind: 'blob' | 'local' }>,
): Promise<string | undefined> {
  if (location.kind === 'local')
    return readFile(join(location.path, 'MLTable'), 'utf8').catch(() => undefined)
  const name = { container: location.container, path: `${location.path}/MLTable` }
  const blob = await platform.artifacts.head(name)
  if (blob === undefined) return undefined
  if (blob.size > longestMltable) throw errors.validation(`Its MLTable is ${blob.size} bytes: that is data.`)
  const chunks: Uint8Array[] = []
  for await (const chunk of await platform.artifacts.read(name)) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks).toString('utf8')
}

function parseAt(text: string, target: string): void {
  try {
    parseMltable(text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(error.kind, error.message, { target, details: error.details, cause: error })
  }
}
