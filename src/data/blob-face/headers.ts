import type { BlobInfo, PutOptions } from '../../artifacts/artifacts.ts'
import { blobErrors } from './blob-error.ts'

export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** The headers that describe a blob, in Azure Blob's words. A part has the whole's digest under another name. */
export function blobHeaders(blob: BlobInfo, range?: ByteRange): Record<string, string> {
  const modified = blob.modifiedAt.toUTCString()
  return {
    'content-type': blob.contentType,
    'content-length': String(range === undefined ? blob.size : range.end - range.start + 1),
    ...(range === undefined ? {} : { 'content-range': `bytes ${range.start}-${range.end}/${blob.size}` }),
    ...(blob.md5 === '' ? {} : { [range === undefined ? 'content-md5' : 'x-ms-blob-content-md5']: blob.md5 }),
    'accept-ranges': 'bytes',
    etag: `"${blob.etag}"`,
    'last-modified': modified,
    'x-ms-creation-time': modified,
    'x-ms-blob-type': 'BlockBlob',
    'x-ms-lease-status': 'unlocked',
    'x-ms-lease-state': 'available',
    'x-ms-server-encrypted': 'false',
    ...metadataHeaders(blob.metadata),
  }
}

const metadataPrefix = 'x-ms-meta-'
const metadataName = /^[a-z_][a-z0-9_]*$/i

/** What a header cannot hold is percent-encoded: metadata may also come from inside, where it is any text. */
const metadataHeaders = (metadata: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(metadata)
      .filter(([name]) => metadataName.test(name))
      .map(([name, value]) => [
        `${metadataPrefix}${name}`,
        /^[\x20-\x7e]*$/.test(value) ? value : encodeURIComponent(value),
      ]),
  )

/** `x-ms-meta-*` of a request. Throws InvalidMetadata for names that are no identifiers. */
export function metadataOf(headers: Headers): Record<string, string> {
  const metadata: Record<string, string> = {}
  for (const [header, value] of headers) {
    if (!header.startsWith(metadataPrefix)) continue
    const name = header.slice(metadataPrefix.length)
    if (!metadataName.test(name))
      throw blobErrors.InvalidMetadata(`'${name}' is not a name for metadata: expected an identifier.`)
    metadata[name] = value
  }
  return metadata
}

/** What a request that makes a blob says about it. */
export function putOptions(headers: Headers, md5Header: 'content-md5' | 'x-ms-blob-content-md5'): PutOptions {
  const md5 = headers.get('x-ms-blob-content-md5') ?? headers.get(md5Header)
  const contentType = headers.get('x-ms-blob-content-type') ?? headers.get('content-type')
  const ifNoneMatch = headers.get('if-none-match')
  for (const name of ['if-match', 'if-modified-since', 'if-unmodified-since', 'x-ms-if-tags'])
    if (headers.has(name))
      throw blobErrors.UnsupportedHeader(`${name} is not possible on a write here; if-none-match: * is.`)
  if (ifNoneMatch !== null && ifNoneMatch !== '*')
    throw blobErrors.UnsupportedHeader('if-none-match can only be * on a write.')
  return {
    metadata: metadataOf(headers),
    ...(contentType === null ? {} : { contentType }),
    ...(md5 === null ? {} : { md5 }),
    ...(ifNoneMatch === null ? {} : { ifNoneMatch: '*' }),
  }
}

/**
 * The range that a request asks for (`x-ms-range` before `Range`), cut to the blob; undefined for the whole. A range
 * that is malformed or in another unit is ignored, as RFC 9110 has it. Throws InvalidRange if it lies beyond the end.
 */
export function rangeOf(headers: Headers, size: number): ByteRange | undefined {
  const asked = /^bytes=(\d*)-(\d*)$/.exec((headers.get('x-ms-range') ?? headers.get('range') ?? '').trim())
  const [, first = '', last = ''] = asked ?? []
  if (asked === null || (first === '' && last === '')) return undefined
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (first !== '' && last !== '' && Number(last) < start) return undefined
  if (start >= size)
    throw blobErrors.InvalidRange(`The blob has ${size} bytes; the range begins at ${start}.`)
  return { start, end }
}

/** Conditions of a read (RFC 9110 section 13): whether to answer 304. Throws ConditionNotMet where it is 412. */
export function isNotModified(headers: Headers, { etag, modifiedAt }: BlobInfo): boolean {
  const names = (header: string) => {
    const value = headers.get(header)
    if (value === null) return undefined
    const tags = value.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''))
    return tags.includes('*') || tags.includes(etag)
  }
  const modifiedAfter = (header: string) => {
    const since = Date.parse(headers.get(header) ?? '')
    // HTTP's dates have whole seconds.
    return Number.isNaN(since) ? undefined : Math.floor(modifiedAt.getTime() / 1000) * 1000 > since
  }
  const matches = names('if-match')
  if (matches === false || (matches === undefined && modifiedAfter('if-unmodified-since') === true))
    throw blobErrors.ConditionNotMet('The blob is not the one that the condition asks for.')
  return names('if-none-match') ?? modifiedAfter('if-modified-since') === false
}
