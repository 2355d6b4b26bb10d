import type { BlobName } from '../../artifacts/artifacts.ts'
import { isOwnContainer } from '../containers.ts'
import { blobErrors } from './blob-error.ts'

/** The one storage account there is; Azure's emulator calls it so, too. */
export const account = 'devstoreaccount1'

/** What a URL of the blob face points at; `path` is '' for a container, and both are for the account. */
export interface Address extends BlobName {
  readonly query: URLSearchParams
}

const accountSegment = new RegExp(`^${account}(?:\\.(?:blob|dfs)\\..+)?$`, 'i')

/**
 * Reads `/devstoreaccount1/{container}/{path}`, `/devstoreaccount1.blob.{suffix}/{container}/{path}` (what Azure's
 * clients make of an account name `host:port/devstoreaccount1`) and `/{container}/{path}` for containers of ours
 * (some of them lose the account). Undefined if the URL is none of these. Throws InvalidUri for bad percent-encoding.
 */
export function parseAddress(url: string): Address | undefined {
  const { pathname, searchParams } = new URL(url)
  const [first = '', ...rest] = pathname.slice(1).split('/')
  const named = accountSegment.test(first)
  if (!named && !isOwnContainer(first)) return undefined
  const [container = '', ...path] = named ? rest : [first, ...rest]
  try {
    return {
      container: decodeURIComponent(container),
      path: decodeURIComponent(path.join('/')),
      query: searchParams,
    }
  } catch {
    throw blobErrors.InvalidUri('The path is not valid percent-encoding.')
  }
}

/** The URL of a blob (or, with an empty path, of a container) on a server: `{base}/devstoreaccount1/{container}/{path}`. */
export function blobUrl(base: string, { container, path }: BlobName): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  return `${base}/${account}/${encodeURIComponent(container)}${path === '' ? '' : `/${encoded}`}`
}
