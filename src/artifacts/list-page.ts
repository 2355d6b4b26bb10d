import type { BlobIndex, BlobInfo, BlobPage, ListOptions } from './artifacts.ts'
import { afterPrefix, justAfter } from './names.ts'

/** Azure's page. */
const defaultLimit = 5000

/**
 * One page of a listing. What shares a rolled-up prefix is skipped in the index by one look-up, not read, so that
 * listing a folder costs what the folder shows and not what lies below it.
 */
export async function listPage(
  index: BlobIndex,
  container: string,
  prefix: string,
  { delimiter, after, limit = defaultLimit }: ListOptions,
): Promise<BlobPage> {
  const rollUp = (path: string) => {
    if (delimiter === undefined || !path.startsWith(prefix)) return undefined
    const at = path.indexOf(delimiter, prefix.length)
    return at < 0 ? undefined : path.slice(0, at + delimiter.length)
  }
  const blobs: BlobInfo[] = []
  const prefixes: string[] = []
  const full = () => blobs.length + prefixes.length >= limit
  let last = after ?? ''
  for (;;) {
    const passed = rollUp(last)
    const from = passed === undefined ? (last === '' ? '' : justAfter(last)) : afterPrefix(passed)
    if (from === undefined) return { blobs, prefixes }
    const wanted = limit - blobs.length - prefixes.length + 1
    const found = await index.list(container, prefix, from, wanted)
    for (const blob of found) {
      if (full()) return { blobs, prefixes, next: last }
      const rolled = rollUp(blob.path)
      last = rolled ?? blob.path
      if (rolled === undefined) blobs.push(blob)
      else prefixes.push(rolled)
      // What follows in this batch may lie below the same prefix: look again from behind it.
      if (rolled !== undefined) break
    }
    const rolledUp = found.length > 0 && rollUp(last) !== undefined
    if (found.length < wanted && !rolledUp) return { blobs, prefixes }
  }
}
