import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import type { OpenConnection } from '../../../../admin/connections.ts'
import { errors } from '../../../../kernel/errors.ts'
import type { Platform } from '../../../../kernel/platform.ts'
import { isBelowRoots } from '../../../datastores/local-folder.ts'
import { resolve } from '../../../resolve.ts'
import { openLocally } from '../../../transfer.ts'
import type { SqliteFile } from './session.ts'

/**
 * The file of a connection's database: at an absolute path below a folder that the administrator has opened, where other
 * programs may go on writing to it, or behind a reference (`azureml://datastores/…`), of which a copy is read. Throws
 * badRequest for anything else. To be released when it has been read.
 */
export async function openFile(
  { name, target }: OpenConnection,
  { platform, scope }: { readonly platform: Platform; readonly scope: string },
): Promise<SqliteFile & { release(): Promise<void> }> {
  const wrong = (why: string) =>
    errors.badRequest(
      `The target of connection '${name}' is no SQLite database: ${why}. Expected the absolute path of its file on the server, ` +
        'below one of the folders of TWINLOOP_DATA_ROOTS, or a reference such as azureml://datastores/{name}/paths/{file}.',
    )
  const path = target.replace(/^(?:sqlite:|file:)(?:\/\/)?(?=\/)/i, '')
  if (isAbsolute(path)) {
    const { dataRoots } = platform.config
    if (!(await isBelowRoots(path, dataRoots)))
      throw wrong(`'${path}' does not lie below a folder that is open, or does not exist`)
    if (!(await stat(path)).isFile()) throw wrong(`'${path}' is not a file`)
    return { path, isCopy: false, release: async () => {} }
  }
  if (!/^azureml:/i.test(target)) throw wrong(target === '' ? 'it has none' : `'${target}' is neither`)
  const { location } = await resolve(platform, scope, target)
  const opened = await openLocally(platform, location)
  if (opened.kind === 'file')
    return { path: opened.path, isCopy: location.kind !== 'local', release: () => opened.release() }
  await opened.release()
  throw wrong(`'${target}' is a folder`)
}
