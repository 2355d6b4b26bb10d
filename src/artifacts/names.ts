import { relative, sep } from 'node:path'
import { UnsafeName, type BlobName } from './artifacts.ts'

/** Azure Blob's own limit. */
const longestPath = 1024

/**
 * Throws `UnsafeName` unless container and path can be names: not empty, no NUL, well-formed Unicode, no `.` or `..`
 * segment, at most 1,024 characters; a container has no slash.
 */
export function checkName({ container, path }: BlobName): void {
  if (container === '' || !isText(container) || container.includes('/'))
    throw new UnsafeName(`${JSON.stringify(container)} cannot be a container's name.`)
  if (path === '' || path.length > longestPath || !isText(path))
    throw new UnsafeName(
      `A blob's name has 1 to ${longestPath} characters and no NUL; this one has ${path.length}.`,
    )
  if (path.split('/').some((segment) => segment === '..' || segment === '.'))
    throw new UnsafeName(`${JSON.stringify(path)} has a segment . or .., which no blob's name may have.`)
}

const isText = (text: string) => !text.includes('\0') && text.isWellFormed()

/**
 * The first text, in the byte order of UTF-8, that is after everything that starts with `prefix`; undefined if there
 * is none (`prefix` is empty or made of the last code point only).
 */
export function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix)
  while (points.length > 0) {
    const last = points.pop()?.codePointAt(0) ?? 0
    if (last === 0x10ffff) continue
    const next = last === 0xd7ff ? 0xe000 : last + 1
    return points.join('') + String.fromCodePoint(next)
  }
  return undefined
}

/** The first text after `path` itself; names have no NUL, so that U+0001 is the smallest that may follow. */
export const justAfter = (path: string) => `${path}\u0001`

/** True if `path` is `root` or lies below it; both absolute, with links already resolved. */
export function isWithin(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith(`..${sep}`)
}
