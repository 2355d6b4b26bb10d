import { realpath, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { isWithin } from '../../artifacts/names.ts'
import { errors } from '../../kernel/errors.ts'

/**
 * Throws validation unless the path is an absolute one of a folder that is here, with its links followed, below one
 * of the roots that the administrator has opened.
 */
export async function checkLocalFolder(path: string, roots: readonly string[]): Promise<void> {
  const refuse = (why: string) =>
    errors.validation(`'${path}' cannot be a datastore: ${why}.`, { target: 'properties.path' })
  if (!isAbsolute(path)) throw refuse('expected an absolute path of a folder on the server')
  if (roots.length === 0)
    throw refuse(
      'no folder is open to datastores; the administrator opens some with TWINLOOP_DATA_ROOTS=/folder:/another',
    )
  if (!(await isBelowRoots(path, roots))) throw refuse(`it does not lie below ${roots.join(' or ')}`)
  if (!(await stat(path)).isDirectory()) throw refuse('it is not a folder')
}

/** True for what exists and lies, with its links followed, below one of the roots. */
export async function isBelowRoots(path: string, roots: readonly string[]): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined)
  if (real === undefined) return false
  for (const root of roots) {
    const realRoot = await realpath(root).catch(() => undefined)
    if (realRoot !== undefined && isWithin(realRoot, real)) return true
  }
  return false
}

/**
 * The absolute path of `path` in a datastore's folder, checked again at each use: neither `..` nor a link leads out of
 * it, and the folder itself is still open. What does not exist is taken as it would be made. Throws forbidden.
 */
export async function localPath(folder: string, path: string, roots: readonly string[]): Promise<string> {
  const refuse = (why: string) => errors.forbidden(`'${path}' in ${folder} cannot be used: ${why}.`)
  if (!(await isBelowRoots(folder, roots)))
    throw refuse('the folder is not open to datastores any more (TWINLOOP_DATA_ROOTS)')
  const real = await realpath(folder)
  const whole = join(real, path)
  if (!isWithin(real, whole)) throw refuse('it leads outside')
  const segments = whole
    .slice(real.length)
    .split('/')
    .filter((segment) => segment !== '')
  let at = real
  for (const segment of segments) {
    const next = await realpath(join(at, segment)).catch(() => undefined)
    if (next === undefined) return whole
    if (!isWithin(real, next)) throw refuse('a link leads outside')
    at = next
  }
  return at
}
