import { buffer } from 'node:stream/consumers'
import type { Artifacts, BlobInfo, BlobName } from '../artifacts.ts'

/** Gives empty artifacts that go by this clock. */
export type Open = (clock?: () => Date) => Promise<Artifacts>

/** What the blob of this path is. */
export const text = async (
  artifacts: Artifacts,
  path: string,
  range?: { start: number; end?: number },
): Promise<string> => (await buffer(await artifacts.read(at(path), range))).toString()

export const at = (path: string): BlobName => ({ container: 'c', path })

export const put = (artifacts: Artifacts, path: string, body = path): Promise<BlobInfo> =>
  artifacts.put(at(path), Buffer.from(body))
